/** The directory's table with a client whose answers a test makes: for what an emulator never does. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { DirectoryTable } from '../../../lib/directory/dynamodb-calls.ts'

export const TABLE = 'directory'
export const AMPLE = { remainingMs: () => 5_000 }

export interface FakeTable extends DirectoryTable {
  /** What was sent, in its order. */
  readonly requests: Record<string, unknown>[]
}

/** `answer` is given what is sent, and may throw in place of the table. */
export const fakeTable = (
  answer: (input: Record<string, unknown>) => object | Promise<object> = () => ({}),
): FakeTable => {
  const requests: Record<string, unknown>[] = []
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }))
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const sent: Record<string, unknown> = { ...input }
        requests.push(sent)
        return { output: await answer(sent), response: {} } as never
      },
    { step: 'initialize', priority: 'low' },
  )
  return { table: TABLE, client, requests }
}
