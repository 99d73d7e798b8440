import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import { BridgeError, type ErrorCode } from '../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { leftInSilence } from '../../../lib/table/fail-fast-table.ts'
import type { Item, Table } from '../../../lib/table/table.ts'
import { seen } from '../../../lib/token-cache/items.ts'
import { type Keyring, keyring } from '../../../lib/token-cache/seal.ts'
import type {
  Fetch,
  ServiceToken,
  TokenRequest,
  TokenSubject,
} from '../../../lib/token-cache/service-token.ts'
import {
  type SharedTokenDeps,
  type SharedTokens,
  sharedTokens,
} from '../../../lib/token-cache/shared-tokens.ts'
import { withoutLeases } from '../../../tools/bench/simulate/leaseless-table.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

/** Time that stands still while anything is being done, and jumps to the next one who waits when nothing is. */
const virtualTime = () => {
  let at = 1_790_000_000_000
  let busy = 0
  const sleepers: { wakeAt: number; wake: () => void }[] = []
  return {
    now: () => new Date(at),
    advance: (ms: number) => {
      at += ms
    },
    pause: (ms: number) => new Promise<void>((wake) => sleepers.push({ wakeAt: at + ms, wake })),
    /** For work that the event loop does elsewhere, as encryption: time waits for it. */
    working: async <Result>(work: Promise<Result>): Promise<Result> => {
      busy += 1
      return work.finally(() => {
        busy -= 1
      })
    },
    /** Everything has been done that can be without time going on. */
    settled: async () => {
      for (let calm = 0; calm < 3; calm = busy > 0 ? 0 : calm + 1)
        await new Promise((resolve) => setImmediate(resolve))
    },
    run: async <Result>(work: Promise<Result>): Promise<Result> => {
      let isDone = false
      const done = () => {
        isDone = true
      }
      work.then(done, done)
      for (let idle = 0; !isDone && idle < 1_000; ) {
        await new Promise((resolve) => setImmediate(resolve))
        if (isDone || busy > 0) continue
        sleepers.sort((a, b) => a.wakeAt - b.wakeAt)
        const next = sleepers.shift()
        if (next === undefined) idle += 1
        else {
          at = Math.max(at, next.wakeAt)
          next.wake()
        }
      }
      if (!isDone) throw new Error('nobody will ever wake this')
      return work
    },
  }
}

const SUBJECT: TokenSubject = {
  system: 'cec',
  tenantSpaceId: 't1',
  fingerprint: 'f1',
  variant: ['600'],
  overlap: 'tolerated',
}
const LIFE_MS = 600_000
const HOUR_MS = 3_600_000
const key = { key: secret('token store key', newTokenStoreKey()) }
const prefix = secret('machine tokens', randomBytes(20).toString('base64url'))

let time: ReturnType<typeof virtualTime>
let ring: Keyring
let table: MemoryTable
let ids: number
let fetches: number
let lines: (LogFields & { readonly level: LogLevel })[]

beforeEach(() => {
  time = virtualTime()
  const real = keyring(key)
  ring = {
    keyed: real.keyed,
    seal: (...args) => time.working(real.seal(...args)),
    open: (...args) => time.working(real.open(...args)),
  }
  table = memoryTable()
  ids = 0
  fetches = 0
  lines = []
})

/** A sandbox's store. `clockMs`: how far its clock is ahead. */
const sandbox = (changes: Partial<SharedTokenDeps> = {}, clockMs = 0): SharedTokens =>
  sharedTokens({
    table,
    keyring: async () => ring,
    now: () => new Date(time.now().getTime() + clockMs),
    random: () => 0.5,
    newId: () => {
      ids += 1
      return `lease ${ids}`
    },
    pause: time.pause,
    log: (level, fields) => lines.push({ level, ...fields }),
    ...changes,
  })

const within = (ms: number) => {
  const endsAt = time.now().getTime() + ms
  return { remainingMs: () => Math.max(0, endsAt - time.now().getTime()) }
}
const made = (): ServiceToken => {
  fetches += 1
  const issuedAt = time.now().getTime()
  return { token: `${prefix} ${fetches}`, issuedAt, expiresAt: issuedAt + LIFE_MS }
}
/** A vendor that takes its time. */
const fetchIn =
  (ms: number): Fetch =>
  async () => {
    const token = made()
    await time.pause(ms)
    return token
  }
