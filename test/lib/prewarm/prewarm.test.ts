import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import { BridgeError } from '../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import { type PrewarmSummary, prewarm } from '../../../lib/prewarm/prewarm.ts'
import { warmerOf } from '../../../lib/prewarm/warmer.ts'
import { secretReader } from '../../../lib/secrets/reader.ts'
import { type SecretList, SecretSourceError } from '../../../lib/secrets/source.ts'
import type { Table } from '../../../lib/table/table.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import type { ServiceToken } from '../../../lib/token-cache/service-token.ts'
import { tokenCache } from '../../../lib/token-cache/token-cache.ts'
import { cecProfile } from '../../../lib/vendors/cec/profile.ts'
import type { CecSettings } from '../../../lib/vendors/cec/settings.ts'
import { oiapProfile } from '../../../lib/vendors/oiap/profile.ts'
import type { OiapSettings } from '../../../lib/vendors/oiap/settings.ts'
import type { ServiceTokenSource } from '../../../lib/vendors/service-token-source.ts'
import { vendorContext } from '../../../lib/vendors/vendor-context.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const LIFE_MS = HOUR_MS
/** When the schedule looks, with `random` 0.5: two minutes before the soft limit. */
const DUE_MS = LIFE_MS - 5 * MINUTE_MS - MINUTE_MS - 2 * MINUTE_MS
const HARD_MS = LIFE_MS - 30_000
const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const prefix = secret('machine tokens', randomBytes(20).toString('base64url'))
const appSecret = secret('appSecret', randomBytes(20).toString('base64url'))

let at: number
let table: MemoryTable
let vault: Map<string, { value: string; changedAt: number }>
/** Names of the tenants that a vendor was asked for. */
let asked: string[]
/** What the vendors do before they answer. */
let vendor: (tenantSpaceId: string) => Promise<void>
let lines: (LogFields & { readonly level: LogLevel })[]
let unreadableSecret: string | undefined
/** Names of the secrets that were read, in that order. */
let read: string[]

beforeEach(() => {
  at = 1_790_000_000_000
  table = memoryTable()
  vault = new Map()
  asked = []
  vendor = async () => undefined
  lines = []
  unreadableSecret = undefined
  read = []
})

const OIAP = { url: 'https://oiap.example.com/token', appKey: 'app', appSecret }
const CEC = {
  tokenUrl: 'https://cec.example.com/token',
  applyTokenUrl: 'https://cec.example.com/apply',
  chatUrl: 'https://cec.example.com/chat',
  appKey: 'app',
  appSecret,
}
const put = (name: string, value: object = OIAP) =>
  vault.set(`test/tenants/${name}`, { value: JSON.stringify(value), changedAt: at })
const list: SecretList = async function* (namePrefix) {
  yield [...vault]
    .map(([name, { changedAt }]) => ({ name, changedAt }))
    .filter(({ name }) => name.startsWith(namePrefix))
}

