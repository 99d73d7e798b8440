import { beforeAll, describe, expect, it } from 'vitest'
import type { StandingOptions } from '../../../lib/signing-keys/standing.ts'
import { type RingHistory, successorOf } from '../../../lib/signing-keys/successor.ts'
import { NOW, NOW_SECONDS, newRing } from '../signed-token/fakes.ts'

const LEAD_SECONDS = 1510
const SOON = new Date(NOW.getTime() + (LEAD_SECONDS - 1) * 1000)
const RIPE = new Date(NOW.getTime() + LEAD_SECONDS * 1000)

let ring: RingHistory
let active: string
let next: string
beforeAll(async () => {
  ring = { ...(await newRing()), former: { keys: [] }, isEmptied: false }
  ;[active = '', next = ''] = ring.signingKey.keys.map(({ kid }) => kid)
})

/** Who signs after the rotation, by the names that the keys had before. */
const succession = async (options: Partial<StandingOptions>, of: RingHistory = ring) => {
  const { keys } = await successorOf(of, { now: RIPE, ends: new Map(), ...options })
  const nameOf = (kid: string) => ({ [active]: 'active', [next]: 'next' })[kid] ?? 'new'
  return Object.fromEntries(keys.map(({ kid, state }) => [state, nameOf(kid)]))
}
const revoked = (...kids: readonly string[]) => new Map(kids.map((kid) => [kid, 0]))
const withPublished = (change: (kid: string) => object | undefined): RingHistory => ({
  ...ring,
  jwks: {
    keys: ring.jwks.keys.flatMap((key) => {
      const changed = change(key.kid)
      return changed === undefined ? [] : [{ ...key, ...changed }]
    }),
  },
})
const nextUnpublished = () => withPublished((kid) => (kid === next ? undefined : {}))
const nextOfAnotherHalf = () => withPublished((kid) => (kid === next ? { x: 'A'.repeat(43) } : {}))
const withRetired = (kid: string): RingHistory => {
  const [key] = ring.jwks.keys
  const more = key === undefined ? [] : [{ ...key, kid, verifyUntil: NOW_SECONDS + 9_000 }]
  return { ...ring, jwks: { keys: [...ring.jwks.keys, ...more] } }
}
const nextRetired = () => withPublished((kid) => (kid === next ? { verifyUntil: NOW_SECONDS + 9_000 } : {}))

describe('lib/signing-keys/successor', () => {
  it('makes both keys where there is none', async () => {
    expect(
      await succession(
        {},
        { signingKey: { keys: [] }, jwks: { keys: [] }, former: undefined, isEmptied: false },
      ),
    ).toEqual({
      active: 'new',
      next: 'new',
    })
  })

  it('promotes next once it has been public for long enough, and no second earlier', async () => {
    await expect(succession({ now: SOON })).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(await succession({ now: RIPE })).toEqual({ active: 'next', next: 'new' })
  })

  it('can be told another lead', async () => {
    expect(await succession({ now: NOW, leadSeconds: 0 })).toEqual({ active: 'next', next: 'new' })
  })

  it.each([
    ['unpublished', () => nextUnpublished(), () => new Map()],
    ['retired by what is published', () => nextRetired(), () => new Map()],
    ['retired by what the directory knows', () => ring, () => new Map([[next, NOW_SECONDS + 9_000]])],
    ['published with another public half', () => nextOfAnotherHalf(), () => new Map()],
  ])('keeps active, and makes another next, where next is %s', async (_, of, ends) => {
    expect(await succession({ ends: ends() }, of())).toEqual({ active: 'active', next: 'new' })
    expect(await succession({})).toEqual({ active: 'next', next: 'new' })
  })

  it('promotes next at once when active is revoked', async () => {
    expect(await succession({ now: NOW, ends: revoked(active) })).toEqual({ active: 'next', next: 'new' })
  })

  it('keeps active, and makes another next, when next is revoked', async () => {
    expect(await succession({ now: NOW, ends: revoked(next) })).toEqual({ active: 'active', next: 'new' })
  })

  it.each([
    ['both are revoked', () => revoked(active, next), () => ring],
    ['active is revoked and next unpublished', () => revoked(active), () => nextUnpublished()],
    ['active is revoked and next retired', () => revoked(active), () => nextRetired()],
  ])('makes both keys when %s', async (_, kids, of) => {
    expect(await succession({ now: NOW, ends: kids() }, of())).toEqual({ active: 'new', next: 'new' })
  })

  it('leaves both as they are when a retired key is revoked while next is too young', async () => {
    const of = withRetired('retired')
    const ends = revoked('retired')
    expect(await succession({ now: SOON, ends }, of)).toEqual({ active: 'active', next: 'next' })
    expect(await succession({ now: RIPE, ends }, of)).toEqual({ active: 'next', next: 'new' })
    await expect(succession({ now: SOON }, of)).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })
})