const fetch = fetchIn(200)
const failIn =
  (ms: number, code: ErrorCode): Fetch =>
  async () => {
    fetches += 1
    await time.pause(ms)
    throw new BridgeError(code, 'failed')
  }
/** One that hangs until long after everybody has lost patience. */
const dead = () => fetchIn(24 * HOUR_MS)

const request = (how: Fetch = fetch, deadline: Deadline = within(20_000)): TokenRequest => ({
  subject: SUBJECT,
  fetch: how,
  deadline,
})
const item = (): Item => table.dump()[0] ?? {}
const get = (from: SharedTokens, how: Fetch = fetch, ms = 20_000) => from.get(request(how, within(ms)))
/** Work that is never waited for, as that of a sandbox that is frozen or dies. */
const abandon = (work: Promise<unknown>): void => void work.catch(() => undefined)
const settle = () => time.settled()
/** A stored token, `agoMs` old. */
const stored = async (agoMs = 0): Promise<ServiceToken> => {
  const token = await time.run(get(sandbox(), async () => ({ ...made(), token: `${prefix} stored` })))
  time.advance(agoMs)
  fetches = 0
  table.resetCounters()
  return token
}
const codes = () => lines.map(({ code }) => code)
const down = (operations: readonly (keyof Table)[]): Table => {
  const refuse = () => {
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
  }
  return { ...table, ...Object.fromEntries(operations.map((name) => [name, async () => refuse()])) }
}

describe('sharedTokens.get', () => {
  it('asks the vendor once for eight sandboxes at one moment', async () => {
    const all = await time.run(Promise.all(Array.from({ length: 8 }, () => get(sandbox()))))
    expect([new Set(all.map(({ token }) => token)).size, fetches]).toEqual([1, 1])
    expect(lines).toEqual([
      { level: 'INFO', code: 'MACHINE_TOKEN_FETCHED', system: 'cec', tenantSpaceId: 't1' },
    ])
  })

  it('asks it eight times without leases, and all end with one token: what the lease saves is calls', async () => {
    const all = await time.run(
      Promise.all(Array.from({ length: 8 }, () => get(sandbox({ table: withoutLeases(table) })))),
    )
    expect(fetches).toBe(8)
    expect([new Set(all.map(({ token }) => token)).size, item()['generation']]).toEqual([1, 1])
  })

  it('takes what is stored, without asking anybody', async () => {
    const token = await stored(60_000)
    expect(await time.run(get(sandbox()))).toEqual(token)
    expect([fetches, table.calls()]).toMatchObject([0, { get: 1, change: 0 }])
  })

  it('stores the token sealed, counted and listed, and nothing that a dump could use', async () => {
    const token = await stored()
    expect(item()).toEqual({
      pk: expect.stringMatching(/^3:cec5:token2:t143:[\w-]{43}3:600$/),
      system: 'cec',
      tenantSpaceId: 't1',
      sealed: expect.any(String),
      generation: 1,
      issuedAt: token.issuedAt,
      expiresAt: token.expiresAt,
      listedIn: 'cec',
      listedAt: token.issuedAt + 336_000,
      usedAt: token.issuedAt,
      sweepAt: Math.ceil(token.expiresAt / 1000) + 7 * 24 * 3600,
    })
    expect(JSON.stringify(table.dump())).not.toContain(prefix)
  })

  it('fetches anew at the hard limit, as the next generation', async () => {
    const token = await stored(LIFE_MS - 30_001)
    expect(await time.run(get(sandbox()))).toEqual(token)
    time.advance(1)
    expect((await time.run(get(sandbox()))).token).not.toBe(token.token)
    expect([fetches, item()['generation']]).toEqual([1, 2])
  })

  it.each<[string, Partial<TokenSubject>]>([
    ['tenant', { tenantSpaceId: 't2' }],
    ['system', { system: 'oiap' }],
    ['credentials', { fingerprint: 'f2' }],
    ['life', { variant: ['1200'] }],
  ])('shares nothing with another %s', async (_, changes) => {
    await stored()
    const token = await time.run(sandbox().get({ ...request(), subject: { ...SUBJECT, ...changes } }))
    expect([fetches, table.dump().length]).toEqual([1, 2])
    expect(await time.run(sandbox().get({ ...request(), subject: { ...SUBJECT, ...changes } }))).toEqual(
      token,
    )
    expect(fetches).toBe(1)
  })

  it('waits for whoever fetches, and looks again ever more seldom', async () => {
    const holder = get(sandbox(), fetchIn(4_000))
    await settle()
    table.resetCounters()
    const waiter = await time.run(get(sandbox()))
    expect(waiter).toEqual(await holder)
    expect([fetches, table.calls()]).toMatchObject([1, { change: 1 }])
    expect(table.calls().get).toBeLessThan(15)
  })

  it('gives up in time for an answer when whoever fetches takes too long', async () => {
    abandon(get(sandbox(), dead()))
    await settle()
    const deadline = within(3_000)
    await expect(time.run(sandbox().get(request(fetch, deadline)))).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
    expect(deadline.remainingMs()).toBeGreaterThanOrEqual(1_000)
    expect(fetches).toBe(1)
  })
})

