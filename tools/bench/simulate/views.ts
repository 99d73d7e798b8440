/** The shared table as one sandbox sees it: each call takes its time, and the items that it reads are counted. */

import type { Item, Table } from '../../../lib/table/table.ts'
import type { Clock } from './clock.ts'
import type { Ledger } from './ledger.ts'
import type { MemoryTable } from './memory-table.ts'

const CALL_MS = 5

export interface Tally {
  /** Items that `listed` returned. */
  listed: number
  /** Those of them that were due when they were asked for, by the items themselves. */
  due: number
  /** Items that `get` returned, by key. The sweep's own item is not one of a token. */
  sweepItem: number
  tokenItems: number
}

export const noReads = (): Tally => ({ listed: 0, due: 0, sweepItem: 0, tokenItems: 0 })

export interface ViewDeps {
  readonly clock: Clock
  readonly memory: MemoryTable
  /** The same with DynamoDB's limits, by which it is asked. Default the memory itself. */
  readonly limited?: Table
  readonly ledger: Ledger
}

/** Half of a call's time passes before it takes effect, half before its answer is there. */
export const tableView = (
  { clock, memory, limited: asked = memory, ledger }: ViewDeps,
  tally: Tally,
): Table => {
  const call = async <T>(effect: () => Promise<T>): Promise<T> => {
    await clock.pause(CALL_MS / 2)
    const result = await effect()
    await clock.pause(CALL_MS / 2)
    return result
  }
  /** Looked up in the items, not in the list: a list that shows too much is to be found out. */
  const countDue = (list: string): number => {
    const at = clock.now().getTime()
    return memory.dump().filter(({ listedIn, listedAt }) => listedIn === list && Number(listedAt) <= at)
      .length
  }

  return {
    get: (pk, deadline) =>
      call(async () => {
        const item = await asked.get(pk, deadline)
        if (item === undefined) return undefined
        if (item['sealed'] === undefined && pk.includes('sweep')) tally.sweepItem += 1
        else tally.tokenItems += 1
        return item
      }),
    change: (pk, change, deadline) =>
      call(async () => {
        const isDone = await asked.change(pk, change, deadline)
        const { set = {} } = change
        if (isDone && set['sealed'] !== undefined) {
          const { issuedAt, expiresAt, listedAt } = set
          ledger.stored(pk, { issuedAt, expiresAt, listedAt } as Item, clock.now().getTime())
        }
        return isDone
      }),
    remove: (pk, ifSeen, deadline) => call(() => asked.remove(pk, ifSeen, deadline)),
    count: (pk, sweepAt, deadline) => call(() => asked.count(pk, sweepAt, deadline)),
    add: (pk, amounts, deadline) => call(() => asked.add(pk, amounts, deadline)),
    listed: async function* (list, until, deadline) {
      await clock.pause(CALL_MS)
      tally.due += countDue(list)
      for await (const page of asked.listed(list, until, deadline)) {
        tally.listed += page.length
        yield page
        await clock.pause(CALL_MS)
      }
    },
  }
}
