import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lengthPrefixed } from '../../../lib/schemas/length-prefixed.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import { secondsLeft, type TokenSubject, tokenKey } from '../../../lib/token-cache/service-token.ts'
import { VENDORS } from '../../../lib/vendors/registry.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })

/** What a key is made of, so that two of these look alike as often as possible; and anything else. */
const hostile = fc.string({
  unit: fc.constantFrom('1', '2', '3', ':', '"', ',', 'a', 'é', '😀'),
  maxLength: 8,
})
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 20 }))

const subject = (changes: Partial<TokenSubject> = {}): TokenSubject => ({
  system: 'cec',
  tenantSpaceId: '202007159031',
  fingerprint: 'f1',
  variant: ['600'],
  overlap: 'tolerated',
  ...changes,
})
const anySubject = fc.record({
  system: fc.constantFrom(...VENDORS.map(({ system }) => system)),
  tenantSpaceId: anyText,
  fingerprint: anyText,
  variant: fc.array(anyText, { maxLength: 3 }),
  overlap: fc.constant('tolerated' as const),
})
const told = ({ system, tenantSpaceId, fingerprint, variant }: TokenSubject) =>
  JSON.stringify([system, tenantSpaceId, fingerprint, variant])

describe('lib/token-cache/service-token: lengthPrefixed', () => {
  it('gives no two lists of fields the same key, whatever characters they hold', () => {
    const anyFields = fc.array(anyText, { maxLength: 4 })
    fc.assert(
      fc.property(anyFields, anyFields, (one, other) => {
        expect(lengthPrefixed(...one) === lengthPrefixed(...other)).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps fields apart that would read the same side by side', () => {
    expect(lengthPrefixed('a', 'b')).toBe('1:a1:b')
    expect(lengthPrefixed('a1:b')).toBe('4:a1:b')
    expect(lengthPrefixed('ab', '')).not.toBe(lengthPrefixed('', 'ab'))
  })
})

describe('lib/token-cache/service-token: tokenKey', () => {
  it('gives no two subjects the same key, and one subject always the same', () => {
    fc.assert(
      fc.property(anySubject, anySubject, (one, other) => {
        expect(tokenKey(one, ring) === tokenKey(other, ring)).toBe(told(one) === told(other))
        expect(tokenKey({ ...one }, ring)).toBe(tokenKey(one, ring))
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, Partial<TokenSubject>]>([
    ['system', { system: 'oiap' }],
    ['tenant', { tenantSpaceId: '202007159032' }],
    ['fingerprint', { fingerprint: 'f2' }],
    ['variant', { variant: ['1200'] }],
    ['number of variants', { variant: ['600', ''] }],
  ])('is another for another %s', (_, changes) => {
    expect(tokenKey(subject(changes), ring)).not.toBe(tokenKey(subject(), ring))
  })

  it('is the same whether tokens overlap or not: the token is the same', () => {
    expect(tokenKey(subject({ overlap: 'kills' }), ring)).toBe(tokenKey(subject(), ring))
  })

  it('begins with the system and what it is, for policies to go by', () => {
    expect(tokenKey(subject(), ring)).toMatch(/^3:cec5:token12:202007159031/)
    expect(tokenKey(subject({ system: 'oiap' }), ring)).toMatch(/^4:oiap5:token12:202007159031/)
  })

  it('does not hold the fingerprint as it is', () => {
    const fingerprint = secret('fingerprint', newTokenStoreKey())
    expect(tokenKey(subject({ fingerprint }), ring)).not.toContain(fingerprint)
    expect(tokenKey(subject({ fingerprint }), { keyed: (as) => as })).toContain(fingerprint)
  })
})

describe('lib/token-cache/service-token: secondsLeft', () => {
  const token = { token: 'token', issuedAt: 1_000_000, expiresAt: 1_600_000 }
  it.each([
    ['at its beginning', 0, 600],
    ['in its middle, rounded down', 1_500, 598],
    ['a millisecond before its end', 599_999, 0],
    ['at its end', 600_000, 0],
    ['after its end', 700_000, 0],
    ['by a clock that was set back: never more than was issued', -60_000, 600],
  ])('tells what is left %s', (_, afterMs, seconds) => {
    expect(secondsLeft(token, new Date(token.issuedAt + afterMs))).toBe(seconds)
  })
})
