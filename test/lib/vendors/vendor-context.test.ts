import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { CircuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { type FailureClass, UpstreamFailure } from '../../../lib/outbound/failures.ts'
import type { SecretReader } from '../../../lib/secrets/reader.ts'
import type { CalledVendor } from '../../../lib/vendors/profile.ts'
import { type Attempt, vendorContext } from '../../../lib/vendors/vendor-context.ts'

const Settings = z.object({ key: z.string(), other: z._default(z.string(), '') })
type Settings = z.infer<typeof Settings>

const POLICY = { refusedMs: 900_000, maxBackOffMs: 60_000, locksAccount: false }
const VENDOR: CalledVendor<Settings> = {
  system: 'any',
  displayName: 'Any Vendor',
  schema: Settings,
  credentials: { judged: ({ key }) => [key], breaker: POLICY },
}
const deadline = { remainingMs: () => 5_000 }

/** What the secret holds, read by read; the last is read again and again. */
let versions: (Settings | BridgeError)[]
let forced: boolean[]
/** What the breaker was told, in that order. */
let heard: string[]
let standing: UpstreamFailure | undefined
let accounts: Account[]
beforeEach(() => {
  versions = [{ key: 'one', other: '' }]
  forced = []
  heard = []
  standing = undefined
  accounts = []
})

const secrets = {
  read: async (_: unknown, { force = false }: { force?: boolean }) => {
    forced.push(force)
    const [value] = versions.length > 1 ? versions.splice(0, 1) : versions
    if (value instanceof BridgeError) throw value
    return { value, versionId: 'v1' }
  },
} as SecretReader
const breaker: CircuitBreaker = {
  check: async (account) => {
    accounts.push(account)
    return standing
  },
  recordFailure: async (_, { failure }) => {
    heard.push(failure)
  },
  begin: (account) => ({ account, known: undefined }),
  recordSuccess: async () => {
    heard.push('success')
  },
}
const run = <Result>(work: (attempt: Attempt<Settings>) => Promise<Result>): Promise<Result> =>
  vendorContext({ secrets, breaker }, VENDOR)('t1', work, deadline)

const failure = (kind: FailureClass) => new UpstreamFailure(kind, { upstreamStatus: 403 })
/** A vendor that takes one key alone. */
const takes = (good: string, kind: FailureClass = 'credential') => {
  const shown: string[] = []
  const work = ({ settings, guard }: Attempt<Settings>) =>
    guard(async () => {
      shown.push(settings.key)
      if (settings.key !== good) throw failure(kind)
      return settings.key
    })
  return { shown, work }
}

describe('lib/vendors/vendor-context', () => {
  it('gives a run the tenant, its settings, its fingerprint and the deadline', async () => {
    const attempt = await run(async (given) => given)
    expect(attempt).toMatchObject({ tenantSpaceId: 't1', settings: { key: 'one' }, deadline })
    expect(attempt.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  it('makes the fingerprint of what is judged alone', async () => {
    const fingerprint = async (settings: Settings) => {
      versions = [settings]
      return (await run(async (given) => given)).fingerprint
    }
    const first = await fingerprint({ key: 'one', other: '' })
    expect(await fingerprint({ key: 'one', other: 'changed' })).toBe(first)
    expect(await fingerprint({ key: 'two', other: '' })).not.toBe(first)
  })

  it('asks the breaker under the vendor’s own policy, and tells it of a success', async () => {
    expect(await run(takes('one').work)).toBe('one')
    expect(accounts).toMatchObject([{ system: 'any', policy: POLICY, tenantSpaceId: 't1' }])
    expect(heard).toEqual(['success'])
  })

  it('shows nothing while the breaker is open, and names the vendor in its failure', async () => {
    standing = failure('credential')
    const { shown, work } = takes('one')
    await expect(run(work)).rejects.toMatchObject({
      code: 'UPSTREAM_CREDENTIAL',
      message: 'Any Vendor refuses the credentials of this tenant: check key and secret in its settings',
    })
    expect(shown).toEqual([])
    expect(heard).toEqual([])
  })

  it.each<FailureClass>(['credential', 'refused-unclear'])(
    'reads the secret again after %s, and tries what has changed once more',
    async (kind) => {
      versions = [
        { key: 'one', other: '' },
        { key: 'two', other: '' },
      ]
      const { shown, work } = takes('two', kind)
      expect(await run(work)).toBe('two')
      expect(shown).toEqual(['one', 'two'])
      expect(forced).toEqual([false, true])
      expect(heard).toEqual([kind, 'success'])
    },
  )

  it('tries no third time', async () => {
    versions = [
      { key: 'one', other: '' },
      { key: 'two', other: '' },
      { key: 'three', other: '' },
    ]
    const { shown, work } = takes('three')
    await expect(run(work)).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    expect(shown).toEqual(['one', 'two'])
  })

  it.each<[string, Settings | BridgeError]>([
    ['is the same', { key: 'one', other: '' }],
    ['has changed in what is not judged', { key: 'one', other: 'changed' }],
    ['cannot be read again', new BridgeError('SECRET_UNAVAILABLE', 'no')],
  ])('lets the refusal stand when the secret %s', async (_, second) => {
    versions = [{ key: 'one', other: '' }, second]
    const { shown, work } = takes('two')
    await expect(run(work)).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    expect(shown).toEqual(['one'])
    expect(forced).toEqual([false, true])
  })

  it.each<FailureClass>(['throttled', 'unavailable', 'not-permitted', 'unexpected-reply'])(
    'does not read the secret again after %s, which another secret would not change',
    async (kind) => {
      await expect(run(takes('two', kind).work)).rejects.toMatchObject({ failure: kind })
      expect(forced).toEqual([false])
      expect(heard).toEqual([kind])
    },
  )

  it('does not read the secret again after the failure of a call that did not show the credentials', async () => {
    const unguarded = async () => {
      throw failure('credential')
    }
    await expect(run(unguarded)).rejects.toMatchObject({ failure: 'credential' })
    expect(forced).toEqual([false])
    expect(heard).toEqual([])
  })

  it('throws what is no failure of the vendor’s as it is, and tells the breaker nothing', async () => {
    const mistake = new TypeError('a mistake')
    const work = ({ guard }: Attempt<Settings>) =>
      guard(async () => {
        throw mistake
      })
    await expect(run(work)).rejects.toBe(mistake)
    expect(forced).toEqual([false])
    expect(heard).toEqual([])
  })
})