/** The schedule's function in a sandbox that has just started. */
const sandbox = ({ of = table as Table, listing = list } = {}) => {
  const now = () => new Date(at)
  const random = () => 0.5
  const log = (level: LogLevel, fields: LogFields) => lines.push({ level, ...fields })
  const source = {
    read: async (name: string) => {
      read.push(name)
      const found = vault.get(name)
      if (name === unreadableSecret) throw new SecretSourceError('transient', 'ThrottlingException')
      if (found === undefined) throw new SecretSourceError('final', 'ResourceNotFoundException')
      return { value: found.value, versionId: createHash('sha256').update(found.value).digest('hex') }
    },
  }
  const secrets = secretReader({ source, prefix: 'test', now, random, log: () => undefined })
  const pause = async () => undefined
  const breaker = circuitBreaker({ table: of, keyed: async (text) => ring.keyed(text), now, random, pause })
  const newId = () => randomBytes(8).toString('hex')
  const tokens = tokenCache({
    table: of,
    keyring: async () => ring,
    now,
    random,
    newId,
    pause,
    log: () => undefined,
  })
  const fetch = async ({ tenantSpaceId }: { tenantSpaceId: string }): Promise<ServiceToken> => {
    asked.push(tenantSpaceId)
    await vendor(tenantSpaceId)
    return { token: `${prefix} ${asked.length}`, issuedAt: at, expiresAt: at + LIFE_MS }
  }
  const cec: ServiceTokenSource<CecSettings> = {
    system: 'cec',
    credentials: vendorContext({ secrets, breaker }, cecProfile),
    variant: () => [],
    fetch,
  }
  const oiap: ServiceTokenSource<OiapSettings> = {
    system: 'oiap',
    credentials: vendorContext({ secrets, breaker }, oiapProfile),
    variant: () => [],
    fetch,
  }
  const deps = { tokens, now }
  return prewarm({
    warmers: [warmerOf(cec, deps), warmerOf(oiap, deps)],
    tokens,
    table: of,
    list: listing,
    prefix: 'test',
    now,
    log,
  })
}
const within = (ms: number) => {
  const endsAt = at + ms
  return { remainingMs: () => Math.max(0, endsAt - at) }
}
const run = (by = sandbox(), ms = MINUTE_MS) => by(within(ms))
const NOTHING: PrewarmSummary = {
  due: 0,
  found: 0,
  refreshed: 0,
  upToDate: 0,
  dropped: 0,
  failed: 0,
  endangered: 0,
  left: 0,
}
/** So many tenants of OIAP with a token each, all due at one moment; the last sweep was an hour ago. */
const tenantsDue = async (count: number): Promise<void> => {
  for (let number = 0; number < count; number++) put(`t${number}/oiap`)
  for (let left = count; left > 0; ) left = (await run()).left
  at += DUE_MS
  asked = []
}
const refusing = (failure: UpstreamFailure) => async () => {
  throw failure
}

describe('a run', () => {
  it('finds new tenants, and fetches a token for each system that has one', async () => {
    put('t1/cec', CEC)
    put('t1/oiap')
    put('t2/oiap', { ...OIAP, warm: 'never' })
    expect(await run()).toEqual({ ...NOTHING, found: 3, refreshed: 2, dropped: 1 })
    expect(asked).toEqual(['t1', 't1'])
    expect(await run()).toEqual(NOTHING)
  })

  it('renews what is due and nothing else, and asks the table for no more', async () => {
    await tenantsDue(3)
    at -= 1
    table.resetCounters()
    expect([await run(), asked]).toEqual([NOTHING, []])
    // a list for each system, empty, and the sweep's item
    expect(table.calls()).toMatchObject({ listed: 2, get: 1, change: 0 })
    at += 1
    expect(await run()).toEqual({ ...NOTHING, due: 3, refreshed: 3 })
    expect(await run()).toEqual(NOTHING)
  })

  it('begins with the most urgent, whatever its system', async () => {
    put('later/cec', CEC)
    put('sooner/oiap')
    await run()
    const [cec] = table.dump().filter(({ system }) => system === 'cec')
    await table.change(String(cec?.['pk']), { set: { listedAt: at + DUE_MS + 1 } }, within(1_000))
    at += DUE_MS + 1
    read = []
    expect(await run()).toMatchObject({ due: 2, refreshed: 2 })
    expect(read).toEqual(['test/tenants/sooner/oiap', 'test/tenants/later/cec'])
  })

  it('asks vendors for forty at a time, and no more', async () => {
    await tenantsDue(100)
    let running = 0
    let most = 0
    vendor = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    expect(await run()).toEqual({ ...NOTHING, due: 100, refreshed: 100 })
    expect(most).toBeLessThanOrEqual(40)
    expect(most).toBeGreaterThan(20)
  })

  it('begins nothing that may not end in time, says how much is left, and the next run does that', async () => {
    await tenantsDue(100)
    vendor = async () => {
      at += 200
    }
    const first = await run(sandbox(), 20_000)
    expect(first.left).toBeGreaterThan(0)
    expect(first).toEqual({ ...NOTHING, due: 100, refreshed: 100 - first.left, left: first.left })
    expect(asked).toHaveLength(100 - first.left)
    vendor = async () => undefined
    expect(await run()).toMatchObject({ due: first.left, refreshed: first.left, left: 0 })
    expect(new Set(asked).size).toBe(100)
  })

  it('looks for no new tenants while there is something left', async () => {
    await tenantsDue(60)
    at += HOUR_MS
    put('new/oiap')
    expect(await run(sandbox(), 10_000)).toEqual({ ...NOTHING, due: 60, left: 60 })
    expect(await run()).toMatchObject({ due: 60, found: 61, left: 0 })
    expect(asked).toContain('new')
  })

  it('shares the work with another that comes at the same time: each token is fetched once', async () => {
    await tenantsDue(30)
    const both = await Promise.all([run(), run()])
    expect(both.map(({ due }) => due)).toEqual([30, 30])
    expect(both[0].refreshed + both[1].refreshed).toBe(30)
    expect(both[0].upToDate + both[1].upToDate).toBe(30)
    expect([asked.length, new Set(asked).size]).toEqual([30, 30])
  })

  it('can be repeated at once, which does nothing', async () => {
    await tenantsDue(5)
    await run()
    expect([await run(), asked.length]).toEqual([NOTHING, 5])
  })

  it('drops the tokens of a tenant that has gone', async () => {
    await tenantsDue(2)
    vault.delete('test/tenants/t0/oiap')
    expect(await run()).toEqual({ ...NOTHING, due: 2, refreshed: 1, dropped: 1 })
    expect(table.dump().map(({ tenantSpaceId }) => tenantSpaceId)).not.toContain('t0')
  })
})

