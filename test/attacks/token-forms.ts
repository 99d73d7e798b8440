/** Tokens whose text is not the one form: other serialisations, other alphabets, other lengths, and the tokens of refusals.ts. */

import { randomBytes } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { base64url, header } from '../support/mint.ts'
import { goodToken, REFUSALS } from '../support/refusals.ts'
import { type Attack, asTokens, type TokenLine, withBody } from './attack.ts'
import type { AttackWorld } from './world.ts'

const THEME = 'token forms'

const good = ({ tokens }: AttackWorld): string => goodToken(tokens)
const segments = (world: AttackWorld): { head: string; payload: string; signature: string } => {
  const [head = '', payload = '', signature = ''] = good(world).split('.')
  return { head, payload, signature }
}

/** A good token with one of its two letters outside plain base64 in the signature: nearly every one has one. */
const withUrlLetter = (world: AttackWorld): string => {
  for (;;) {
    const token = good(world)
    if (/[-_]/.test(token.slice(token.lastIndexOf('.')))) return token
  }
}

const encrypted = (head: Parameters<CompactEncrypt['setProtectedHeader']>[0]) => (world: AttackWorld) =>
  new CompactEncrypt(Buffer.from(good(world))).setProtectedHeader(head).encrypt(randomBytes(32))

/** Five parts whose header asks for work: nobody may begin with it. */
const jweOf = (head: object): string => [head, 'key', 'iv', 'text', 'tag'].map(base64url).join('.')

const JWE: readonly TokenLine[] = [
  ['a JWE (dir) around a good token', 'TOKEN_MALFORMED', encrypted({ alg: 'dir', enc: 'A256GCM' })],
  ['a JWE (dir) with cty JWT', 'TOKEN_MALFORMED', encrypted({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })],
  [
    'a JWE (PBES2) with p2c of two thousand million',
    'TOKEN_MALFORMED',
    () => jweOf({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2_147_483_647, p2s: 'c2FsdHNhbHQ' }),
  ],
  ['a JWE with zip', 'TOKEN_MALFORMED', () => jweOf({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })],
  ['a JWE behind our header', 'TOKEN_MALFORMED', (world) => `${segments(world).head}.a2V5.aXY.dGV4dA.dGFn`],
]

const SERIALISATIONS: readonly TokenLine[] = [
  [
    'JSON serialisation, flattened, as text',
    'TOKEN_MALFORMED',
    (world) => {
      const { head, payload, signature } = segments(world)
      return JSON.stringify({ protected: head, payload, signature })
    },
  ],
  [
    'JSON serialisation, flattened, as an object',
    'BODY_INVALID',
    (world) => {
      const { head, payload, signature } = segments(world)
      return { protected: head, payload, signature }
    },
  ],
  [
    'JSON serialisation, general, as an object',
    'BODY_INVALID',
    (world) => {
      const { head, payload, signature } = segments(world)
      return { payload, signatures: [{ protected: head, signature }] }
    },
  ],
  ['the token in a list', 'BODY_INVALID', (world) => [good(world)]],
  ['an object with toString', 'BODY_INVALID', (world) => ({ toString: good(world) })],
  [
    'a detached payload (RFC 7515, appendix F)',
    'TOKEN_MALFORMED',
    (world) => `${segments(world).head}..${segments(world).signature}`,
  ],
  [
    'an unencoded payload (RFC 7797)',
    'TOKEN_MALFORMED',
    (world) => {
      const { head, payload, signature } = segments(world)
      return `${head}.${Buffer.from(payload, 'base64url')}.${signature}`
    },
  ],
  ['the token as base64 of itself', 'TOKEN_MALFORMED', (world) => base64url(good(world))],
  ['the token URL-encoded', 'TOKEN_MALFORMED', (world) => good(world).replaceAll('.', '%2E')],
  ['"Bearer " in front', 'TOKEN_MALFORMED', (world) => `Bearer ${good(world)}`],
  ['quotes around', 'TOKEN_MALFORMED', (world) => `"${good(world)}"`],
  ['two tokens by a comma', 'TOKEN_MALFORMED', (world) => `${good(world)},${good(world)}`],
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
    [`${name} in front`, 'TOKEN_MALFORMED', (world) => letter + good(world)],
    [`${name} within the claims`, 'TOKEN_MALFORMED', (world) => good(world).replace('.', `.${letter}`)],
    [`${name} at the end`, 'TOKEN_MALFORMED', (world) => good(world) + letter],
  ]),
  ...['\u2024', '\uff0e', '\u3002', '\u06d4', '\u00b7', '\ufe52', '..', ':', ' . '].map(
    (dot): TokenLine => [
      `another dot: ${JSON.stringify(dot)}`,
      'TOKEN_MALFORMED',
      (world) => good(world).replaceAll('.', dot),
    ],
  ),
  [
    'full-width letters',
    'TOKEN_MALFORMED',
    (world) => good(world).replace('e', String.fromCodePoint(0xff45)),
  ],
  [
    'the alphabet of base64',
    'TOKEN_MALFORMED',
    (world) => withUrlLetter(world).replaceAll('-', '+').replaceAll('_', '/'),
  ],
  [
    'letters of the header in the other case',
    'TOKEN_HEADER_UNKNOWN',
    (world) => good(world).replace(/^.{20}/, swapped),
  ],
  ['a group of one letter more', 'TOKEN_MALFORMED', (world) => `${good(world)}AAA`],
]

const swapped = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))

const LENGTHS: readonly TokenLine[] = [
  ...['.', '..', '...', 'a', 'a.b', 'a.b.c', '{}.{}.{}', '....'].map(
    (text): TokenLine => [`nothing but ${text}`, 'TOKEN_MALFORMED', () => text],
  ),
  ['4,097 characters', 'TOKEN_TOO_LARGE', (world) => good(world).padEnd(4097, 'A')],
  ['4,096 dots', 'TOKEN_MALFORMED', () => '.'.repeat(4096)],
  ['15,000 dots', 'TOKEN_TOO_LARGE', () => '.'.repeat(15_000)],
  [
    'a header of 3 KiB',
    'TOKEN_HEADER_UNKNOWN',
    (world) => {
      const { payload, signature } = segments(world)
      return `${base64url(header(world.tokens.kid, { pad: 'A'.repeat(2200) }))}.${payload}.${signature}`
    },
  ],
  [
    'a signature of 3 KiB',
    'TOKEN_MALFORMED',
    (world) => `${segments(world).head}.${segments(world).payload}.${'A'.repeat(3000)}`,
  ],
  ['a token of 1 MB', 'BODY_TOO_LARGE', (world) => good(world).padEnd(1_000_000, 'A')],
  ['a token of 5 MB', 'BODY_TOO_LARGE', (world) => good(world).padEnd(5_000_000, 'A')],
]

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
  ...asTokens(THEME, [...JWE, ...SERIALISATIONS, ...LETTERS, ...LENGTHS]),
]
