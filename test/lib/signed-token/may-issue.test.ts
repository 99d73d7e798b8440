import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Admission } from '../../../lib/directory/directory.ts'
import type { DirectoryMode } from '../../../lib/directory/just-in-time.ts'
import { BridgeError } from '../../../lib/errors.ts'
import type { PublicJwk } from '../../../lib/schemas/key-secrets.ts'
import { mayIssue } from '../../../lib/signed-token/may-issue.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import {
  ADMITTED,
  AMPLE,
  activeKeyOf,
  type FakeSecrets,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
} from './fakes.ts'

const TOM = { tenantSpaceId: '1', userId: 'tom', userName: 'Tom' }
const UNKNOWN: Admission = { ...ADMITTED, user: undefined }
const KEY_REVOKED: Admission = { ...ADMITTED, isKeyRevoked: true }
const named = (userName: string, status: 'active' | 'disabled' | 'deleted' = 'active'): Admission => ({
  ...ADMITTED,
  user: status === 'deleted' ? { status, epoch: 0 } : { userName, status, epoch: 0 },
})
const PLAIN = { scopes: ['enterprise-token:issue'] }
const TRUSTED = { scopes: ['enterprise-token:issue', 'users:vouch'] }

let ring: KeyRing
let newer: KeyRing
let secrets: FakeSecrets
let at: Date
let isOverLimit: boolean
let justInTimeDays: number
beforeAll(async () => {
  ring = await newRing()
  newer = await newRing()
})
beforeEach(() => {
  secrets = fakeSecrets(ring)
  at = NOW
  isOverLimit = false
  justInTimeDays = 0
})

const admitted = (
  admissions: readonly Admission[],
  requester = PLAIN,
  directoryMode: DirectoryMode = 'on-issue',
) => {
  const directory = fakeDirectory(...admissions)
  const counted: unknown[] = []
  const limit = async (user: unknown): Promise<void> => {
    counted.push(user)
    if (isOverLimit) throw new BridgeError('RATE_EXCEEDED', 'too many')
  }
  const may = mayIssue({ secrets, directory, directoryMode, justInTimeDays, limit, now: () => at })
  return { directory, counted, result: may(TOM, requester, AMPLE) }
}

describe('lib/signed-token/may-issue: a known user', () => {
  it('may have a token of the active key, by one read of each', async () => {
    const { directory, result } = admitted([ADMITTED])
    expect(await result).toEqual({ key: activeKeyOf(ring), admission: ADMITTED })
    expect(directory.asked).toEqual([{ ...TOM, kid: activeKeyOf(ring).kid }])
    expect(secrets.reads).toEqual([
      ['signing-key', false],
      ['jwks', false],
    ])
  })

  it('is not written again, whoever asks', async () => {
    const { directory, result } = admitted([ADMITTED], TRUSTED)
    await result
    expect(directory.provisioned).toEqual([])
  })
})

describe('lib/signed-token/may-issue: just-in-time provisioning', () => {
  it.each([
    ['enters a user who is unknown', UNKNOWN],
    ['renames a user who has another name', named('Tim')],
  ])('%s, and reads again', async (_, before) => {
    const { directory, result } = admitted([before, ADMITTED], TRUSTED)
    expect((await result).admission).toEqual(ADMITTED)
    expect(directory.provisioned).toEqual([expect.objectContaining(TOM)])
    expect(directory.asked).toHaveLength(2)
  })

  it.each([
    ['nobody', UNKNOWN, 'USER_UNKNOWN'],
    ['a user of another name', named('Tim'), 'USER_NAME_DIFFERS'],
  ])(
    'is no way in for %s without the scope, or where the stage does not allow it',
    async (_, before, code) => {
      for (const [requester, mode] of [
        [PLAIN, 'on-issue'],
        [TRUSTED, 'table'],
      ] as const) {
        const { directory, result } = admitted([before], requester, mode)
        await expect(result).rejects.toMatchObject({ code })
        expect(directory.provisioned).toEqual([])
      }
    },
  )

  it.each([
    ['a disabled user', named('Tom', 'disabled'), 'USER_DISABLED'],
    ['a tombstone', named('Tom', 'deleted'), 'USER_UNKNOWN'],
  ])('lets in nobody that the directory then still refuses: %s', async (_, still, code) => {
    await expect(admitted([still], TRUSTED).result).rejects.toMatchObject({ code })
  })
})

