import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type CircuitBreaker,
  type CircuitBreakerDeps,
  circuitBreaker,
} from '../../../lib/circuit-breaker/circuit-breaker.ts'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import type { Table } from '../../../lib/table/table.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import { VENDORS, type VendorSystem } from '../../../lib/vendors/registry.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const fingerprint = secret('fingerprint', createHash('sha256').update(randomBytes(20)).digest('hex'))
const deadline = { remainingMs: () => 5_000 }
const MINUTE_MS = 60_000

let at: number
let table: MemoryTable
let isDown: boolean
let one: CircuitBreaker
let other: CircuitBreaker

const POLICIES = new Map(VENDORS.map(({ system, credentials }) => [system, credentials.breaker]))
const account = (system: VendorSystem, changes: Partial<Account> = {}): Account => ({
  system,
  policy: POLICIES.get(system) as Account['policy'],
  tenantSpaceId: 't1',
  fingerprint,
  ...changes,
})
const CEC = account('cec')
const OIAP = account('oiap')

/** The table, until it is down. */
const flaky = (): Table => {
  const unless =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (isDown) throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
      return call(...args)
    }
  return { ...table, get: unless(table.get), change: unless(table.change), remove: unless(table.remove) }
}
const sandbox = (changes: Partial<CircuitBreakerDeps> = {}): CircuitBreaker =>
  circuitBreaker({
    table: flaky(),
    keyed: async (of) => ring.keyed(of),
    now: () => new Date(at),
    random: () => 0.5,
    pause: async () => undefined,
    ...changes,
  })

beforeEach(() => {
  at = 1_790_000_000_000
  table = memoryTable()
  isDown = false
  one = sandbox()
  other = sandbox()
})

const credential = new UpstreamFailure('credential', { upstreamStatus: 200, upstreamCode: '200800002' })
const unclear = new UpstreamFailure('refused-unclear', { upstreamStatus: 403 })
const refuse = (by: CircuitBreaker, of = CEC) => by.recordFailure(of, credential, deadline)
const backOff = (by: CircuitBreaker, of = CEC) => by.recordFailure(of, unclear, deadline)
const check = (by: CircuitBreaker, of = CEC) => by.check(of, deadline)
/** How many of these are let through to try. */
const probers = async (all: readonly CircuitBreaker[], of = CEC): Promise<number> =>
  (await Promise.all(all.map((by) => check(by, of)))).filter((failure) => failure === undefined).length

