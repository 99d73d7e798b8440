import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import { type OpenState, whileProbed } from '../../../lib/circuit-breaker/state.ts'
import { type StateStoreDeps, stateStore } from '../../../lib/circuit-breaker/state-store.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const REFUSED_AT = Date.parse('2026-09-21T12:00:00Z')
const PAUSE_MS = 60_000
const ENDLESS = Number.POSITIVE_INFINITY
const deadline = { remainingMs: () => 5_000 }

const account = (locksAccount: boolean): Account => ({
  system: 'oiap',
  policy: { refusedMs: ENDLESS, maxBackOffMs: 900_000, locksAccount },
  tenantSpaceId: 't1',
  fingerprint: 'f1',
})
const LOCKING = account(true)
const FORGIVING = account(false)
const finite: OpenState = {
  failure: 'refused-unclear',
  since: REFUSED_AT,
  until: REFUSED_AT + PAUSE_MS,
  backOffMs: PAUSE_MS,
}
const endless: OpenState = { failure: 'credential', since: REFUSED_AT, until: ENDLESS, backOffMs: ENDLESS }

let table: MemoryTable
let pauses: number[]
beforeEach(() => {
  table = memoryTable()
  pauses = []
})

const storeOf = (changes: Partial<StateStoreDeps> = {}) =>
  stateStore({
    table,
    keyed: async (fingerprint) => `keyed-${fingerprint}`,
    random: () => 0.5,
    pause: async (ms) => {
      pauses.push(ms)
    },
    ...changes,
  })

const tableIsDown = () => new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
/** A table whose first changes fail. */
const failing = (failures: number) => {
  let left = failures
  const change: MemoryTable['change'] = async (...args) => {
    if (left-- > 0) throw tableIsDown()
    return table.change(...args)
  }
  return storeOf({ table: { ...table, change } })
}

describe('lib/circuit-breaker/state-store save', () => {
  it('stores under the system, the tenant and the keyed fingerprint', async () => {
    expect(await storeOf().load(LOCKING, deadline)).toBeUndefined()
    expect(await storeOf().save(LOCKING, finite, deadline)).toBe(true)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(finite)
    expect(table.dump().map(({ pk }) => pk)).toEqual(['4:oiap5:block2:t18:keyed-f1'])
  })

  it('never puts a pause over a state without end, where wrong secrets lock the account', async () => {
    await storeOf().save(LOCKING, endless, deadline)
    expect(await storeOf().save(LOCKING, finite, deadline)).toBe(true)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(endless)
  })

  it('puts it over any other state', async () => {
    await storeOf().save(FORGIVING, endless, deadline)
    await storeOf().save(FORGIVING, finite, deadline)
    expect(await storeOf().load(FORGIVING, deadline)).toEqual(finite)
    const later = whileProbed(finite, new Date(REFUSED_AT + PAUSE_MS))
    await storeOf().save(LOCKING, later, deadline)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(later)
  })

  it('never puts a pause over a state without end that came between looking and writing', async () => {
    const get: MemoryTable['get'] = async (pk, within) => {
      const item = await table.get(pk, within)
      await storeOf().save(LOCKING, endless, deadline)
      return item
    }
    await storeOf({ table: { ...table, get } }).save(LOCKING, finite, deadline)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(endless)
  })

  it('tries three times, after pauses of its own', async () => {
    expect(await failing(2).save(LOCKING, endless, deadline)).toBe(true)
    expect(pauses).toEqual([50, 100])
  })

  it('is false after the third try', async () => {
    expect(await failing(3).save(LOCKING, endless, deadline)).toBe(false)
    expect(pauses).toEqual([50, 100])
  })

  it('is false after a first try that leaves no time for a pause', async () => {
    const short = { remainingMs: () => 49 }
    expect(await failing(1).save(LOCKING, endless, short)).toBe(false)
    expect(pauses).toEqual([])
  })

  it('throws what is no failure of the table', async () => {
    const keyed = async () => {
      throw new TypeError('a mistake')
    }
    await expect(storeOf({ keyed }).save(LOCKING, finite, deadline)).rejects.toThrow('a mistake')
  })
})

describe('lib/circuit-breaker/state-store claimProbe', () => {
  it('is true for one of those who saw the same', async () => {
    await storeOf().save(LOCKING, finite, deadline)
    const next = whileProbed(finite, new Date(REFUSED_AT + PAUSE_MS))
    const claims = [1, 2, 3].map(() => storeOf().claimProbe(LOCKING, { seen: finite, next }, deadline))
    expect((await Promise.all(claims)).filter((isOurs) => isOurs)).toHaveLength(1)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(next)
  })
})

describe('lib/circuit-breaker/state-store remove', () => {
  it('removes what was seen, and nothing newer', async () => {
    await storeOf().save(LOCKING, finite, deadline)
    await storeOf().remove(LOCKING, { ...finite, since: REFUSED_AT - 1 }, deadline)
    await storeOf().remove(LOCKING, { ...finite, until: finite.until - 1 }, deadline)
    await storeOf().remove(LOCKING, { ...endless, failure: finite.failure }, deadline)
    expect(await storeOf().load(LOCKING, deadline)).toEqual(finite)
    await storeOf().remove(LOCKING, finite, deadline)
    expect(table.dump()).toEqual([])
  })

  it('throws while the table is unreadable', async () => {
    const remove: MemoryTable['remove'] = async () => {
      throw tableIsDown()
    }
    await expect(
      storeOf({ table: { ...table, remove } }).remove(LOCKING, finite, deadline),
    ).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
  })
})
