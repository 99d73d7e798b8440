/** The token store's table with DynamoDB's units: what there are none for is TOKEN_STORE_UNAVAILABLE, as the real one says it. */

import { BridgeError } from '../../../../lib/errors.ts'
import type { Table } from '../../../../lib/table/table.ts'
import type { MemoryTable } from '../memory-table.ts'
import type { TableUnits } from './table-units.ts'

/** Of a sealed token with all that stands beside it. */
const ITEM_BYTES = 1_500
/** Of an item in the list, which has no token. */
const LISTED_BYTES = 300

/**
 * Every write of an item also costs the list one in which the item stands: a list is one partition of the index. A page of a
 * list costs by its bytes. Nothing is tried again here: the token store's own callers say what a refusal means.
 */
export const limitedTable = (memory: MemoryTable, units: TableUnits): Table => {
  const granted = (isGranted: boolean): void => {
    if (!isGranted) throw throttled()
  }
  const spendWrite = (pk: string, list: unknown): void => {
    granted(units.write(pk, ITEM_BYTES))
    if (typeof list === 'string') granted(units.write(indexOf(list), LISTED_BYTES))
  }
  return {
    get: async (pk, deadline) => {
      granted(units.read(pk, ITEM_BYTES))
      return memory.get(pk, deadline)
    },
    change: async (pk, change, deadline) => {
      spendWrite(pk, change.set?.['listedIn'])
      return memory.change(pk, change, deadline)
    },
    remove: async (pk, ifSeen, deadline) => {
      spendWrite(pk, undefined)
      return memory.remove(pk, ifSeen, deadline)
    },
    count: async (pk, sweepAt, deadline) => {
      spendWrite(pk, undefined)
      return memory.count(pk, sweepAt, deadline)
    },
    add: async (pk, amounts, deadline) => {
      spendWrite(pk, undefined)
      return memory.add(pk, amounts, deadline)
    },
    listed: async function* (list, until, deadline) {
      for await (const page of memory.listed(list, until, deadline)) {
        granted(units.read(indexOf(list), page.length * LISTED_BYTES))
        yield page
      }
    },
  }
}

const indexOf = (list: string): string => `list ${list}`

const throttled = (): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', 'the token store in memory: no units are left', {
    detail: { reason: 'ThrottlingException' },
  })
