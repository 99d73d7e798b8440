/** docs/restore.md: the directory's table is restored beside itself, lost, and put back without what was ended since. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { LOCAL_OTHER_USER, LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import { expect, type Step } from '../step.ts'
import { expectRetCode, issueFor, question } from '../upgrade/requests.ts'
import { bodyOf, callAs, type World } from './world.ts'

export const restoreSteps = (world: World): Step[] => {
  const lost = { token: '', since: '' }
  return [
    { name: 'the directory restored beside itself', run: () => restoreBeside(world, lost) },
    { name: 'a token revoked, a user deleted, the table lost', run: () => lose(world, lost) },
    { name: 'npm run restore, from the audit lines', run: () => putBack(world, lost) },
  ]
}

interface Lost {
  token: string
  since: string
}

/** What the answer to a revocation promises. */
const IN_FORCE_MS = 1_000

const tableOf = ({ stage }: World): string => `cec-token-bridge-${stage.name}-directory`
const restoredOf = (world: World): string => `${tableOf(world)}-restored`

const revoke = async (world: World, body: object): Promise<void> => {
  const asked = { tenantSpaceId: LOCAL_TENANT, ...body }
  bodyOf(await callAs(world, 'POST /enterprise-tokens/revocations', asked), 200)
}

/** The emulator restores the moment of the call, whichever is named. */
const restoreBeside = async (world: World, lost: Lost): Promise<string> => {
  lost.token = await issueFor(world, LOCAL_USER)
  expectRetCode(await question(world, lost.token), 0)
  lost.since = new Date().toISOString()
  const client = new DynamoDBClient({})
  await client.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: tableOf(world),
      TargetTableName: restoredOf(world),
      RestoreDateTime: new Date(lost.since),
      BillingModeOverride: 'PAY_PER_REQUEST',
    }),
  )
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: restoredOf(world) })
  client.destroy()
  return restoredOf(world)
}

const lose = async (world: World, { token }: Lost): Promise<string> => {
  await revoke(world, { all: true })
  const { userId } = LOCAL_OTHER_USER
  const gone = { tenantSpaceId: LOCAL_TENANT, userId, status: 'deleted' }
  bodyOf(await callAs(world, 'PUT /users', gone), 200)
  await sleep(IN_FORCE_MS)
  expectRetCode(await question(world, token), 5)
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const TableName = tableOf(world)
  let items = 0
  for await (const page of paginateScan({ client }, { TableName, ProjectionExpression: 'pk' }))
    for (const { pk } of page.Items ?? []) {
      await client.send(new DeleteCommand({ TableName, Key: { pk } }))
      items += 1
    }
  client.destroy()
  return `${items} items lost`
}

const putBack = async (world: World, { token, since }: Lost): Promise<string> => {
  const file = join(world.stage.folder, 'audit.jsonl')
  writeFileSync(file, (await auditLines(world, since)).join('\n'))
  const from = ['--since', since, '--audit', file, '--from', restoredOf(world)]
  const printed = await world.stage.operator('restore', ...from, ...world.stage.options)
  expect(/Users deleted again: 1\./.test(printed), `expected one user to be deleted again: ${printed}`)
  await sleep(IN_FORCE_MS)
  expectRetCode(await question(world, token), 5)
  expectRetCode(await question(world, await issueFor(world, LOCAL_USER)), 0)
  const gone = { ...LOCAL_OTHER_USER, tenantSpaceId: LOCAL_TENANT }
  bodyOf(await callAs(world, 'POST /enterprise-tokens', gone), 404)
  const client = new DynamoDBClient({})
  await client.send(new DeleteTableCommand({ TableName: restoredOf(world) }))
  client.destroy()
  const told = /^Items put back.*$/m.exec(printed)?.[0] ?? ''
  return `${told} The token of before is refused, a new one is good, and the deleted user gets none`
}

const FUNCTIONS = ['putUser', 'batchUsers', 'revokeEnterpriseTokens']

const auditLines = async ({ stage }: World, since: string): Promise<string[]> => {
  const client = new CloudWatchLogsClient({})
  const lines: string[] = []
  for (const name of FUNCTIONS) {
    const logGroupName = `/aws/lambda/cec-token-bridge-${stage.name}-${name}`
    const asked = { logGroupName, startTime: Date.parse(since) }
    for await (const { events = [] } of paginateFilterLogEvents({ client }, asked))
      lines.push(...events.map((event) => JSON.stringify(event)))
  }
  client.destroy()
  return lines
}
