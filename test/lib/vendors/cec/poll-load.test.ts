import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../../lib/log.ts'
import type { Table } from '../../../../lib/table/table.ts'
import { pollLoads } from '../../../../lib/vendors/cec/poll-load.ts'
import { type MemoryTable, memoryTable } from '../../../../tools/bench/simulate/memory-table.ts'

const deadline = { remainingMs: () => 5_000 }
/** The beginning of a window of ten seconds. */
const START = 1_790_000_040_000

let at: number
let table: MemoryTable
let lines: (LogFields & { readonly level: LogLevel })[]
beforeEach(() => {
  at = START
  table = memoryTable()
  lines = []
})

const sandbox = (of: Table = table, random = 0.5) =>
  pollLoads({
    table: of,
    now: () => new Date(at),
    random: () => random,
    log: (level, fields) => lines.push({ level, ...fields }),
  })

/** A sandbox that has told the table once, and now of some polls. */
const told = async (polls: readonly (number | undefined)[], of: Table = table) => {
  const loads = sandbox(of)
  await loads.exchange(deadline)
  for (const heldMs of polls) loads.ended(heldMs)
  at += 10_000
  await loads.exchange(deadline)
  return loads
}
const failing = (error: Error): Table => ({
  ...table,
  get: () => Promise.reject(error),
  add: () => Promise.reject(error),
})

describe('lib/vendors/cec/poll-load: pollLoads', () => {
  it('knows nothing at first, and then what all sandboxes told in the last window', async () => {
    await told([5_000, 5_000, undefined, undefined])
    await told([2_000])
    at += 10_000
    const loads = sandbox()
    expect(loads.latest()).toBeUndefined()
    await loads.exchange(deadline)
    // the second sandbox was a window later
    expect(loads.latest()).toEqual({ perSecond: 0.1, heldSeconds: 2, busy: 0.2 })
  })

  it('adds sandboxes of the same window together', async () => {
    for (let n = 0; n < 3; n++) {
      at = START
      await told([5_000, 5_000, undefined, undefined])
    }
    at += 10_000
    const loads = sandbox()
    await loads.exchange(deadline)
    expect(loads.latest()).toEqual({ perSecond: 1.2, heldSeconds: 5, busy: 3 })
  })

  it('stores sums alone, in an item of CEC’s that may be forgotten ten minutes later', async () => {
    await told([5_000, 250.4, undefined])
    const item = {
      pk: '3:cec5:polls9:179000005',
      polls: 3,
      asked: 2,
      heldMs: 5_250,
      sweepAt: START / 1000 + 610,
    }
    expect(table.dump()).toEqual([item])
  })

  it('takes no poll for longer than a request can be', async () => {
    await told([30_000, 3_600_000])
    expect(table.dump()).toEqual([expect.objectContaining({ polls: 2, asked: 2, heldMs: 60_000 })])
  })

  it('asks the table once in about ten seconds, and writes only where there was a poll', async () => {
    const loads = sandbox()
    for (let second = 0; second < 100; second++) {
      await loads.exchange(deadline)
      at += 1_000
    }
    expect(table.calls()).toMatchObject({ get: 10, add: 0 })
    loads.ended(1)
    await loads.exchange(deadline)
    await loads.exchange(deadline)
    expect(table.calls()).toMatchObject({ get: 11, add: 1 })
  })

  it.each([
    [0, 7_499, 7_500],
    [0.999, 12_494, 12_495],
  ])('does not ask at one moment in all sandboxes: %d', async (random, before, after) => {
    const loads = sandbox(table, random)
    await loads.exchange(deadline)
    at = START + before
    await loads.exchange(deadline)
    expect(table.calls().get).toBe(1)
    at = START + after
    await loads.exchange(deadline)
    expect(table.calls().get).toBe(2)
  })

  it('believes a crowd at once, and its end by halves', async () => {
    const loads = await told(Array(40).fill(5_000))
    const next = async (): Promise<number | undefined> => {
      at += 10_000
      await loads.exchange(deadline)
      return loads.latest()?.busy
    }
    expect([await next(), await next(), await next()]).toEqual([20, 10, 5])
  })

  it('knows nothing of the present after it was frozen for longer than half a minute', async () => {
    const loads = await told([5_000])
    at += 30_000
    expect(loads.latest()).toBeDefined()
    at += 1
    expect(loads.latest()).toBeUndefined()
  })

  it.each([
    [new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } }), 'Down'],
    [new TypeError('a mistake'), 'INTERNAL'],
  ])('never fails a poll: %s', async (error, reason) => {
    const loads = await told([5_000], failing(error))
    expect(loads.latest()).toBeUndefined()
    const line = { level: 'WARN', code: 'TOKEN_STORE_UNAVAILABLE', system: 'cec', reason }
    expect(lines).toEqual([line, line])
  })

  it('forgets what it knew while the table is away, and knows it again after', async () => {
    let isDown = false
    const of: Table = {
      ...table,
      get: async (...call) => {
        if (isDown) throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down')
        return table.get(...call)
      },
    }
    const loads = await told([5_000], of)
    expect(loads.latest()).toBeDefined()
    isDown = true
    at += 10_000
    await loads.exchange(deadline)
    expect(loads.latest()).toBeUndefined()
    isDown = false
    at += 10_000
    await loads.exchange(deadline)
    expect(loads.latest()).toBeDefined()
  })
})
