import { describe, expect, it } from 'vitest'
import type { JwksSecret, PublicJwk } from '../../../lib/schemas/key-secrets.ts'
import {
  firstKeyRing,
  newKey,
  PUBLICATION_LEAD_SECONDS,
  stillVerifies,
  withOrphansRetired,
  withoutRevoked,
  withPublished,
  withRetired,
} from '../../../lib/signing-keys/key-ring.ts'
import { secret } from '../../support/canary.ts'
import { NOW, NOW_SECONDS, newRing } from '../signed-token/fakes.ts'

/** 300 s of age and 900 s stale in the slowest cache, 3600 s of the longest token, twice 5 s of tolerance: literal. */
const RETIREMENT_SECONDS = 300 + 900 + 3600 + 10

const LATER = new Date(NOW.getTime() + 60_000)
const kids = ({ keys }: { keys: readonly { kid: string }[] }) => keys.map(({ kid }) => kid)
const published = (kid: string, changes: Partial<PublicJwk> = {}): PublicJwk => ({
  ...{ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
  ...{ kid, publishedAt: NOW_SECONDS, ...changes },
})
const jwksOf = (...keys: readonly PublicJwk[]): JwksSecret => ({ keys: [...keys] })

describe('lib/signing-keys/key-ring: a key', () => {
  it('has an id that no other has, and the state that was asked for', async () => {
    const [one, two] = [await newKey('active'), await newKey('next')]
    for (const { kid, d } of [one, two]) secret(`private key ${kid}`, d)
    expect([one.state, two.state]).toEqual(['active', 'next'])
    expect(one.kid).not.toBe(two.kid)
    expect(one.kid).toMatch(/^[\w-]{43}$/)
  })

  it('is public for as long as any cache may be old before it signs', () => {
    expect(PUBLICATION_LEAD_SECONDS).toBe(300 + 900 + 10 + 300)
  })

  it('verifies until its end, by the clock', () => {
    const key = { verifyUntil: NOW_SECONDS }
    expect(stillVerifies(key, new Date(NOW.getTime() - 1))).toBe(true)
    expect(stillVerifies(key, NOW)).toBe(false)
    expect(stillVerifies({}, NOW)).toBe(true)
  })
})

describe('lib/signing-keys/key-ring: publishing', () => {
  it('makes the public halves of a first ring, and nothing private', async () => {
    const { signingKey, jwks } = await firstKeyRing(NOW)
    for (const { kid, d } of signingKey.keys) secret(`private key ${kid}`, d)
    expect(kids(jwks)).toEqual(kids(signingKey))
    for (const key of jwks.keys) {
      expect(Object.keys(key).sort()).toEqual(['crv', 'kid', 'kty', 'publishedAt', 'x', 'y'])
      expect(key.publishedAt).toBe(NOW_SECONDS)
    }
  })

  it('adds what is missing, and leaves what is there as it is', async () => {
    const { signingKey, jwks } = await newRing()
    const [first] = jwks.keys
    const before = jwksOf(...(first === undefined ? [] : [first]), published('old'))
    const after = withPublished(before, signingKey, LATER)
    expect(after.keys.slice(0, 2)).toEqual(before.keys)
    expect(after.keys.slice(2).map(({ kid, publishedAt }) => ({ kid, publishedAt }))).toEqual([
      { kid: kids(signingKey)[1], publishedAt: LATER.getTime() / 1000 },
    ])
    expect(withPublished(jwks, signingKey, LATER)).toEqual(jwks)
  })

  it('takes revoked keys out, whatever their age', () => {
    const jwks = jwksOf(published('a'), published('b', { verifyUntil: NOW_SECONDS + 1 }), published('c'))
    expect(kids(withoutRevoked(jwks, new Set(['b', 'c'])))).toEqual(['a'])
  })
})

describe('lib/signing-keys/key-ring: retiring', () => {
  it('ends a key that has left the ring once its last token is dead', async () => {
    const { signingKey, jwks } = await newRing()
    const after = withRetired(jwksOf(...jwks.keys, published('old')), signingKey, NOW)
    expect(after.keys.slice(0, 2)).toEqual(jwks.keys)
    expect(after.keys[2]).toEqual(published('old', { verifyUntil: NOW_SECONDS + RETIREMENT_SECONDS }))
  })

  it('does not move the end of a key that is retired, and drops it then', async () => {
    const { signingKey } = await newRing()
    const old = published('old', { verifyUntil: NOW_SECONDS + 60 })
    expect(withRetired(jwksOf(old), signingKey, NOW).keys).toEqual([old])
    expect(withRetired(jwksOf(old), signingKey, LATER).keys).toEqual([])
  })

  it('takes a key that is in force again out of retirement', async () => {
    const { signingKey, jwks } = await newRing()
    const retired = jwksOf(...jwks.keys.map((key) => ({ ...key, verifyUntil: NOW_SECONDS + 60 })))
    expect(withRetired(retired, signingKey, NOW)).toEqual(jwks)
  })

  it('ends keys that no ring holds, and none that one of several holds', async () => {
    const [current, pending] = [await newRing(), await newRing()]
    const jwks = jwksOf(...current.jwks.keys, ...pending.jwks.keys, published('given-up'))
    const after = withOrphansRetired(jwks, [current.signingKey, pending.signingKey], NOW)
    expect(after.keys.slice(0, 4)).toEqual(jwks.keys.slice(0, 4))
    expect(after.keys[4]?.verifyUntil).toBe(NOW_SECONDS + RETIREMENT_SECONDS)
  })
})