describe('a lease whose holder fails', () => {
  const outcomes = async (code: ErrorCode) => {
    const holder = get(sandbox(), failIn(1_000, code))
    await settle()
    const waiters = Array.from({ length: 3 }, () => get(sandbox()))
    return time.run(Promise.allSettled([holder, ...waiters]))
  }
  const codeOf = (outcome: PromiseSettledResult<unknown>) =>
    outcome.status === 'rejected' ? outcome.reason.code : 'token'

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_THROTTLED', 'UPSTREAM_UNEXPECTED'] as const)(
    'shares %s with all who wait for it: nobody asks again at once',
    async (code) => {
      expect((await outcomes(code)).map(codeOf)).toEqual([code, code, code, code])
      expect(fetches).toBe(1)
      expect(await time.run(get(sandbox()))).toBeDefined()
      expect(fetches).toBe(2)
    },
  )

  it.each(['UPSTREAM_CREDENTIAL', 'UPSTREAM_REFUSED', 'UPSTREAM_TIMEOUT', 'INTERNAL'] as const)(
    'keeps %s to itself: one of those who wait asks for all',
    async (code) => {
      expect((await outcomes(code)).map(codeOf)).toEqual([code, 'token', 'token', 'token'])
      expect(fetches).toBe(2)
    },
  )

  it.each([
    ['UPSTREAM_UNAVAILABLE', 60_000],
    ['UPSTREAM_CREDENTIAL', 15 * 60_000],
  ] as const)('leaves, after %s, an item that the schedule sees again in %i ms', async (code, ms) => {
    await expect(time.run(get(sandbox(), failIn(100, code)))).rejects.toMatchObject({ code })
    expect(item()).toMatchObject({ listedIn: 'cec', listedAt: time.now().getTime() + ms, failedCode: code })
    expect(item()['leaseId']).toBeUndefined()
  })

  it('tells nobody of a failure that it came too late to wait for', async () => {
    await expect(time.run(get(sandbox(), failIn(100, 'UPSTREAM_UNAVAILABLE')))).rejects.toBeDefined()
    expect(await time.run(get(sandbox()))).toBeDefined()
    expect(item()['failedCode']).toBeUndefined()
  })

  it('throws what the vendor said also when the lease cannot be given back', async () => {
    let isDown = false
    const flaky: Table = {
      ...table,
      change: (...args) => (isDown ? down(['change']) : table).change(...args),
    }
    const failing: Fetch = async () => {
      isDown = true
      throw new BridgeError('UPSTREAM_UNAVAILABLE', 'failed')
    }
    await expect(time.run(get(sandbox({ table: flaky }), failing))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(item()['leaseId']).toBe('lease 1')
  })
})

