/** The units of one DynamoDB table: what each item and the whole table give in a second. */

import type { Clock } from '../clock.ts'
import { type Bucket, bucket } from './bucket.ts'
import { DYNAMODB } from './limits.ts'

export interface TableCapacity {
  /** Units a second of the whole table. Default the quota of an account's table, 40,000. */
  readonly readUnits?: number
  readonly writeUnits?: number
}

export interface TableUnits {
  /** Whether a consistent read of an item of this size was granted. An absent item has 0 bytes, and costs a unit too. */
  readonly read: (pk: string, bytes: number) => boolean
  readonly write: (pk: string, bytes: number) => boolean
  readonly spent: () => Spent
}

export interface Spent {
  readonly readUnits: number
  readonly writeUnits: number
  /** Reads and writes of items that were refused. */
  readonly refused: number
  /** The most units that one item has given in all, and which it was. */
  readonly hottest: { readonly pk: string; readonly units: number }
}

/** An item has the units of a partition of its own at best: nothing that DynamoDB does splits an item. */
export const tableUnits = (clock: Pick<Clock, 'elapsed'>, capacity: TableCapacity = {}): TableUnits => {
  const { readUnits = DYNAMODB.tableReadUnits, writeUnits = DYNAMODB.tableWriteUnits } = capacity
  let refused = 0

  const side = (table: number, item: number, unitBytes: number) => {
    const whole = bucket(clock, { perSecond: table })
    const items = new Map<string, { readonly left: Bucket; spent: number }>()
    let sum = 0
    return {
      items,
      sum: () => sum,
      take: (pk: string, bytes: number): boolean => {
        const units = Math.max(1, Math.ceil(bytes / unitBytes))
        const own = items.get(pk) ?? { left: bucket(clock, { perSecond: item }), spent: 0 }
        items.set(pk, own)
        if (!own.left.has(units) || !whole.take(units)) {
          refused += 1
          return false
        }
        own.left.take(units)
        own.spent += units
        sum += units
        return true
      },
    }
  }

  const reads = side(readUnits, DYNAMODB.itemReadUnits, DYNAMODB.readUnitBytes)
  const writes = side(writeUnits, DYNAMODB.itemWriteUnits, DYNAMODB.writeUnitBytes)
  return {
    read: reads.take,
    write: writes.take,
    spent: () => ({
      readUnits: reads.sum(),
      writeUnits: writes.sum(),
      refused,
      hottest: [...reads.items, ...writes.items].reduce(
        (most, [pk, { spent }]) => (spent > most.units ? { pk, units: spent } : most),
        { pk: '', units: 0 },
      ),
    }),
  }
}