describe('a failure', () => {
  it('of one tenant is logged and counted, and hinders no other', async () => {
    await tenantsDue(3)
    vendor = async (tenant) => {
      if (tenant === 't1')
        throw new UpstreamFailure('throttled', { upstreamStatus: 429, retryAfterSeconds: 1 })
    }
    expect(await run()).toEqual({ ...NOTHING, due: 3, refreshed: 2, failed: 1 })
    expect(lines).toEqual([
      {
        level: 'WARN',
        code: 'WARM_UP_FAILED',
        system: 'oiap',
        tenantSpaceId: 't1',
        reason: 'UPSTREAM_THROTTLED',
        upstreamStatus: 429,
        retryAfterSeconds: 1,
      },
    ])
  })

  it('is tried again by the run of the next minute', async () => {
    await tenantsDue(1)
    vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await run()).toMatchObject({ due: 1, failed: 1 })
    expect(await run()).toMatchObject({ due: 0 })
    vendor = async () => undefined
    at += MINUTE_MS
    expect(await run()).toMatchObject({ due: 1, refreshed: 1 })
  })

  it('is tried again by the run of the next minute whatever pause the vendor asks for', async () => {
    await tenantsDue(1)
    const inADay = { upstreamStatus: 429, retryAfterSeconds: 86_400 }
    vendor = refusing(new UpstreamFailure('throttled', inADay))
    expect(await run()).toMatchObject({ due: 1, failed: 1 })
    expect(await run()).toMatchObject({ due: 0 })
    at += MINUTE_MS
    expect(await run()).toMatchObject({ due: 1, failed: 1 })
    vendor = async () => undefined
    at += MINUTE_MS
    expect(await run()).toMatchObject({ due: 1, refreshed: 1 })
  })

  it('counts as endangering with less than two periods of life left, and only then', async () => {
    await tenantsDue(1)
    vendor = refusing(new UpstreamFailure('unavailable', {}))
    const failsAt = async (ageMs: number) => {
      at += ageMs - DUE_MS
      const summary = await run(sandbox({ listing: async function* () {} }))
      at -= ageMs - DUE_MS
      await table.change(String(table.dump()[1]?.['pk']), { set: { listedAt: 0 } }, within(1_000))
      return [summary.failed, summary.endangered]
    }
    expect(await failsAt(DUE_MS)).toEqual([1, 0])
    expect(await failsAt(HARD_MS - 2 * MINUTE_MS)).toEqual([1, 0])
    expect(await failsAt(HARD_MS - 2 * MINUTE_MS + 1)).toEqual([1, 1])
    expect(await failsAt(HARD_MS + 2 * MINUTE_MS - 1)).toEqual([1, 1])
    // it has long been dead: that was alarmed
    expect(await failsAt(HARD_MS + 2 * MINUTE_MS)).toEqual([1, 0])
  })

  it('of a tenant that never had a token endangers none', async () => {
    put('t1/oiap')
    vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await run()).toEqual({ ...NOTHING, found: 1, failed: 1 })
    at += MINUTE_MS
    expect(await run()).toEqual({ ...NOTHING, due: 1, failed: 1 })
  })

  it('for credentials is not repeated: the vendor is not asked again, and others are served', async () => {
    await tenantsDue(2)
    vendor = async (tenant) => {
      if (tenant === 't0') throw new UpstreamFailure('credential', { upstreamCode: '200800002' })
    }
    expect(await run()).toMatchObject({ refreshed: 1, failed: 1 })
    for (let runs = 0; runs < 60; runs++) {
      at += MINUTE_MS
      await run()
    }
    expect(asked.filter((tenant) => tenant === 't0')).toHaveLength(1)
    expect(asked.filter((tenant) => tenant === 't1').length).toBeGreaterThan(1)
  })

  it('has a line of its own for the first twenty, and a place in the sum for all', async () => {
    await tenantsDue(25)
    vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await run()).toMatchObject({ failed: 25 })
    expect(lines).toHaveLength(20)
  })
})