describe('a lease whose holder dies', () => {
  const deadHolder = async (clockMs = 0) => {
    abandon(get(sandbox({}, clockMs), dead(), 48 * HOUR_MS))
    await settle()
    fetches = 0
  }
  const waitedMs = async (clockMs: number) => {
    const from = time.now().getTime()
    await time.run(get(sandbox({}, clockMs), fetch, 60_000))
    return time.now().getTime() - from
  }

  it('ends by itself: one of those who wait takes over', async () => {
    await deadHolder()
    const all = await time.run(Promise.all(Array.from({ length: 4 }, () => get(sandbox()))))
    expect([new Set(all.map(({ token }) => token)).size, fetches]).toEqual([1, 1])
  })

  it.each([
    ['of one clock', 0],
    ['of a clock 5 s behind: by watching, not by the moment it was told', -5_000],
    ['of a clock an hour behind', -HOUR_MS],
  ])('is over after its 10 s, to the longest pause, for who waits: %s', async (_, clockMs) => {
    await deadHolder()
    const ms = await waitedMs(clockMs)
    expect(ms).toBeGreaterThanOrEqual(10_000)
    expect(ms).toBeLessThan(11_000)
    expect(fetches).toBe(1)
  })

  it('is over sooner for a clock that is ahead, which costs a call and no more', async () => {
    await deadHolder()
    const ms = await waitedMs(5_000)
    expect(ms).toBeGreaterThanOrEqual(5_000)
    expect(ms).toBeLessThan(6_000)
    expect([fetches, item()['generation']]).toEqual([1, 1])
  })

  it('is over after its 10 s also where the dead one’s clock was an hour ahead', async () => {
    await deadHolder(HOUR_MS)
    expect(await waitedMs(0)).toBeLessThan(11_000)
    expect(fetches).toBe(1)
  })

  it('is watched anew when it becomes another’s', async () => {
    await deadHolder()
    abandon(get(sandbox(), dead(), 48 * HOUR_MS))
    const ms = await waitedMs(-HOUR_MS)
    // two dead ones, one after the other
    expect(ms).toBeGreaterThanOrEqual(20_000 - 1_000)
    expect(fetches).toBe(2)
  })
})

