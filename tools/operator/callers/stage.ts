/** The callers of a stage, for the commands that write them: the secret `callers` and the callers table. */

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { BatchWriteCommand, DeleteCommand, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../../lib/dynamodb.ts'
import type { EntryLists } from '../../../lib/schemas/taken-callers.ts'
import { awsSecretVault } from '../../../lib/secrets/aws.ts'
import { CALLERS } from '../../../lib/secrets/definitions.ts'
import { putInPlaceOf, readOrInitial } from '../../../lib/secrets/initial.ts'
import { parsed } from '../../../lib/secrets/parsed.ts'
import { enterStage } from '../../local/stage-environment.ts'
import { optionsOf, type StageArguments } from '../arguments.ts'
import { bytesIn, grouped, Lists } from './lists.ts'

/** Secrets Manager's bound, and the schema's. */
export const SECRET_LIMITS = { bytes: 65_536, callers: 1_000, issuers: 100 }

/** Of one BatchWriteItem. */
const BATCH_ITEMS = 25

export interface HeldLists {
  readonly lists: Lists
  readonly versionId: string
}

export interface CallersStage {
  readonly name: string
  /** Where it is, for people. */
  readonly place: string
  /** What leads a command to the same stage again, with a blank behind it. */
  readonly options: string
  /** The secret as it is now. Throws SECRET_MALFORMED where it is unreadable as a whole. */
  readonly readSecret: () => Promise<HeldLists>
  /**
   * Writes the secret in the place of what was held. Throws a sentence that says how to go on where it would not fit, and where
   * somebody else has written it meanwhile.
   */
  readonly replaceSecret: (lists: EntryLists, held: HeldLists) => Promise<void>
  /** Every item of the table, with the text of its entries. */
  readonly items: () => Promise<Map<string, string>>
  readonly readItem: (pk: string) => Promise<string | undefined>
  /** Writes items by their keys, a few at a time. What is there already is written over. */
  readonly putItems: (items: ReadonlyMap<string, string>) => Promise<void>
  readonly deleteItem: (pk: string) => Promise<void>
  readonly close: () => void
}

/** Throws a sentence that says what to do when no local stage runs. Asks nothing of the stage yet. */
export const openCallers = ({ stage, region }: StageArguments): CallersStage => {
  const place = enterStage(stage, region)
  const name = `cec-token-bridge/${stage}/${CALLERS.name}`
  const TableName = `cec-token-bridge-${stage}-callers`
  const options = optionsOf(stage, region)
  const client = new SecretsManagerClient({ maxAttempts: 3 })
  const vault = awsSecretVault(client)
  // A deployment makes the secret without a value.
  const inForce = () => readOrInitial(vault, name, { stage: 'AWSCURRENT', initial: CALLERS.initial })
  const table = documentClient({ connectMs: 3_000, requestMs: 5_000, attempts: 5 })
  return {
    name: stage,
    place,
    options,
    readSecret: async () => {
      const { value, versionId } = await inForce()
      return { lists: parsed(name, value, Lists), versionId }
    },
    replaceSecret: async (lists, held) => {
      const { table: isMoved, ...entries } = lists
      // Releases before the table know no such member.
      const text = JSON.stringify({ ...entries, ...(isMoved ? { table: true } : {}) })
      checkSize(text, lists, options)
      const versionId = randomUUID()
      // Refused where AWSCURRENT stands at another version: two operators do not write over each other.
      await putInPlaceOf(vault, name, { versionId, value: text, from: held.versionId }).catch(
        async (error) => {
          const now = await inForce()
          if (now.versionId === held.versionId) throw error
          throw new Error(
            'Somebody else has written the secret "callers" meanwhile. Nothing was changed there: run the command again.',
          )
        },
      )
    },
    items: async () => {
      const found = new Map<string, string>()
      for await (const { Items = [] } of paginateScan({ client: table }, { TableName, ConsistentRead: true }))
        for (const { pk, entries } of Items) found.set(String(pk), typeof entries === 'string' ? entries : '')
      return found
    },
    readItem: async (pk) => {
      const { Item } = await table.send(new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }))
      return Item === undefined ? undefined : String(Item['entries'] ?? '')
    },
    putItems: async (items) => {
      const puts = [...items].map(([pk, entries]) => ({ PutRequest: { Item: { pk, entries } } }))
      for (let at = 0; at < puts.length; at += BATCH_ITEMS) {
        let left = puts.slice(at, at + BATCH_ITEMS)
        // A table that nobody has used takes its time with many: what is left is asked again.
        for (let pauseMs = 50; left.length > 0; pauseMs = Math.min(2 * pauseMs, 5_000)) {
          const write = new BatchWriteCommand({ RequestItems: { [TableName]: left } })
          const { UnprocessedItems = {} } = await table.send(write)
          left = (UnprocessedItems[TableName] ?? []) as typeof left
          if (left.length > 0) await sleep(pauseMs)
        }
      }
    },
    deleteItem: async (pk) => {
      await table.send(new DeleteCommand({ TableName, Key: { pk } }))
    },
    close: () => {
      client.destroy()
      table.destroy()
    },
  }
}

const checkSize = (text: string, { callers, issuers }: EntryLists, options: string): void => {
  const sizes = { bytes: bytesIn(text), callers: callers.length, issuers: issuers.length }
  const over = (Object.keys(SECRET_LIMITS) as (keyof typeof SECRET_LIMITS)[])
    .filter((what) => sizes[what] > SECRET_LIMITS[what])
    .map((what) => `${grouped(sizes[what])} ${what} of ${grouped(SECRET_LIMITS[what])}`)
  if (over.length > 0)
    throw new Error(
      `The secret "callers" would have ${over.join(' and ')}. Nothing was written. Move its entries into the callers table, ` +
        `and run this command again:\n  npm run callers -- move ${options}`.trimEnd(),
    )
}

/** What the commands need. */
export const rights = (stage: string): string =>
  `secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage on cec-token-bridge/${stage}/callers, ` +
  `and dynamodb:GetItem, BatchWriteItem, DeleteItem and Scan on cec-token-bridge-${stage}-callers`
