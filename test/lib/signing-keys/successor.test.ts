import { beforeAll, describe, expect, it } from 'vitest'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { type SuccessionOptions, successorOf } from '../../../lib/signing-keys/successor.ts'
import { NOW, NOW_SECONDS, newRing } from '../signed-token/fakes.ts'

const LEAD_SECONDS = 1510
const SOON = new Date(NOW.getTime() + (LEAD_SECONDS - 1) * 1000)
const RIPE = new Date(NOW.getTime() + LEAD_SECONDS * 1000)

let ring: KeyRing
let active: string
let next: string
beforeAll(async () => {
  ring = await newRing()
  ;[active = '', next = ''] = ring.signingKey.keys.map(({ kid }) => kid)
})

/** Who signs after the rotation, by the names that the keys had before. */
const succession = async (options: Partial<SuccessionOptions>, of: KeyRing = ring) => {
  const { keys } = await successorOf(of, { now: RIPE, revoked: new Set(), ...options })
  const nameOf = (kid: string) => ({ [active]: 'active', [next]: 'next' })[kid] ?? 'new'
  return Object.fromEntries(keys.map(({ kid, state }) => [state, nameOf(kid)]))
}
const revoked = (...kids: readonly string[]) => new Set(kids)
const withPublished = (change: (kid: string) => object | undefined): KeyRing => ({
  ...ring,
  jwks: {
    keys: ring.jwks.keys.flatMap((key) => {
      const changed = change(key.kid)
      return changed === undefined ? [] : [{ ...key, ...changed }]
    }),
  },
})
const nextUnpublished = () => withPublished((kid) => (kid === next ? undefined : {}))
const nextRetired = () => withPublished((kid) => (kid === next ? { verifyUntil: NOW_SECONDS + 9_000 } : {}))

describe('lib/signing-keys/successor', () => {
  it('makes both keys where there is none', async () => {
    expect(await succession({}, { signingKey: { keys: [] }, jwks: { keys: [] } })).toEqual({
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
    ['unpublished', () => nextUnpublished()],
    ['retired', () => nextRetired()],
  ])('refuses to promote a next key that is %s', async (_, of) => {
    await expect(succession({}, of())).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(await succession({})).toEqual({ active: 'next', next: 'new' })
  })

  it('promotes next at once when active is revoked', async () => {
    expect(await succession({ now: NOW, revoked: revoked(active) })).toEqual({ active: 'next', next: 'new' })
  })

  it('keeps active, and makes another next, when next is revoked', async () => {
    expect(await succession({ now: NOW, revoked: revoked(next) })).toEqual({ active: 'active', next: 'new' })
  })

  it.each([
    ['both are revoked', () => revoked(active, next), () => ring],
    ['active is revoked and next unpublished', () => revoked(active), () => nextUnpublished()],
    ['active is revoked and next retired', () => revoked(active), () => nextRetired()],
  ])('makes both keys when %s', async (_, kids, of) => {
    expect(await succession({ now: NOW, revoked: kids() }, of())).toEqual({ active: 'new', next: 'new' })
  })

  it('leaves both as they are when a retired key is revoked while next is too young', async () => {
    expect(await succession({ now: SOON, revoked: revoked('retired') })).toEqual({
      active: 'active',
      next: 'next',
    })
    expect(await succession({ now: RIPE, revoked: revoked('retired') })).toEqual({
      active: 'next',
      next: 'new',
    })
  })
})