describe('lib/signing-keys/successor: after a mistake with a secret', () => {
  const allRetired = () => withPublished(() => ({ verifyUntil: NOW_SECONDS + 9_000 }))
  const rolledBack = async (): Promise<RingHistory> => ({
    ...ring,
    signingKey: (await newRing()).signingKey,
    former: ring.signingKey,
  })

  it('leaves both as they are where the published set was emptied, though next is too young', async () => {
    expect(await succession({ now: SOON }, { ...ring, isEmptied: true })).toEqual({
      active: 'active',
      next: 'next',
    })
    await expect(succession({ now: SOON })).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('goes on with the first active key where the ring was emptied before that was ripe', async () => {
    const of = { ...ring, signingKey: { keys: [] }, former: ring.signingKey }
    expect(await succession({ now: NOW }, of)).toEqual({ active: 'active', next: 'new' })
  })

  it('leaves both as they are where next is said to be public from a later day on, which is then put right', async () => {
    const ahead = withPublished((kid) => (kid === next ? { publishedAt: NOW_SECONDS + 86_400 } : {}))
    expect(await succession({}, ahead)).toEqual({ active: 'active', next: 'next' })
  })

  it('goes on with the key of the former ring that is ripe, where the ring in force is older', async () => {
    expect(await succession({}, await rolledBack())).toEqual({ active: 'active', next: 'new' })
    const ends = new Map([[active, NOW_SECONDS + 9_000]])
    expect(await succession({ ends }, await rolledBack())).toEqual({ active: 'next', next: 'new' })
  })

  it('goes on with the former active key where the ring was emptied', async () => {
    expect(await succession({}, { ...ring, signingKey: { keys: [] }, former: ring.signingKey })).toEqual({
      active: 'active',
      next: 'new',
    })
  })

  it.each([
    ['no key of the ring is of use', () => allRetired()],
    ['the ring is empty, and nobody knows what was before', () => ({ ...ring, signingKey: { keys: [] } })],
    ['the published set is empty', () => ({ ...ring, jwks: { keys: [] } })],
  ])('makes two new keys where %s, of which none signs before every verifier knows it', async (_, of) => {
    expect(await succession({}, of())).toEqual({ active: 'new', next: 'new' })
    expect(
      (await successorOf(of(), { now: RIPE, ends: new Map() })).keys.map((key) => key.signsAtOnce),
    ).toEqual([undefined, undefined])
  })

  it('lets a next key follow that is too young to sign, where active is of no use', async () => {
    const ends = new Map([[active, NOW_SECONDS + 9_000]])
    expect(await succession({ now: SOON, ends })).toEqual({ active: 'next', next: 'new' })
    const { keys } = await successorOf(ring, { now: SOON, ends })
    expect(keys[0]?.signsAtOnce).toBeUndefined()
  })
})

describe('lib/signing-keys/successor: a key that signs at once', () => {
  it.each([
    [
      'the first one',
      () => [
        new Map(),
        { signingKey: { keys: [] }, jwks: { keys: [] }, former: undefined, isEmptied: false },
      ],
      true,
    ],
    ['the next one, where active is revoked', () => [revoked(active), ring], true],
    ['a new one, where both are revoked', () => [revoked(active, next), ring], true],
    ['not one that is only too young', () => [new Map([[active, NOW_SECONDS + 9_000]]), ring], undefined],
  ] as const)('is %s', async (_, of, expected) => {
    const [ends, history] = of()
    expect(
      (await successorOf(history as RingHistory, { now: SOON, ends: ends as Map<string, number> })).keys[0]
        ?.signsAtOnce,
    ).toBe(expected)
  })
})
