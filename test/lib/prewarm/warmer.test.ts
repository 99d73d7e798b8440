import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import { type WarmUp, warmerOf } from '../../../lib/prewarm/warmer.ts'
import { secretReader } from '../../../lib/secrets/reader.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import { tokenCache } from '../../../lib/token-cache/token-cache.ts'
import { oiapProfile } from '../../../lib/vendors/oiap/profile.ts'
import type { OiapSettings } from '../../../lib/vendors/oiap/settings.ts'
import { requestOf, type ServiceTokenSource } from '../../../lib/vendors/service-token-source.ts'
import { vendorContext } from '../../../lib/vendors/vendor-context.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const HOUR_MS = 3_600_000
const LIFE_MS = HOUR_MS
/** When the schedule looks, with `random` 0.5: two minutes before the soft limit. */
const DUE_MS = LIFE_MS - 300_000 - 60_000 - 120_000
const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const prefix = secret('service tokens', randomBytes(20).toString('base64url'))
const deadline = { remainingMs: () => 60_000 }

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')
let at: number
let table: MemoryTable
let vault: Map<string, string>
/** Names of the tenants that the vendor was asked for. */
let asked: string[]
let refusal: UpstreamFailure | undefined
/** The one appSecret that the vendor takes; undefined for any. */
let onlyGood: string | undefined
/** What Secrets Manager says of a secret that it does not give, and whether its list has the name. */
let denial: string
let isThere: boolean

beforeEach(() => {
  at = STARTED_AT
  table = memoryTable()
  vault = new Map()
  asked = []
  refusal = undefined
  onlyGood = undefined
  denial = 'ResourceNotFoundException'
  isThere = false
})

const settings = (changes: Partial<OiapSettings> = {}) => ({
  url: 'https://oiap.example.com/token',
  appKey: 'app',
  appSecret: secret('appSecret', randomBytes(20).toString('base64url')),
  ...changes,
})
const put = (tenant: string, value: object) => vault.set(`test/tenants/${tenant}/oiap`, JSON.stringify(value))

/** A function in a sandbox that has just started: the schedule’s, or a request’s. */
const sandbox = () => {
  const now = () => new Date(at)
  const random = () => 0.5
  const secrets = secretReader({
    source: {
      read: async (name) => {
        const value = vault.get(name)
        if (value === undefined) throw new SecretSourceError('final', denial)
        return { value, versionId: createHash('sha256').update(value).digest('hex') }
      },
    },
    prefix: 'test',
    now,
    random,
    log: () => undefined,
  })
  const pause = async () => undefined
  const breaker = circuitBreaker({ table, keyed: async (of) => ring.keyed(of), now, random, pause })
  const newId = () => randomBytes(8).toString('hex')
  const tokens = tokenCache({
    table,
    keyring: async () => ring,
    now,
    random,
    newId,
    pause,
    log: () => undefined,
  })
  const source: ServiceTokenSource<OiapSettings> = {
    system: 'oiap',
    credentials: vendorContext({ secrets, breaker }, oiapProfile),
    variant: () => [],
    fetch: async ({ tenantSpaceId, settings: { appSecret } }) => {
      asked.push(tenantSpaceId)
      if (refusal !== undefined) throw refusal
      if (appSecret !== (onlyGood ?? appSecret)) throw new UpstreamFailure('credential', {})
      return { token: `${prefix} ${asked.length}`, issuedAt: at, expiresAt: at + LIFE_MS }
    },
  }
  const warmer = warmerOf(source, { tokens, now, isListed: async () => isThere })
  return {
    /** What the schedule does with a tenant that may have no token yet. */
    find: (tenant: string): Promise<WarmUp> => warmer.warm({ tenantSpaceId: tenant }, deadline),
    /** What it does with all that is due. */
    warmDue: async (): Promise<readonly WarmUp[]> => {
      const done: WarmUp[] = []
      for (const due of await tokens.due(['oiap'], deadline)) {
        done.push(await warmer.warm({ tenantSpaceId: due.tenantSpaceId, due }, deadline))
      }
      return done
    },
    /** A request for the token. */
    request: (tenant: string) =>
      source.credentials(tenant, (attempt) => tokens.get(requestOf(source, attempt)), deadline),
  }
}

