/** The caller key, smuggled, doubled, in another place or of somebody else, on every route that wants a caller. */

import { createHash } from 'node:crypto'
import type { RequestParts } from '../support/world.ts'
import { type Attack, type CodeOf, onEach, withHeaders } from './attack.ts'
import { KEYED } from './routes.ts'
import type { AttackWorld } from './world.ts'

const MALFORMED = 'CALLER_MALFORMED'

/** An Authorization header made of the good key; what is wrong with the header alone, presented.ts has. */
const HEADERS: readonly (readonly [attack: string, code: CodeOf, value: (key: string) => string])[] = [
  ['the key URL-encoded', MALFORMED, (key) => `Bearer ${key.replace('_', '%5F')}`],
  ['the prefix in upper case', MALFORMED, (key) => `Bearer ${key.replace('ctb', 'CTB')}`],
  ['full-width letters', MALFORMED, (key) => `Bearer ${key.replace('c', '\uff43')}`],
  ['one letter more', MALFORMED, (key) => `Bearer ${key}A`],
  ['one letter less', MALFORMED, (key) => `Bearer ${key.slice(0, -1)}`],
  ['1 MB', 'CALLER_TOO_LARGE', (key) => `Bearer ${key.padEnd(1_000_000, 'A')}`],
  ['the key of the local stage', MALFORMED, () => 'Bearer ctb_local-development-only'],
  ['SQL', MALFORMED, () => "Bearer ctb_' OR '1'='1"],
  ['a pattern', MALFORMED, () => 'Bearer ctb_*'],
  [
    'one letter changed',
    'CALLER_UNKNOWN',
    (key) => `Bearer ${key.slice(0, -5)}${key.at(-5) === 'A' ? 'B' : 'A'}${key.slice(-4)}`,
  ],
  ['an unused bit of base64url set', 'CALLER_UNKNOWN', (key) => `Bearer ${unusedBit(key)}`],
  [
    'the hash in place of the key',
    'CALLER_UNKNOWN',
    (key) => `Bearer ctb_${createHash('sha256').update(key).digest('base64url')}`,
  ],
  [
    'the hash in hex in place of the key',
    MALFORMED,
    (key) => `Bearer ${createHash('sha256').update(key).digest('hex')}`,
  ],
]

/** 32 bytes take 43 characters, the last of which carries four bits of data and two that are 0: the same bytes, another text. */
const unusedBit = (key: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return key.slice(0, -1) + alphabet[alphabet.indexOf(key.slice(-1)) + 1]
}

type Line = readonly [string, CodeOf, Attack['spoil']]

const of = (key: (world: AttackWorld) => string) => (good: RequestParts, world: AttackWorld) =>
  withHeaders(good, { authorization: `Bearer ${key(world)}` })

const KEYS: readonly Line[] = [
  ['a key that nobody has', 'CALLER_UNKNOWN', of(({ keys }) => keys.unknown)],
  ['an expired key', 'CALLER_EXPIRED', of(({ keys }) => keys.expired)],
  ['a key without scopes', 'SCOPE_MISSING', of(({ keys }) => keys.scopeless)],
]

/** Scopes are names, not ranks: all the others together do not make up for one. */
const scopes: readonly Attack[] = KEYED.flatMap((route) =>
  onEach(
    'callers',
    [route],
    [['a key with every scope but this one', 'SCOPE_MISSING', of(({ keys }) => keys[`not-${route}`])]],
  ),
)

const everywhere: readonly Attack[] = onEach('callers', KEYED, [
  ...HEADERS.map(
    ([attack, code, value]): Line => [
      attack,
      code,
      (good, { vendors }) => withHeaders(good, { authorization: value(vendors.callerKey) }),
    ],
  ),
  ...KEYS,
])

export const callers: readonly Attack[] = [...everywhere, ...scopes]