describe('lib/signed-token/may-issue: the key', () => {
  it('is looked for once more in a newer ring where there is no active one', async () => {
    secrets.values = { 'signing-key': { keys: [] }, jwks: ring.jwks }
    await expect(admitted([ADMITTED]).result).rejects.toMatchObject({ code: 'KEYS_NOT_INITIALISED' })
    secrets.newer = { 'signing-key': newer.signingKey, jwks: newer.jwks }
    expect((await admitted([ADMITTED]).result).key).toEqual(activeKeyOf(newer))
  })

  it('gives way to that of a newer ring when it is revoked', async () => {
    secrets.newer = { 'signing-key': newer.signingKey, jwks: newer.jwks }
    const { directory, result } = admitted([KEY_REVOKED, ADMITTED])
    expect((await result).key).toEqual(activeKeyOf(newer))
    expect(directory.asked.map(({ kid }) => kid)).toEqual([activeKeyOf(ring).kid, activeKeyOf(newer).kid])
  })

  it('signs nothing while it is revoked and there is no newer one, and provisions nobody', async () => {
    const { directory, result } = admitted([{ ...UNKNOWN, isKeyRevoked: true }], TRUSTED)
    await expect(result).rejects.toMatchObject({ code: 'KEY_REVOKED' })
    expect(directory.provisioned).toEqual([])
    expect(secrets.reads).toEqual([
      ['signing-key', false],
      ['jwks', false],
      ['signing-key', true],
      ['jwks', true],
    ])
  })

  it.each([
    ['in another set', () => ({ jwks: newer.jwks }), 'KEY_UNPUBLISHED'],
    ['in an emptied set', () => ({ jwks: { keys: [] } }), 'KEYS_NOT_INITIALISED'],
    ['with another half', () => ({ jwks: changed({ x: 'A'.repeat(43) }) }), 'KEY_UNPUBLISHED'],
    ['as retired', () => ({ jwks: changed({ verifyUntil: NOW_SECONDS + 3610 }) }), 'KEY_RETIRED'],
  ])('signs nothing that is published %s, until a newer copy has it as it is', async (_, values, code) => {
    secrets.values = { ...secrets.values, ...values() }
    await expect(admitted([ADMITTED]).result).rejects.toMatchObject({ code })
    secrets.newer = { jwks: ring.jwks }
    expect((await admitted([ADMITTED]).result).key).toEqual(activeKeyOf(ring))
  })

  it('signs on while no token outlives it, as an old copy of the ring makes it do', async () => {
    secrets.values = { ...secrets.values, jwks: changed({ verifyUntil: NOW_SECONDS + 3611 }) }
    expect((await admitted([ADMITTED]).result).key).toEqual(activeKeyOf(ring))
  })

  it('signs nothing from the moment on at which a token could outlive it, by what the directory knows', async () => {
    const retired = { ...ADMITTED, keyEndsAt: NOW_SECONDS + 3610 }
    await expect(admitted([retired]).result).rejects.toMatchObject({ code: 'KEY_RETIRED' })
    at = new Date(NOW.getTime() - 1)
    expect((await admitted([retired]).result).key).toEqual(activeKeyOf(ring))
  })

  it('signs once every verifier knows it, unless it is marked to sign at once', async () => {
    const [active, ...others] = ring.signingKey.keys
    const { signsAtOnce: _, ...unmarked } = activeKeyOf(ring)
    expect(active?.signsAtOnce).toBe(true)
    secrets.values = { ...secrets.values, 'signing-key': { keys: [unmarked, ...others] } }
    await expect(admitted([ADMITTED]).result).rejects.toMatchObject({
      code: 'KEY_TOO_YOUNG',
      detail: { retryAfterSeconds: 1510 },
    })
    at = new Date(NOW.getTime() + 1_510_000)
    expect((await admitted([ADMITTED]).result).key).toEqual(unmarked)
  })

  it('counts as public from now on where that is said to begin later', async () => {
    const { signsAtOnce: _, ...unmarked } = activeKeyOf(ring)
    secrets.values = {
      'signing-key': { keys: [unmarked] },
      jwks: changed({ publishedAt: NOW_SECONDS + 86_400 }),
    }
    await expect(admitted([ADMITTED]).result).rejects.toMatchObject({
      code: 'KEY_TOO_YOUNG',
      detail: { retryAfterSeconds: 1510 },
    })
  })
})

