/** The tokens table as every function uses it. */

import { dynamoTable } from './dynamodb.ts'
import { failFastTable } from './fail-fast-table.ts'
import type { Table } from './table.ts'

/** The DynamoDB table of that name, left alone for a moment when it does not answer. One for each sandbox. */
export const tokensTable = (name: string, now: () => Date): Table =>
  failFastTable(dynamoTable({ table: name }), now)