describe('a holder that stalls until others have taken over', () => {
  it('does not replace their newer token by its own, and takes theirs', async () => {
    const stalled = get(sandbox(), fetchIn(15_000), 60_000)
    await settle()
    const taken = await time.run(get(sandbox(), fetch, 60_000))
    const late = await time.run(stalled)
    expect([late, fetches, item()['generation']]).toEqual([taken, 2, 1])
    expect(await time.run(get(sandbox()))).toEqual(taken)
  })

  it('takes theirs also when its own fetch fails', async () => {
    const stalled = get(sandbox(), failIn(15_000, 'UPSTREAM_TIMEOUT'), 60_000)
    await settle()
    const taken = await time.run(get(sandbox(), fetch, 60_000))
    expect(await time.run(stalled)).toEqual(taken)
    expect(item()['failedCode']).toBeUndefined()
  })

  it('fails as its fetch did when the others have no token yet', async () => {
    const stalled = get(sandbox(), failIn(15_000, 'UPSTREAM_TIMEOUT'), 60_000)
    await settle()
    const other = get(sandbox(), fetchIn(8_000), 60_000)
    await expect(time.run(stalled)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(await time.run(other)).toBeDefined()
  })

  it('fails as its fetch did also when nobody can say what the others have', async () => {
    let isDown = false
    const flaky: Table = { ...table, get: (...args) => (isDown ? down(['get']) : table).get(...args) }
    const stalled = get(sandbox({ table: flaky }), failIn(15_000, 'UPSTREAM_TIMEOUT'), 60_000)
    await settle()
    expect(await time.run(get(sandbox(), fetch, 60_000))).toBeDefined()
    isDown = true
    await expect(time.run(stalled)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
  })

  it('keeps its own token when the others’ has ended meanwhile', async () => {
    const stalled = get(sandbox(), fetchIn(HOUR_MS), 2 * HOUR_MS)
    await settle()
    await time.run(get(sandbox(), fetch, 60_000))
    fetches = 0
    const late: Fetch = async () => ({ ...made(), expiresAt: time.now().getTime() + LIFE_MS })
    expect(await time.run(stalled)).toMatchObject({ token: `${prefix} 1` })
    expect(await time.run(get(sandbox(), late))).toBeDefined()
    expect(item()['generation']).toBe(2)
  })
})

describe('lost answers of the table', () => {
  /** Its changes happen; of the first `times` nobody is told. */
  const lossy = (times: number, tell: () => boolean): Table => {
    let left = times
    return {
      ...table,
      change: async (...args) => {
        const isDone = await table.change(...args)
        left -= 1
        return left < 0 ? isDone : tell()
      },
    }
  }
  const throwUnavailable = (): never => {
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'lost', { detail: { reason: 'TimeoutError' } })
  }

  it('are no loss: a lease that was ours is found to be, and used', async () => {
    const token = await time.run(get(sandbox({ table: lossy(1, () => false) })))
    expect([fetches, token.token, item()['generation'], codes()]).toEqual([
      1,
      `${prefix} 1`,
      1,
      ['MACHINE_TOKEN_FETCHED'],
    ])
  })

  it('are no loss: a token whose writing was not confirmed is found in the table', async () => {
    const token = await time.run(get(sandbox({ table: lossy(2, () => false) })))
    expect([fetches, item()['generation'], await time.run(get(sandbox()))]).toEqual([1, 1, token])
  })

  it('of the writing are repeated, and the token is stored once', async () => {
    let isWriting = false
    const lost: Table = {
      ...table,
      change: async (...args) => {
        const isDone = await table.change(...args)
        if (args[1].set?.['sealed'] === undefined || isWriting) return isDone
        isWriting = true
        return throwUnavailable()
      },
    }
    const token = await time.run(get(sandbox({ table: lost })))
    expect([fetches, item()['generation'], await time.run(get(sandbox()))]).toEqual([1, 1, token])
    expect(codes()).toEqual(['MACHINE_TOKEN_FETCHED'])
  })

  it('cost no fetch when the table throws over its lease: it looks again, and finds that it holds it', async () => {
    const token = await time.run(get(sandbox({ table: lossy(1, throwUnavailable) })))
    expect([token.token, fetches, codes()]).toEqual([`${prefix} 1`, 1, ['MACHINE_TOKEN_FETCHED']])
  })
})

describe('an unreadable table', () => {
  it('makes each sandbox ask the vendor itself, and say so in the log', async () => {
    const from = sandbox({ table: down(['get', 'change']) })
    const [one, other] = [await time.run(get(from)), await time.run(get(from))]
    expect([one.token, other.token, fetches]).toEqual([`${prefix} 1`, `${prefix} 2`, 2])
    const which = { system: 'cec', tenantSpaceId: 't1' }
    const each = [
      { level: 'WARN', code: 'TOKEN_STORE_UNAVAILABLE', ...which, reason: 'Down' },
      { level: 'INFO', code: 'MACHINE_TOKEN_FETCHED', ...which },
    ]
    expect(lines).toEqual([...each, ...each])
  })

  it.each(['SECRET_UNAVAILABLE', 'SECRET_MALFORMED'] as const)(
    'is also one whose key is %s: its items are of no use',
    async (code) => {
      const noKey = async () => {
        throw new BridgeError(code, 'no key')
      }
      await time.run(get(sandbox({ keyring: noKey })))
      expect([fetches, lines[0]]).toMatchObject([1, { code: 'TOKEN_STORE_UNAVAILABLE', reason: code }])
    },
  )

  it('is not one that fails in another way', async () => {
    const broken = async () => {
      throw new TypeError('a mistake')
    }
    await expect(time.run(get(sandbox({ keyring: broken })))).rejects.toThrow('a mistake')
    expect(fetches).toBe(0)
  })

  it('costs the one who fetched no more than three tries to store the token', async () => {
    let writes = 0
    const flaky: Table = {
      ...table,
      change: (pk, change, deadline) => {
        const isWriting = change.set?.['sealed'] !== undefined
        if (isWriting) writes += 1
        return (isWriting ? down(['change']) : table).change(pk, change, deadline)
      },
    }
    expect((await time.run(get(sandbox({ table: flaky })))).token).toBe(`${prefix} 1`)
    expect([writes, codes()]).toEqual([3, ['MACHINE_TOKEN_FETCHED', 'TOKEN_STORE_UNAVAILABLE']])
  })

  it('hides no mistake in writing', async () => {
    const broken: Table = {
      ...table,
      change: async (...args) => {
        if (args[1].set?.['sealed'] !== undefined) throw new TypeError('a mistake')
        return table.change(...args)
      },
    }
    await expect(time.run(get(sandbox({ table: broken })))).rejects.toThrow('a mistake')
  })
})

describe('a table that does not answer', () => {
  /** Counts what reaches the table, and times out while it is told to. */
  const slow = () => {
    const state = { isSlow: true, reason: 'TimeoutError', calls: 0 }
    const get: Table['get'] = async (...args) => {
      state.calls += 1
      if (!state.isSlow) return table.get(...args)
      throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'slow', { detail: { reason: state.reason } })
    }
    return { state, table: leftInSilence({ ...table, get }, time.now) }
  }

  it('is left alone for 5 s: others need not wait for it as well', async () => {
    const { state, table: silent } = slow()
    const from = sandbox({ table: silent })
    for (let i = 0; i < 3; i++) expect(await time.run(get(from))).toBeDefined()
    expect([state.calls, fetches, lines.map(({ code, reason }) => reason ?? code)]).toEqual([
      1,
      3,
      ['TimeoutError', 'Silent', 'Silent'].flatMap((reason) => [reason, 'MACHINE_TOKEN_FETCHED']),
    ])
    state.isSlow = false
    time.advance(5_000)
    const token = await time.run(get(from))
    expect([await time.run(get(from)), fetches]).toEqual([token, 4])
  })

  it.each<[string, (silent: Table) => Promise<unknown>]>([
    ['changed', (silent) => silent.change('pk', {}, within(1_000))],
    ['deleted from', (silent) => silent.remove('pk', {}, within(1_000))],
    ['counted in', (silent) => silent.count('pk', 1, within(1_000))],
  ])('is not %s either, and is when it answers', async (_, call) => {
    const { state, table: silent } = slow()
    await expect(silent.get('pk', within(1_000))).rejects.toMatchObject({
      detail: { reason: 'TimeoutError' },
    })
    await expect(call(silent)).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
      detail: { reason: 'Silent' },
    })
    state.isSlow = false
    time.advance(5_000)
    await expect(call(silent)).resolves.toBeDefined()
  })

  it('is asked again at once after a failure that took no time', async () => {
    const { state, table: silent } = slow()
    state.reason = 'ThrottlingException'
    for (let i = 0; i < 3; i++) await expect(silent.get('pk', within(1_000))).rejects.toBeDefined()
    expect(state.calls).toBe(3)
  })

  it('is not left alone for longer by a clock that was set back', async () => {
    const { state, table: silent } = slow()
    await expect(silent.get('pk', within(1_000))).rejects.toBeDefined()
    time.advance(-HOUR_MS)
    state.isSlow = false
    expect(await silent.get('pk', within(1_000))).toBeUndefined()
    expect(state.calls).toBe(2)
  })
})

