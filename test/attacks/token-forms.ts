/** Tokens whose text is not the one form: other serialisations, other alphabets, other lengths, and the tokens of refusals.ts. */

import { randomBytes } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { base64url } from '../support/mint.ts'
import { REFUSALS } from '../support/refusals.ts'
import { type Attack, withBody } from './attack.ts'
import { asTokens, type Forge, type TokenLine } from './kinds.ts'

const THEME = 'token forms'

const good = (forge: Forge): string => forge.good()
const segments = (forge: Forge): { head: string; payload: string; signature: string } => {
  const [head = '', payload = '', signature = ''] = good(forge).split('.')
  return { head, payload, signature }
}

/** A good token with one of its two letters outside plain base64 in the signature: nearly every one has one. */
const withUrlLetter = (forge: Forge): string => {
  for (;;) {
    const token = good(forge)
    if (/[-_]/.test(token.slice(token.lastIndexOf('.')))) return token
  }
}

const encrypted = (head: Parameters<CompactEncrypt['setProtectedHeader']>[0]) => (forge: Forge) =>
  new CompactEncrypt(Buffer.from(good(forge))).setProtectedHeader(head).encrypt(randomBytes(32))

/** Five parts whose header asks for work: nobody may begin with it. */
const jweOf = (head: object): string => [head, 'key', 'iv', 'text', 'tag'].map(base64url).join('.')

const JWE: readonly TokenLine[] = [
  ['a JWE (dir) around a good token', 'FORM', encrypted({ alg: 'dir', enc: 'A256GCM' })],
  ['a JWE (dir) with cty JWT', 'FORM', encrypted({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })],
  [
    'a JWE (PBES2) with p2c of two thousand million',
    'FORM',
    () => jweOf({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2_147_483_647, p2s: 'c2FsdHNhbHQ' }),
  ],
  ['a JWE with zip', 'FORM', () => jweOf({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })],
  ['a JWE behind our header', 'FORM', (forge) => `${segments(forge).head}.a2V5.aXY.dGV4dA.dGFn`],
]

const SERIALISATIONS: readonly TokenLine[] = [
  [
    'JSON serialisation, flattened, as text',
    'FORM',
    (forge) => {
      const { head, payload, signature } = segments(forge)
      return JSON.stringify({ protected: head, payload, signature })
    },
  ],
  [
    'JSON serialisation, flattened, as an object',
    { enterprise: 'BODY_INVALID', agent: 'BODY_INVALID' },
    (forge) => {
      const { head, payload, signature } = segments(forge)
      return { protected: head, payload, signature }
    },
  ],
  [
    'JSON serialisation, general, as an object',
    { enterprise: 'BODY_INVALID', agent: 'BODY_INVALID' },
    (forge) => {
      const { head, payload, signature } = segments(forge)
      return { payload, signatures: [{ protected: head, signature }] }
    },
  ],
  ['the token in a list', { enterprise: 'BODY_INVALID', agent: 'BODY_INVALID' }, (forge) => [good(forge)]],
  [
    'an object with toString',
    { enterprise: 'BODY_INVALID', agent: 'BODY_INVALID' },
    (forge) => ({ toString: good(forge) }),
  ],
  [
    'a detached payload (RFC 7515, appendix F)',
    'FORM',
    (forge) => `${segments(forge).head}..${segments(forge).signature}`,
  ],
  [
    'an unencoded payload (RFC 7797)',
    'FORM',
    (forge) => {
      const { head, payload, signature } = segments(forge)
      return `${head}.${Buffer.from(payload, 'base64url')}.${signature}`
    },
  ],
  ['the token as base64 of itself', 'FORM', (forge) => base64url(good(forge))],
  ['the token URL-encoded', 'FORM', (forge) => good(forge).replaceAll('.', '%2E')],
  ['"Bearer " in front', 'FORM', (forge) => `Bearer ${good(forge)}`],
  ['quotes around', 'FORM', (forge) => `"${good(forge)}"`],
  ['two tokens by a comma', 'FORM', (forge) => `${good(forge)},${good(forge)}`],
]

/** What other decoders skip or take for something else, put where it does least harm to the token. */
const ODD_LETTERS: readonly (readonly [name: string, letter: string])[] = [
  ['a tab', '\t'],
  ['CR LF', '\r\n'],
  ['a vertical tab', '\v'],
  ['NUL', '\0'],
  ['a no-break blank', '\u00a0'],
  ['a zero-width blank', '\u200b'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['half a surrogate pair', '\ud800'],
  ['an equals sign', '='],
  ['an exclamation mark', '!'],
]

const LETTERS: readonly TokenLine[] = [
  ...ODD_LETTERS.flatMap(([name, letter]): TokenLine[] => [
    [`${name} in front`, 'FORM', (forge) => letter + good(forge)],
    [`${name} within the claims`, 'FORM', (forge) => good(forge).replace('.', `.${letter}`)],
    [`${name} at the end`, 'FORM', (forge) => good(forge) + letter],
  ]),
  ...['\u2024', '\uff0e', '\u3002', '\u06d4', '\u00b7', '\ufe52', '..', ':', ' . '].map(
    (dot): TokenLine => [
      `another dot: ${JSON.stringify(dot)}`,
      'FORM',
      (forge) => good(forge).replaceAll('.', dot),
    ],
  ),
  ['full-width letters', 'FORM', (forge) => good(forge).replace('e', String.fromCodePoint(0xff45))],
  [
    'the alphabet of base64',
    'FORM',
    (forge) => withUrlLetter(forge).replaceAll('-', '+').replaceAll('_', '/'),
  ],
  [
    'letters of the header in the other case',
    { enterprise: 'HEADER_UNKNOWN', access: 'HEADER_UNKNOWN', oidc: 'HEADER_INVALID' },
    (forge) => good(forge).replace(/^.{20}/, swapped),
  ],
  ['a group of one letter more', 'FORM', (forge) => `${good(forge)}AAA`],
]

const swapped = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))

/** The spoilt tokens and questions that also run against the running server. */
const known: readonly Attack[] = REFUSALS.map(({ fault, code, body }) => ({
  theme: 'refusals.ts',
  attack: fault,
  route: 'validate',
  code,
  spoil: (good, { tokens }) => withBody(good, body(tokens)),
}))

export const tokenForms: readonly Attack[] = [
  ...known,
  ...asTokens(THEME, [...JWE, ...SERIALISATIONS, ...LETTERS]),
]
