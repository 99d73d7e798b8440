/** The directory's table as the simulation has it: a client that answers from memory, takes its time and refuses as DynamoDB does. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { DirectoryTable } from '../../../../lib/directory/dynamodb-calls.ts'
import type { Clock } from '../clock.ts'
import { type TableCapacity, type TableUnits, tableUnits } from './table-units.ts'

export type DirectoryItem = Readonly<Record<string, unknown>> & { readonly pk: string }

export interface SimulatedDirectory extends DirectoryTable {
  readonly units: TableUnits
  readonly put: (item: DirectoryItem) => void
}

interface BatchGet {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly { readonly pk: string }[] }>>
}

const TABLE = 'directory'
const CALL_MS = 5
/** As documentClient(LIMITS) of lib/directory/dynamodb.ts tries. */
const ATTEMPTS = 2
const LONGEST_PAUSE_MS = 100

/**
 * Answers consistent BatchGetItem alone. What there are no units for comes back as not processed; where that is all, the
 * call is refused, and the client tries again after a pause, as the SDK does. `random`: 0 ≤ x < 1.
 */
export const simulatedDirectory = (
  clock: Clock,
  random: () => number,
  capacity: TableCapacity = {},
): SimulatedDirectory => {
  const items = new Map<string, DirectoryItem>()
  const units = tableUnits(clock, capacity)

  const batchGet = async ({ RequestItems }: BatchGet) => {
    await clock.pause(CALL_MS / 2)
    const keys = RequestItems[TABLE]?.Keys ?? []
    const granted = keys.filter(({ pk }) => units.read(pk, bytesOf(items.get(pk))))
    await clock.pause(CALL_MS / 2)
    if (granted.length === 0) throw throttled()
    const missing = keys.filter((key) => !granted.includes(key))
    return {
      Responses: { [TABLE]: granted.flatMap(({ pk }) => items.get(pk) ?? []) },
      ...(missing.length > 0 && { UnprocessedKeys: { [TABLE]: { Keys: missing } } }),
    }
  }

  const send = async ({ input }: { readonly input: BatchGet }) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await batchGet(input)
      } catch (error) {
        if (attempt === ATTEMPTS) throw error
        await clock.pause(LONGEST_PAUSE_MS * random())
      }
    }
  }

  return {
    table: TABLE,
    client: { send } as unknown as DynamoDBDocumentClient,
    units,
    put: (item) => items.set(item.pk, item),
  }
}

const bytesOf = (item: DirectoryItem | undefined): number =>
  item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item))

const throttled = (): Error => Object.assign(new Error('simulated'), { name: 'ThrottlingException' })