describe('a refusal of credentials', () => {
  it('stands in the way in every sandbox, in the vendor’s own terms', async () => {
    expect(await check(other)).toBeUndefined()
    await refuse(one)
    for (const by of [one, other]) {
      expect(await check(by)).toMatchObject({
        code: 'UPSTREAM_CREDENTIAL',
        failure: 'credential',
        detail: {
          upstreamStatus: 200,
          upstreamCode: '200800002',
          retryAfterSeconds: 900,
          reason: 'not tried again',
        },
      })
    }
  })

  it.each<[string, Account]>([
    ['fingerprint', account('cec', { fingerprint: 'another' })],
    ['tenant', account('cec', { tenantSpaceId: 't2' })],
    ['system', account('live')],
  ])('stands in nobody’s way with another %s', async (_, of) => {
    await refuse(one)
    expect([await check(one, of), await check(other, of)]).toEqual([undefined, undefined])
    expect(await check(other)).toBeDefined()
  })

  it.each(['cec', 'live'] as const)('by %s is over after 15 minutes, for one who may try', async (system) => {
    const of = account(system)
    await refuse(one, of)
    at += 15 * MINUTE_MS - 1
    expect(await probers([one, other], of)).toBe(0)
    at += 1
    expect(await probers([one, other], of)).toBe(1)
  })

  it('by OIAP stays without end when another try, under way at the same time, is refused without a reason', async () => {
    await refuse(one, OIAP)
    await backOff(other, OIAP)
    at += 60 * MINUTE_MS
    expect(await probers([one, other, sandbox()], OIAP)).toBe(0)
  })

  it('by OIAP without a reason is no leave to try once the table is down and the pause over', async () => {
    await backOff(one, OIAP)
    isDown = true
    at += 60 * MINUTE_MS
    await expect(check(one, OIAP)).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    isDown = false
    expect(await probers([one, other], OIAP)).toBe(1)
  })

  it('by OIAP without a reason is tried ever more seldom, to once in 15 minutes', async () => {
    let tries = 0
    for (const end = at + 24 * 60 * MINUTE_MS; at < end; at += 5_000) {
      if ((await probers([one, other], OIAP)) === 0) continue
      tries += 1
      await backOff(one, OIAP)
    }
    // eight in the first 21 minutes, then four an hour
    expect(tries).toBeGreaterThan(90)
    expect(tries).toBeLessThan(105)
  })

  it('by OIAP has no end: patience locks an account as well as haste', async () => {
    await refuse(one, OIAP)
    at += 365 * 24 * 60 * MINUTE_MS
    const failure = await check(other, OIAP)
    expect(failure).toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    expect(failure?.detail.retryAfterSeconds).toBeUndefined()
    expect(await check(one, OIAP)).toBeDefined()
    expect(table.dump()[0]?.['sweepAt']).toBeUndefined()
  })

  it('is lifted in every sandbox, within 30 s, by deleting the item', async () => {
    await refuse(one, OIAP)
    expect(await check(other, OIAP)).toBeDefined()
    await table.remove(String(table.dump()[0]?.['pk']), {}, deadline)
    at += 29_999
    expect(await check(one, OIAP)).toBeDefined()
    at += 1
    expect([await check(one, OIAP), await check(other, OIAP)]).toEqual([undefined, undefined])
  })

  it('is lifted for all when the credentials turn out to be good', async () => {
    await backOff(one)
    at += 5_000
    expect(await check(one)).toBeUndefined()
    await one.recordSuccess(CEC, deadline)
    expect([table.dump(), await check(one), await check(other)]).toEqual([[], undefined, undefined])
  })

  it('costs the table one look per 30 s and sandbox, and a success nothing', async () => {
    await refuse(one)
    table.resetCounters()
    for (let i = 0; i < 100; i++) await check(one)
    expect(table.calls().get).toBe(0)
    at += 30_000
    await Promise.all([check(one)])
    await check(one)
    expect(table.calls().get).toBe(1)
    await other.recordSuccess(account('cec', { tenantSpaceId: 't2' }), deadline)
    expect(table.calls().remove).toBe(0)
  })

  it('is listed for whoever wants to lift it, with what the vendor said and when', async () => {
    await refuse(one)
    expect(table.dump()).toEqual([
      {
        pk: expect.stringMatching(/^3:cec5:block2:t143:[\w-]{43}$/),
        system: 'cec',
        tenantSpaceId: 't1',
        failure: 'credential',
        upstreamStatus: 200,
        upstreamCode: '200800002',
        since: at,
        until: at + 15 * MINUTE_MS,
        backOffMs: 15 * MINUTE_MS,
        listedIn: 'blocks',
        listedAt: at,
        sweepAt: Math.ceil(at / 1000) + 15 * 60 + 7 * 24 * 3600,
      },
    ])
  })

  it('shows in a dump no fingerprint as it is in memory', async () => {
    await refuse(one)
    expect(JSON.stringify(table.dump())).not.toContain(fingerprint)
    const unkeyed = sandbox({ keyed: async (of) => of })
    await refuse(unkeyed)
    expect(JSON.stringify(table.dump())).toContain(fingerprint)
  })

  it('counts for nothing when its item says nothing that is known', async () => {
    await refuse(one)
    const pk = String(table.dump()[0]?.['pk'])
    await table.change(pk, { set: { failure: 'whatever' } }, deadline)
    expect(await check(other)).toBeUndefined()
    await table.change(pk, { set: { failure: 'credential' }, remove: ['upstreamStatus', 'since'] }, deadline)
    expect(await check(sandbox())).toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
  })
})

describe('a refusal without a reason', () => {
  it('is left alone for 5 s, doubling to 60 s', async () => {
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      await backOff(one)
      expect((await check(one))?.detail.retryAfterSeconds).toBe(seconds)
      at += seconds * 1000 - 1
      expect(await check(one)).toMatchObject({ code: 'UPSTREAM_REFUSED' })
      at += 1
      expect(await check(one)).toBeUndefined()
    }
  })

  it('doubles also when another sandbox tries', async () => {
    await backOff(one)
    at += 5_000
    expect(await check(other)).toBeUndefined()
    await backOff(other)
    expect((await check(sandbox()))?.detail.retryAfterSeconds).toBe(10)
  })

  it('begins anew after a success', async () => {
    await backOff(one)
    await backOff(one)
    await one.recordSuccess(CEC, deadline)
    await backOff(one)
    expect((await check(other))?.detail.retryAfterSeconds).toBe(5)
  })

  it('lets exactly one of many sandboxes and requests try after each pause', async () => {
    const all = Array.from({ length: 20 }, () => sandbox())
    await backOff(one)
    expect(await probers([...all, ...all])).toBe(0)
    at += 5_000
    expect(await probers([...all, ...all])).toBe(1)
    at += 4_999
    expect(await probers(all)).toBe(0)
    at += 1
    expect(await probers(all)).toBe(1)
  })

  it('keeps its beginning through all pauses', async () => {
    const since = at
    await backOff(one)
    at += 5_000
    await backOff(one)
    expect(table.dump()[0]).toMatchObject({ since, listedAt: since })
  })
})

