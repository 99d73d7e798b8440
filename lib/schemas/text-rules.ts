/** What text that people name things with may hold: one table of patterns, as data, so that a document can print them. */

/**
 * Sources of regular expressions with flag `u`. Each is searched for once from left to right, without backtracking.
 * `where`: what each text holds that breaks the rule by its pattern. It spares work and changes no answer: a pattern of many scripts takes
 * milliseconds to be put together.
 */
export type TextRule =
  | { readonly refused: string; readonly says: string; readonly where?: string }
  | { readonly required: string; readonly says: string; readonly where?: never }

const JOINERS = String.raw`[\u200c\u200d]`

/** Scripts whose letters join as Arabic's do. ZWNJ between two of them is spelling: Persian plurals, for example. */
const JOINING = [
  'Adlm',
  'Arab',
  'Chrs',
  'Mand',
  'Mani',
  'Mong',
  'Nkoo',
  'Ougr',
  'Phag',
  'Phlp',
  'Rohg',
  'Sogd',
  'Syrc',
]
/** Scripts in which ZWJ also stands before a virama: Bengali ya-phalaa, Kannada and Telugu ra, touching Sinhala letters. */
const INDIC = ['Beng', 'Deva', 'Gujr', 'Guru', 'Knda', 'Mlym', 'Orya', 'Sinh', 'Taml', 'Telu']

const letterOf = (scripts: readonly string[]): string =>
  String.raw`(?=\p{L})[${scripts.map((script) => String.raw`\p{scx=${script}}`).join('')}]`

/** Unicode 16: canonical combining class 9, for which regular expressions have no name. */
const VIRAMA = `[${[
  String.raw`\u{94d}\u{9cd}\u{a4d}\u{acd}\u{b4d}\u{bcd}\u{c4d}\u{ccd}\u{d3b}\u{d3c}\u{d4d}\u{dca}\u{e3a}\u{eba}\u{f84}`,
  String.raw`\u{1039}\u{103a}\u{1714}\u{1715}\u{1734}\u{17d2}\u{1a60}\u{1b44}\u{1baa}\u{1bab}\u{1bf2}\u{1bf3}\u{2d7f}`,
  String.raw`\u{a806}\u{a82c}\u{a8c4}\u{a953}\u{a9c0}\u{aaf6}\u{abed}\u{10a3f}\u{11046}\u{11070}\u{1107f}\u{110b9}`,
  String.raw`\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{113ce}-\u{113d0}\u{11442}\u{114c2}\u{115bf}`,
  String.raw`\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}`,
  String.raw`\u{11d44}\u{11d45}\u{11d97}\u{11f41}\u{11f42}\u{1612f}`,
].join('')}]`
/** More marks on one letter than any script writes. */
const MARKS = String.raw`\p{M}{0,4}`

/** RFC 5892, appendix A.1 and A.2, in spirit: real names are spelt a little more freely than domain names. */
const SPELT_WITH_A_JOINER = [
  String.raw`${letterOf(JOINING)}${MARKS}[\u200c\u200d](?=${MARKS}${letterOf(JOINING)})`,
  String.raw`\p{L}${MARKS}${VIRAMA}[\u200c\u200d]`,
  String.raw`${letterOf(INDIC)}${MARKS}\u200d(?=${VIRAMA}\p{L})`,
  // Sorani writes its vowel e as heh with ZWNJ, Persian an initial as heh with ZWJ: also where a word ends.
  String.raw`[\u0647\u06be]${MARKS}[\u200c\u200d](?=$|[^\p{L}\p{M}\u200c\u200d])`,
]

/** Interlinear, object, Egyptian, Khitan and musical characters that draw nothing, though Unicode does not list them as ignorable. */
const SHOWN_AS_NOTHING = String.raw`[\ufff9-\ufffc\u{13430}-\u{13442}\u{16fe4}\u{1d159}]`

/** Names and ids alike. The first that a text breaks is what the sender is told. */
export const TEXT_RULES: readonly TextRule[] = [
  { refused: String.raw`\p{Cs}`, says: 'expected whole characters' },
  { refused: String.raw`[\p{Cc}\u2028\u2029]`, says: 'expected no control characters' },
  // They can make a text read as another one.
  { refused: String.raw`\p{Bidi_Control}`, says: 'expected no direction characters' },
  // What a client writes that reads another charset than it was sent.
  {
    refused: String.raw`[\ufffd\p{Noncharacter_Code_Point}]`,
    says: 'expected no U+FFFD and no noncharacters',
  },
  {
    refused: String.raw`(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}|${SHOWN_AS_NOTHING}`,
    says: 'expected no invisible characters',
  },
  {
    where: JOINERS,
    refused: `${JOINERS}${SPELT_WITH_A_JOINER.map((spelling) => `(?<!${spelling})`).join('')}`,
    says: 'expected joiners only where a script is spelt with them',
  },
  // U+2800 is Braille's blank. Unassigned and private characters count as visible.
  {
    required: String.raw`[^\p{Z}\p{M}\u2800\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]`,
    says: 'expected a visible character',
  },
  { refused: String.raw`^[\p{Z}\u2800]|[\p{Z}\u2800]$`, says: 'expected no blank at either end' },
]