describe('lib/prewarm/warmer: a token that is due', () => {
  it('is renewed, and not due for a while', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    at += DUE_MS - 1
    expect(await sandbox().warmDue()).toEqual([])
    at += 1
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
    expect(await sandbox().warmDue()).toEqual([])
    expect(asked).toEqual(['t1', 't1'])
  })

  it('is left to whoever else is at it', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    at += DUE_MS
    const both = await Promise.all([sandbox().warmDue(), sandbox().warmDue()])
    expect(both.flat().sort()).toEqual(['refreshed', 'up-to-date'])
    expect(asked).toHaveLength(2)
  })

  it('is renewed under new settings that change nothing of the credentials', async () => {
    const same = settings()
    put('t1', same)
    await sandbox().request('t1')
    put('t1', { ...same, warm: 'always' })
    at += DUE_MS
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
    expect(table.dump()).toHaveLength(1)
  })

  it('makes way for one of new credentials, and is not listed any more', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    put('t1', settings())
    at += DUE_MS
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
    const [old, young] = table.dump()
    expect([old?.['listedIn'], young?.['listedIn']]).toEqual([undefined, 'oiap'])
    at += DUE_MS
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
    expect(asked).toHaveLength(3)
  })

  it('is not listed any more when a request has fetched one of new credentials before', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    put('t1', settings())
    await sandbox().request('t1')
    at += DUE_MS - 1
    expect(await sandbox().warmDue()).toEqual([])
    at += 1
    expect([...(await sandbox().warmDue())].sort()).toEqual(['refreshed', 'up-to-date'])
    expect([asked.length, table.dump().map(({ listedIn }) => listedIn)]).toEqual([3, [undefined, 'oiap']])
  })

  it('is deleted when the tenant has no secret any more', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    vault.clear()
    at += DUE_MS
    expect(await sandbox().warmDue()).toEqual(['dropped'])
    expect([table.dump(), asked.length]).toEqual([[], 1])
  })

  it('fails where the tenant’s secret is not what it should be, and stays', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    put('t1', { url: 'none' })
    at += DUE_MS
    await expect(sandbox().warmDue()).rejects.toMatchObject({ code: 'SECRET_MALFORMED' })
    put('t1', settings())
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
  })
})

describe('lib/prewarm/warmer: a token that nobody uses', () => {
  /** Keeps it fresh by the schedule alone; says how it went each time it was due. */
  const scheduled = async (hours: number): Promise<Set<WarmUp>> => {
    const all = new Set<WarmUp>()
    for (const until = at + hours * HOUR_MS; at < until; at += 60_000) {
      for (const one of await sandbox().warmDue()) all.add(one)
    }
    return all
  }

  it('is kept fresh for 24 hours after the last request, and then dropped', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    const usedAt = at
    expect(await scheduled(23)).toEqual(new Set(['refreshed']))
    const count = asked.length
    expect(await scheduled(3)).toContain('dropped')
    expect(asked.length - count).toBeLessThanOrEqual(1)
    expect(table.dump()[0]).toMatchObject({ usedAt })
    expect(table.dump()[0]?.['listedIn']).toBeUndefined()
    expect(await scheduled(24)).toEqual(new Set())
  })

  it('is brought back by the next request', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    await scheduled(26)
    await sandbox().request('t1')
    expect(await scheduled(2)).toEqual(new Set(['refreshed']))
  })

  it('is kept fresh for ever where the settings say always', async () => {
    put('t1', settings({ warm: 'always' }))
    await sandbox().request('t1')
    expect(await scheduled(72)).toEqual(new Set(['refreshed']))
  })

  it('is dropped the first time it is due where they say never, and serves until its end', async () => {
    put('t1', settings({ warm: 'never' }))
    const token = await sandbox().request('t1')
    at += DUE_MS
    expect(await sandbox().warmDue()).toEqual(['dropped'])
    expect(await sandbox().warmDue()).toEqual([])
    expect(await sandbox().request('t1')).toEqual(token)
    expect(asked).toHaveLength(1)
  })

  it('of older credentials is dropped too, where nobody has asked for one of the new ones', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    at += 25 * HOUR_MS
    put('t1', settings())
    expect(await sandbox().warmDue()).toEqual(['dropped'])
    expect(table.dump().map(({ listedIn }) => listedIn)).toEqual([undefined])
  })
})