describe('the hourly sweep', () => {
  it('is finished although a vendor failed: that tenant is listed from then on', async () => {
    put('t1/oiap')
    vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await run()).toMatchObject({ found: 1, failed: 1 })
    at += MINUTE_MS
    vendor = async () => undefined
    expect(await run()).toEqual({ ...NOTHING, due: 1, refreshed: 1 })
  })

  it('is repeated by the next run when a secret could not be read: nothing lists that tenant', async () => {
    put('t1/oiap')
    put('t2/oiap')
    unreadableSecret = 'test/tenants/t1/oiap'
    expect(await run()).toMatchObject({ found: 2, refreshed: 1, failed: 1 })
    unreadableSecret = undefined
    expect(await run()).toEqual({ ...NOTHING, found: 2, refreshed: 1, upToDate: 1 })
    expect(await run()).toEqual(NOTHING)
  })

  it('is repeated by the next run when the time was used up', async () => {
    for (let number = 0; number < 100; number++) put(`t${number}/oiap`)
    vendor = async () => {
      at += 200
    }
    const first = await run(sandbox(), 20_000)
    expect(first).toMatchObject({ found: 100, refreshed: 100 - first.left })
    expect(first.left).toBeGreaterThan(0)
    vendor = async () => undefined
    expect(await run()).toMatchObject({
      found: 100,
      refreshed: first.left,
      upToDate: 100 - first.left,
      left: 0,
    })
  })

  it('that cannot list the secrets does not hide what the run has done', async () => {
    await tenantsDue(1)
    at += HOUR_MS
    const denied: SecretList = async function* () {
      yield []
      throw new SecretSourceError('final', 'AccessDeniedException')
    }
    expect(await run(sandbox({ listing: denied }))).toMatchObject({ due: 1, refreshed: 1 })
  })
})

describe('with the table down', () => {
  const unavailable = async () => {
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
  }
  it('the run fails, and no vendor is asked', async () => {
    await tenantsDue(3)
    // biome-ignore lint/correctness/useYield: it fails before its first page
    const listed = async function* () {
      await unavailable()
    } as Table['listed']
    await expect(run(sandbox({ of: { ...table, listed } }))).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
    })
    expect([asked, lines]).toEqual([[], []])
    expect(await run()).toMatchObject({ refreshed: 3 })
  })

  it('the run fails also when it goes down between the list and the work', async () => {
    await tenantsDue(3)
    const gone = { ...table, get: unavailable, change: unavailable, remove: unavailable }
    await expect(run(sandbox({ of: gone }))).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(asked).toEqual([])
  })
})