describe('a clock that was set back', () => {
  it('does not stretch a pause', async () => {
    await backOff(one)
    at -= 60 * MINUTE_MS
    expect((await check(other))?.detail.retryAfterSeconds).toBe(5)
    expect((await check(one))?.detail.retryAfterSeconds).toBe(5)
  })

  it('does not let a sandbox rely on its memory for longer', async () => {
    await refuse(one, OIAP)
    await table.remove(String(table.dump()[0]?.['pk']), {}, deadline)
    at -= 60 * MINUTE_MS
    expect(await check(one, OIAP)).toBeUndefined()
  })
})

describe('with the table down', () => {
  const unavailable = { code: 'TOKEN_STORE_UNAVAILABLE' }

  it.each(['cec', 'live'] as const)('%s is asked as if nothing stood in the way', async (system) => {
    isDown = true
    expect(await check(one, account(system))).toBeUndefined()
  })

  it('OIAP is asked only with credentials that this sandbox has succeeded with', async () => {
    isDown = true
    await expect(check(one, OIAP)).rejects.toMatchObject(unavailable)
    await one.recordSuccess(OIAP, deadline)
    expect(await check(one, OIAP)).toBeUndefined()
    await expect(check(other, OIAP)).rejects.toMatchObject(unavailable)
    await expect(check(one, { ...OIAP, fingerprint: 'another' })).rejects.toMatchObject(unavailable)
  })

  it('OIAP is not asked either where the key of fingerprints cannot be read', async () => {
    const keyless = sandbox({
      keyed: async () => {
        throw new BridgeError('SECRET_UNAVAILABLE', 'no key')
      },
    })
    await expect(check(keyless, OIAP)).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    expect(await check(keyless, CEC)).toBeUndefined()
  })

  it('what this sandbox knows still stands, and lets one through after the pause', async () => {
    await backOff(one)
    isDown = true
    expect(await check(one)).toBeDefined()
    at += 5_000
    expect(await probers([one, one, one])).toBe(1)
    at += 5_000
    expect(await probers([one, one, one])).toBe(1)
  })

  it('a block that cannot be stored holds in this sandbox, and is stored when the table is back', async () => {
    isDown = true
    await refuse(one, OIAP)
    expect(await check(one, OIAP)).toBeDefined()
    at += 30_000
    expect(await check(one, OIAP)).toBeDefined()
    expect(table.dump()).toEqual([])
    isDown = false
    expect(await check(other, OIAP)).toBeUndefined()
    at += 30_000
    expect(await check(one, OIAP)).toBeDefined()
    expect(await check(other, OIAP)).toBeDefined()
  })

  it('a pause that could not be stored also ends for one at a time', async () => {
    isDown = true
    await backOff(one)
    isDown = false
    at += 5_000
    expect(await probers([one, one, one])).toBe(1)
  })

  it('a block is tried to be stored three times, and no more than there is time for', async () => {
    isDown = true
    let pauses = 0
    const counting = sandbox({
      pause: async () => {
        pauses += 1
      },
    })
    await refuse(counting)
    expect(pauses).toBe(2)
    await counting.recordFailure(CEC, credential, { remainingMs: () => 1 })
    expect(pauses).toBe(2)
  })

  it('a block is stored by a later try of the three', async () => {
    isDown = true
    const healing = sandbox({
      pause: async () => {
        isDown = false
      },
    })
    await refuse(healing)
    expect(await check(other)).toBeDefined()
  })

  it('a success is no failure: what it could not delete ends by itself', async () => {
    await backOff(one)
    isDown = true
    await one.recordSuccess(CEC, deadline)
    expect(await check(one)).toBeUndefined()
    isDown = false
    expect(table.dump()).toHaveLength(1)
  })
})

describe('a mistake of ours', () => {
  const broken = () =>
    sandbox({
      keyed: async () => {
        throw new TypeError('a mistake')
      },
    })
  it('is not taken for a table that is down', async () => {
    await expect(check(broken(), CEC)).rejects.toThrow('a mistake')
    const by = broken()
    await expect(refuse(by)).rejects.toThrow('a mistake')
    await expect(by.recordSuccess(CEC, deadline)).rejects.toThrow('a mistake')
  })
})

describe('the memory of a sandbox', () => {
  it('holds a thousand blocks, and asks the table for the rest', async () => {
    for (let number = 0; number <= 1_000; number++)
      await backOff(one, account('cec', { fingerprint: `f${number}` }))
    table.resetCounters()
    expect(await check(one, account('cec', { fingerprint: 'f1000' }))).toBeDefined()
    expect(table.calls().get).toBe(0)
    expect(await check(one, account('cec', { fingerprint: 'f0' }))).toBeDefined()
    expect(table.calls().get).toBe(1)
  })
})