describe('lib/prewarm/warmer: a tenant without a secret that can be read', () => {
  beforeEach(async () => {
    put('t1', settings())
    await sandbox().request('t1')
    at += DUE_MS
    vault.clear()
  })

  it.each([
    ['does not exist', 'ResourceNotFoundException', false],
    ['is marked for deletion', 'InvalidRequestException', false],
    ['may not be read, and is not listed', 'AccessDeniedException', false],
  ])('loses its stored token where the secret %s', async (_, said, listed) => {
    ;[denial, isThere] = [said, listed]
    expect(await sandbox().warmDue()).toEqual(['dropped'])
    expect(table.dump()).toEqual([])
  })

  it('keeps its token, and is tried again, where the secret is listed and may not be read', async () => {
    ;[denial, isThere] = ['AccessDeniedException', true]
    for (const _ of [1, 2])
      await expect(sandbox().warmDue()).rejects.toMatchObject({
        code: 'SECRET_UNAVAILABLE',
        detail: { reason: 'AccessDeniedException', secret: 'test/tenants/t1/oiap' },
      })
    expect(table.dump()).toHaveLength(1)
  })
})

describe('lib/prewarm/warmer: a tenant that is found', () => {
  it.each([
    ['always', 'refreshed', 1],
    ['active', 'refreshed', 1],
    ['never', 'dropped', 0],
  ] as const)('has its token fetched, or not, as its settings say: %s', async (warm, outcome, calls) => {
    put('t1', settings({ warm }))
    expect([await sandbox().find('t1'), asked.length]).toEqual([outcome, calls])
  })

  it('is left alone when it has a token already', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    expect([await sandbox().find('t1'), asked.length]).toEqual(['up-to-date', 1])
  })

  it('is left alone when its secret has gone since, which is no failure', async () => {
    expect([await sandbox().find('t1'), table.dump()]).toEqual(['dropped', []])
  })
})

describe('lib/prewarm/warmer: a vendor that refuses', () => {
  it('is named, and refused credentials are not shown to it again', async () => {
    put('t1', settings())
    refusal = new UpstreamFailure('credential', { upstreamCode: '200800002' })
    const failure = {
      code: 'UPSTREAM_CREDENTIAL',
      message: expect.stringMatching(/^OIAP refuses the credentials/),
    }
    await expect(sandbox().find('t1')).rejects.toMatchObject(failure)
    at += 15 * 60_000
    await expect(sandbox().warmDue()).rejects.toMatchObject(failure)
    expect(asked).toHaveLength(1)
    refusal = undefined
    put('t1', settings())
    at += 15 * 60_000
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
  })

  it('is asked again by the next run, however early that comes, when it was only down', async () => {
    put('t1', settings())
    refusal = new UpstreamFailure('unavailable', {})
    await expect(sandbox().find('t1')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    await expect(sandbox().warmDue()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    refusal = undefined
    expect(await sandbox().warmDue()).toEqual(['refreshed'])
    expect(await sandbox().warmDue()).toEqual([])
  })

  it('is asked with the new credentials when the schedule still had the old ones in memory', async () => {
    put('t1', settings())
    await sandbox().request('t1')
    at += DUE_MS
    const running = sandbox()
    expect(await running.find('t1')).toBe('up-to-date')
    const renewed = settings()
    put('t1', renewed)
    onlyGood = renewed.appSecret
    expect(await running.warmDue()).toEqual(['refreshed'])
    expect([asked.length, table.dump().map(({ listedIn }) => listedIn)]).toEqual([
      3,
      // the old one's item, the block of the old credentials, and the new one's
      [undefined, 'blocks', 'oiap'],
    ])
  })
})