describe('sharedTokens.renew', () => {
  const renew = (known: ServiceToken, how: Fetch = fetch, from = sandbox()) => from.renew(request(how), known)

  it('is done by one of many sandboxes; for the others there is nothing newer, and nobody waits', async () => {
    const known = await stored(500_000)
    const from = time.now().getTime()
    const others = Array.from({ length: 7 }, () => sandbox())
    const [renewed, ...rest] = await time.run(
      Promise.all([sandbox(), ...others].map((one) => renew(known, fetch, one))),
    )
    expect([renewed?.token, fetches]).toEqual([`${prefix} 1`, 1])
    expect(rest).toEqual(Array(7).fill(undefined))
    expect(time.now().getTime() - from).toBe(200)
    expect(table.calls()).toMatchObject({ get: 8, change: 9 })
  })

  it('leaves alone what somebody else is at', async () => {
    const known = await stored(500_000)
    abandon(renew(known, dead()))
    await settle()
    table.resetCounters()
    expect(await time.run(renew(known))).toBeUndefined()
    expect(table.calls()).toMatchObject({ get: 1, change: 0 })
    time.advance(10_000)
    expect(await time.run(renew(known))).toBeDefined()
  })

  it('takes a newer one that is there already', async () => {
    const known = await stored(500_000)
    const newer = await time.run(renew(known))
    expect([await time.run(renew(known)), fetches]).toEqual([newer, 1])
  })

  it('throws what the vendor said, and leaves the old token in the table', async () => {
    const known = await stored(500_000)
    await expect(time.run(renew(known, failIn(10, 'UPSTREAM_THROTTLED')))).rejects.toMatchObject({
      code: 'UPSTREAM_THROTTLED',
    })
    expect(await time.run(get(sandbox()))).toEqual(known)
  })

  it('does nothing but say so while the table is unreadable', async () => {
    const known = await stored(500_000)
    expect(await time.run(renew(known, fetch, sandbox({ table: down(['get']) })))).toBeUndefined()
    expect([fetches, codes().at(-1)]).toEqual([0, 'TOKEN_STORE_UNAVAILABLE'])
  })
})

