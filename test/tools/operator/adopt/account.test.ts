import { randomBytes } from 'node:crypto'
import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsSecretSource } from '../../../../lib/secrets/aws.ts'
import { startHttpServer } from '../../../../tools/local/http-server.ts'
import { type Account, awsAccount } from '../../../../tools/operator/adopt/account.ts'
import { secret } from '../../../support/canary.ts'
import { startWorld, TABLE, type World } from '../../../support/world.ts'

const SECRET = 'AWS::SecretsManager::Secret'
const GROUP = '/aws/lambda/cec-token-bridge-test-jwks'

let world: World
let logs: { url: string; close: () => Promise<void> }
let account: Account

beforeAll(async () => {
  world = await startWorld()
  // DescribeLogGroups, as its API reference has it: the names with this prefix.
  logs = await startHttpServer({
    port: 0,
    handle: ({ body }, response) => {
      const { logGroupNamePrefix } = JSON.parse(String(body))
      const logGroups = [GROUP, `${GROUP}-old`]
        .filter((logGroupName) => logGroupName.startsWith(logGroupNamePrefix))
        .map((logGroupName) => ({ logGroupName }))
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ logGroups }))
    },
  })
  process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = logs.url
  account = awsAccount()
})
afterAll(async () => {
  await Promise.all([world.close(), logs.close()])
})

describe('tools/operator/adopt/account', () => {
  it('finds a secret by its name, and identifies it by its ARN', async () => {
    expect(await account(SECRET, 'cec-token-bridge/test/callers')).toEqual({
      identifier: {
        Id: expect.stringMatching(
          /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:cec-token-bridge\/test\/callers-/,
        ),
      },
    })
  })

  it('restores a secret that is marked for deletion, with its value', async () => {
    // Prepare
    const name = 'cec-token-bridge/test/marked'
    const value = { appSecret: secret('app secret', randomBytes(20).toString('hex')) }
    world.secretsManager.put(name, value)
    const client = new SecretsManagerClient()
    await client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }))
    client.destroy()
    // Act
    const marked = await account(SECRET, name)
    await marked?.restore?.()
    // Assess
    expect(JSON.parse((await awsSecretSource().read(name, 'AWSCURRENT')).value)).toEqual(value)
    expect((await account(SECRET, name))?.restore).toBeUndefined()
  })

  it('finds a table and a log group by their names, and takes no other name for theirs', async () => {
    expect(await account('AWS::DynamoDB::Table', TABLE)).toEqual({ identifier: { TableName: TABLE } })
    expect(await account('AWS::Logs::LogGroup', GROUP)).toEqual({ identifier: { LogGroupName: GROUP } })
    expect(await account('AWS::Logs::LogGroup', GROUP.slice(0, -1))).toBeUndefined()
  })

  it.each([SECRET, 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'] as const)(
    'finds no %s where there is none',
    async (type) => {
      expect(await account(type, 'cec-token-bridge-nobody')).toBeUndefined()
    },
  )

  it('throws what the service says when it does not know', async () => {
    world.secretsManager.fail({ kind: 'error', status: 400, type: 'AccessDeniedException', times: 9 })
    await expect(account(SECRET, 'cec-token-bridge/test/callers')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    world.secretsManager.clearFaults()
  })
})
