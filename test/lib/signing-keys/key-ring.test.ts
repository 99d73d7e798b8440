import { describe, expect, it } from 'vitest'
import type { JwksSecret, PublicJwk } from '../../../lib/schemas/key-secrets.ts'
import {
  firstKeyRing,
  type KeyRing,
  newKey,
  PUBLICATION_LEAD_SECONDS,
  type Publication,
  publication,
  stillSigns,
  stillVerifies,
  withPublished,
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

  it('signs until its last token would outlive it', () => {
    const end = NOW_SECONDS + 3600 + 10
    expect([stillSigns(end + 1, NOW), stillSigns(end, NOW), stillSigns(undefined, NOW)]).toEqual([
      true,
      false,
      true,
    ])
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
})

describe('lib/signing-keys/key-ring: the publication', () => {
  const publishedKeys = ({ signingKey, jwks }: KeyRing, changes: Partial<Publication> = {}) =>
    publication({
      jwks,
      ring: signingKey,
      inForce: signingKey,
      ends: new Map(),
      now: NOW,
      ...changes,
    }).keys

  it('leaves what is right as it is', async () => {
    const ring = await newRing()
    expect(publishedKeys(ring, { now: LATER })).toEqual(ring.jwks.keys)
  })

  it('takes revoked keys out, whatever their age', async () => {
    const ring = await newRing()
    const jwks = jwksOf(...ring.jwks.keys, published('a'), published('b', { verifyUntil: NOW_SECONDS + 60 }))
    const ends = new Map([...kids(jwks).slice(1)].map((kid) => [kid, 0]))
    expect(kids({ keys: publishedKeys(ring, { jwks, ends }) })).toEqual(kids(jwks).slice(0, 1))
  })

  it('ends a key that has left the ring once its last token is dead, and no key in force', async () => {
    const ring = await newRing()
    const keys = publishedKeys(ring, { jwks: jwksOf(...ring.jwks.keys, published('old')) })
    expect(keys.slice(0, 2)).toEqual(ring.jwks.keys)
    expect(keys[2]).toEqual(published('old', { verifyUntil: NOW_SECONDS + RETIREMENT_SECONDS }))
  })

  it('does not move the end of a key that is retired, and drops it then', async () => {
    const ring = await newRing()
    const jwks = jwksOf(published('old', { verifyUntil: NOW_SECONDS + 60 }))
    expect(publishedKeys(ring, { jwks })[0]).toEqual(jwks.keys[0])
    expect(kids({ keys: publishedKeys(ring, { jwks, now: LATER }) })).toEqual(kids(ring.signingKey))
  })

  it('gives a key that comes back by a roll-back the end that the directory knows', async () => {
    const ring = await newRing()
    const jwks = jwksOf(...ring.jwks.keys, published('old'))
    const ends = new Map([['old', NOW_SECONDS + 60]])
    expect(publishedKeys(ring, { jwks, ends })[2]?.verifyUntil).toBe(NOW_SECONDS + 60)
    expect(publishedKeys(ring, { jwks, ends, now: LATER })).toHaveLength(2)
  })

  it('revives no key that is in force again, and lets the later of two ends count where only jwks has one', async () => {
    const ring = await newRing()
    const soon = NOW_SECONDS + 60
    const far = NOW_SECONDS + 9_000
    const retired = (verifyUntil: number) => jwksOf(...ring.jwks.keys.map((key) => ({ ...key, verifyUntil })))
    const ends = new Map(kids(ring.jwks).map((kid) => [kid, soon]))
    const endsOf = (changes: Partial<Publication>) =>
      publishedKeys(ring, changes).map(({ verifyUntil }) => verifyUntil)
    expect(endsOf({ jwks: retired(soon), ends })).toEqual([soon, soon])
    expect(endsOf({ jwks: retired(soon) })).toEqual(Array(2).fill(NOW_SECONDS + RETIREMENT_SECONDS))
    expect(endsOf({ jwks: retired(far) })).toEqual([far, far])
  })

  it('retires no key of the ring in force while another is made, nor of that one', async () => {
    const [current, pending] = [await newRing(), await newRing()]
    const jwks = jwksOf(...current.jwks.keys, ...pending.jwks.keys, published('given-up'))
    const keys = publishedKeys(pending, { jwks, inForce: current.signingKey })
    expect(keys.slice(0, 4)).toEqual(jwks.keys.slice(0, 4))
    expect(keys[4]?.verifyUntil).toBe(NOW_SECONDS + RETIREMENT_SECONDS)
  })

  it('takes a moment of publication that is still to come for now', async () => {
    const ring = await newRing()
    const jwks = jwksOf(...ring.jwks.keys.map((key) => ({ ...key, publishedAt: NOW_SECONDS + 86_400 })))
    expect(publishedKeys(ring, { jwks })).toEqual(ring.jwks.keys)
  })
})