describe('sharedTokens.replace', () => {
  const always = {}
  /** At most once a minute over all sandboxes, as for a token that was refused while it was fresh. */
  const forced = {
    isForced: true,
    mayFetch: (at: number | undefined) => at !== undefined && time.now().getTime() - at >= 60_000,
  }
  const replace = (refused: ServiceToken, wanted: object = always, how: Fetch = fetch, from = sandbox()) =>
    from.replace(request(how), refused, wanted)

  it('takes another token that is in the table, and asks nobody', async () => {
    const first = await stored()
    const second = await time.run(replace(first))
    expect([await time.run(replace(first)), fetches]).toEqual([second, 1])
  })

  it('fetches once for all sandboxes that were refused the same token', async () => {
    const first = await stored()
    const all = await time.run(Promise.all(Array.from({ length: 6 }, () => replace(first))))
    expect([new Set(all.map((one) => one?.token)), fetches]).toEqual([new Set([`${prefix} 1`]), 1])
  })

  it('fetches by force at most once a minute, over all sandboxes', async () => {
    const first = await stored()
    const second = (await time.run(replace(first, forced))) as ServiceToken
    expect(fetches).toBe(1)
    time.advance(59_000)
    expect(await time.run(replace(second, forced))).toBeUndefined()
    expect(fetches).toBe(1)
    time.advance(1_000)
    expect(await time.run(replace(second, forced))).toBeDefined()
    expect(fetches).toBe(2)
  })

  it('counts a forced fetch that failed', async () => {
    const first = await stored()
    await expect(time.run(replace(first, forced, failIn(10, 'UPSTREAM_UNAVAILABLE')))).rejects.toBeDefined()
    expect([await time.run(replace(first, forced)), fetches]).toEqual([undefined, 1])
  })

  it('does not count a fetch that was not by force', async () => {
    const first = await stored()
    const second = (await time.run(replace(first))) as ServiceToken
    expect(await time.run(replace(second, forced))).toBeDefined()
    expect(fetches).toBe(2)
  })

  it('fetches nothing by force while the table is unreadable, and otherwise goes alone', async () => {
    const first = await stored()
    const blind = sandbox({ table: down(['get']) })
    expect([await time.run(replace(first, forced, fetch, blind)), fetches]).toEqual([undefined, 0])
    expect([(await time.run(replace(first, always, fetch, blind)))?.token, fetches]).toEqual([
      `${prefix} 1`,
      1,
    ])
  })

  it('never gives back the refused token, also not to a holder that stalled and failed', async () => {
    const first = await stored()
    const stalled = replace(first, always, failIn(15_000, 'UPSTREAM_TIMEOUT'), sandbox())
    const failed = Promise.allSettled([stalled])
    await settle()
    time.advance(10_500)
    abandon(replace(first, always, failIn(10, 'UPSTREAM_UNAVAILABLE')))
    const [outcome] = await time.run(failed)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_TIMEOUT' } })
  })
})

describe('the note that a token is in use', () => {
  it('is made at most once in six hours', async () => {
    const long: Fetch = async () => ({ ...made(), expiresAt: time.now().getTime() + 24 * HOUR_MS })
    await time.run(get(sandbox(), long))
    const usedAt = item()['usedAt'] as number
    table.resetCounters()
    for (let hours = 1; hours <= 5; hours++) {
      time.advance(HOUR_MS)
      await time.run(get(sandbox()))
    }
    expect([table.calls().change, item()['usedAt']]).toEqual([0, usedAt])
    time.advance(HOUR_MS)
    await time.run(get(sandbox()))
    await time.run(get(sandbox()))
    expect([table.calls().change, item()['usedAt']]).toEqual([1, usedAt + 6 * HOUR_MS])
  })

  it('puts the item back on the list that the schedule took it off', async () => {
    const long: Fetch = async () => ({ ...made(), expiresAt: time.now().getTime() + 24 * HOUR_MS })
    await time.run(get(sandbox(), long))
    await table.change(String(item()['pk']), { remove: ['listedIn'] }, within(1_000))
    time.advance(HOUR_MS)
    await time.run(get(sandbox()))
    expect(item()['listedIn']).toBeUndefined()
    time.advance(5 * HOUR_MS)
    await time.run(get(sandbox()))
    expect(item()['listedIn']).toBe('cec')
  })

  it('hinders nobody when it cannot be made', async () => {
    const long: Fetch = async () => ({ ...made(), expiresAt: time.now().getTime() + 24 * HOUR_MS })
    const token = await time.run(get(sandbox(), long))
    time.advance(6 * HOUR_MS)
    expect(await time.run(get(sandbox({ table: down(['change']) })))).toEqual(token)
  })
})