const changed = (changes: Partial<PublicJwk>) => ({
  keys: ring.jwks.keys.map((key) => ({ ...key, ...changes })),
})

describe('lib/signed-token/may-issue: the limit of tokens', () => {
  it.each([
    ['an active user', ADMITTED],
    ['an active user of another name', named('Thomas')],
    ['a disabled user', named('Tom', 'disabled')],
    ['a deleted user whom the caller’s word may bring back', named('Tom', 'deleted'), TRUSTED],
  ])('counts %s once, whatever comes of the call', async (_, admission, requester = PLAIN) => {
    const { counted, result } = admitted([admission], requester)
    await result.catch(() => undefined)
    expect(counted).toEqual([TOM])
  })

  it.each([
    ['an id that the directory does not know', UNKNOWN, PLAIN],
    ['a deleted user', named('Tom', 'deleted'), PLAIN],
  ])('does not count %s', async (_, admission, requester) => {
    const { counted, result } = admitted([admission], requester)
    await expect(result).rejects.toMatchObject({ code: 'USER_UNKNOWN' })
    expect(counted).toEqual([])
  })

  it('counts a user whom the caller’s word enters, before anything is written', async () => {
    isOverLimit = true
    const over = admitted([UNKNOWN, ADMITTED], TRUSTED)
    await expect(over.result).rejects.toMatchObject({ code: 'RATE_EXCEEDED' })
    expect(over.directory.provisioned).toEqual([])
    isOverLimit = false
    const within = admitted([UNKNOWN, ADMITTED], TRUSTED)
    await within.result
    expect([within.counted.length, within.directory.provisioned.length]).toEqual([1, 1])
  })

  it('says of a user over the limit nothing else', async () => {
    isOverLimit = true
    await expect(admitted([named('Tom', 'disabled')]).result).rejects.toMatchObject({ code: 'RATE_EXCEEDED' })
    isOverLimit = false
    await expect(admitted([named('Tom', 'disabled')]).result).rejects.toMatchObject({ code: 'USER_DISABLED' })
  })
})

describe('lib/signed-token/may-issue: a just-in-time user', () => {
  const DAY = 86_400
  const TABLE_MODE: DirectoryMode = 'table'
  const justInTime = (expiresAt?: number): Admission => ({
    ...ADMITTED,
    user: { userName: 'Tom', status: 'active', epoch: 0, justInTime: true, expiresAt },
  })

  it.each([
    ['has no end yet', 90, undefined, NOW_SECONDS + 91 * DAY],
    ['ends within the days', 90, NOW_SECONDS + 90 * DAY - 1, NOW_SECONDS + 91 * DAY],
    ['has an end, and none is to have one', 0, NOW_SECONDS + DAY, undefined],
  ])('is given its end anew, whoever asks, where it %s', async (_, days, expiresAt, keepUntil) => {
    justInTimeDays = days
    for (const requester of [PLAIN, TRUSTED]) {
      const { directory, result } = admitted([justInTime(expiresAt)], requester)
      await result
      expect(directory.kept).toEqual([{ ...TOM, at: NOW_SECONDS, keepUntil }])
    }
  })

  it.each([
    ['whose end was written this day', justInTime(NOW_SECONDS + 90 * DAY), 'on-issue' as const],
    ['of a stage where nobody enters any', justInTime(), TABLE_MODE],
    ['that is none, but a back end’s', ADMITTED, 'on-issue' as const],
  ])('is left as it is: a user %s', async (_, admission, mode) => {
    justInTimeDays = 90
    const { directory, result } = admitted([admission], PLAIN, mode)
    await result
    expect(directory.kept).toEqual([])
  })

  it('is entered with its end', async () => {
    justInTimeDays = 90
    const { directory, result } = admitted([UNKNOWN, ADMITTED], TRUSTED)
    await result
    expect(directory.provisioned).toEqual([{ ...TOM, at: NOW_SECONDS, keepUntil: NOW_SECONDS + 91 * DAY }])
  })

  it('is unknown when the table sweeps it this very moment, and entered by whose word may do that', async () => {
    justInTimeDays = 90
    await expect(admitted([justInTime(), UNKNOWN]).result).rejects.toMatchObject({ code: 'USER_UNKNOWN' })
    const { directory, result } = admitted([justInTime(), UNKNOWN, ADMITTED], TRUSTED)
    await result
    expect(directory.provisioned).toHaveLength(1)
  })
})