describe('sharedTokens.refresh', () => {
  const listed = async () => {
    for await (const page of table.listed('cec', time.now().getTime(), within(1_000))) {
      const [first] = page
      if (first !== undefined) return seen(String(first['pk']), first)
    }
    throw new Error('nothing is due')
  }
  const refresh = (
    from: Awaited<ReturnType<typeof listed>> | undefined,
    how: Fetch = fetch,
    by = sandbox(),
  ) => by.refresh(request(how), from)

  it('renews what is listed, without reading it, and notes no use of it', async () => {
    await stored(400_000)
    const usedAt = item()['usedAt']
    const due = await listed()
    table.resetCounters()
    expect(await time.run(refresh(due))).toBe(true)
    expect([fetches, item()['generation'], item()['usedAt']]).toEqual([1, 2, usedAt])
    expect(table.calls()).toMatchObject({ get: 0, change: 2 })
  })

  it('is done by one of two that were shown the same list', async () => {
    await stored(400_000)
    const due = await listed()
    expect(await time.run(Promise.all([refresh(due), refresh(due, fetch, sandbox())]))).toEqual([true, false])
    expect(fetches).toBe(1)
  })

  it('does nothing when the list was stale', async () => {
    await stored(400_000)
    const due = await listed()
    expect(await time.run(refresh(due))).toBe(true)
    expect(await time.run(refresh(due))).toBe(false)
    expect(fetches).toBe(1)
  })

  it('leaves alone what the list shows as somebody’s, until that lease is over', async () => {
    await stored(400_000)
    abandon(refresh(await listed(), dead()))
    await settle()
    expect(await time.run(refresh(await listed()))).toBe(false)
    time.advance(10_000)
    expect(await time.run(refresh(await listed()))).toBe(true)
  })

  it('fetches for a tenant that has none yet, as in use from now on', async () => {
    expect(await time.run(refresh(undefined))).toBe(true)
    expect(item()).toMatchObject({ generation: 1, usedAt: expect.any(Number) })
    expect(await time.run(refresh(undefined))).toBe(false)
    expect(fetches).toBe(1)
  })

  it('throws what the vendor said', async () => {
    await expect(time.run(refresh(undefined, failIn(10, 'UPSTREAM_REFUSED')))).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    })
  })

  it('fetches nothing while the table is unreadable', async () => {
    const blind = sandbox({ table: down(['get', 'change']) })
    await expect(time.run(refresh(undefined, fetch, blind))).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
    })
    expect(fetches).toBe(0)
  })

  it('gives way to a faster one between the look and the lease', async () => {
    const slow: Table = {
      ...table,
      change: async (...args) => {
        await table.change(args[0], { set: { leaseId: 'another', leaseUntil: 1 } }, within(1_000))
        return table.change(...args)
      },
    }
    expect(await time.run(refresh(undefined, fetch, sandbox({ table: slow })))).toBe(false)
    expect(fetches).toBe(0)
  })
})

describe('an item that somebody has written to', () => {
  it('counts as empty when it holds another item’s token, and is reported', async () => {
    await stored()
    const other = { ...SUBJECT, tenantSpaceId: 't2' }
    await time.run(sandbox().get({ ...request(), subject: other }))
    const [mine, theirs] = table.dump() as [Item, Item]
    await table.change(String(mine['pk']), { set: { sealed: theirs['sealed'] } }, within(1_000))
    fetches = 0
    lines = []
    expect((await time.run(get(sandbox()))).token).toBe(`${prefix} 1`)
    expect([fetches, lines[0]]).toEqual([
      1,
      { level: 'ERROR', code: 'STORED_TOKEN_REJECTED', system: 'cec', tenantSpaceId: 't1' },
    ])
    lines = []
    await time.run(sandbox().get({ ...request(), subject: other }))
    expect([fetches, lines]).toEqual([1, []])
  })
})

describe('an item whose generation or lease somebody has made something else', () => {
  it.each<[string, Record<string, string | number>]>([
    ['generation that is text', { generation: 'x' }],
    ['lease that is a number', { leaseId: 7 }],
  ])('counts as empty with a %s', async (_, set) => {
    const token = await stored()
    await table.change(String(item()['pk']), { set: { sealed: 'x', ...set } }, within(1_000))
    expect((await time.run(get(sandbox()))).token).not.toBe(token.token)
  })

  it('counts as empty with a generation of its own', async () => {
    const token = await stored()
    await table.change(String(item()['pk']), { set: { generation: 7 } }, within(1_000))
    expect((await time.run(get(sandbox()))).token).not.toBe(token.token)
    expect(item()['generation']).toBe(8)
  })
})

describe('sharedTokens.keyOf', () => {
  it('names the item, as a list would', async () => {
    await stored()
    expect(await sandbox().keyOf(SUBJECT, within(1_000))).toBe(item()['pk'])
  })
})
