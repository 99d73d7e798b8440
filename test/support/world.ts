/** A world for the exported handlers: real emulators on loopback, a key ring, a caller and a user, and a clock. */

import { createHash, randomBytes } from 'node:crypto'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { INDEXED } from '../../lib/directory/dynamodb-list.ts'
import { type UserStatus, userItem } from '../../lib/directory/items.ts'
import type { HttpResponse } from '../../lib/http/responses.ts'
import type { LogFields } from '../../lib/log.ts'
import { firstKeyRing, type KeyRing } from '../../lib/signing-keys/key-ring.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { LISTED } from '../../lib/table/table.ts'
import { type LocalDynamoDb, startDynamoDb } from '../../tools/local/dynamodb.ts'
import { type SecretsManagerEmulator, startSecretsManager } from '../../tools/local/secrets-manager/server.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { expectClean, secret } from './canary.ts'
import { committed, endpointOf } from './documented.ts'

export const STAGE = 'test'
export const PREFIX = `cec-token-bridge/${STAGE}`
export const TABLE = `cec-token-bridge-${STAGE}-directory`
export const CALLERS_TABLE = `cec-token-bridge-${STAGE}-callers`
export const TOKENS_TABLE = `cec-token-bridge-${STAGE}-tokens`
export const ISSUER = 'https://tokens.test.invalid'
export const TENANT = '202007159031'
export const USER = { userId: '10010001', userName: 'Tom' } as const

export type LogLine = LogFields & { readonly level: string; readonly time: string }

export interface World {
  readonly secretsManager: SecretsManagerEmulator
  readonly dynamoDb: LocalDynamoDb
  readonly ring: KeyRing
  readonly callerKey: string
  /** Every log line since the start, parsed. */
  readonly lines: LogLine[]
  readonly runtime: (changes?: Partial<Runtime>) => Runtime
  readonly putUser: (user: {
    userId: string
    userName: string
    status?: UserStatus
    epoch?: number
  }) => Promise<void>
  readonly close: () => Promise<void>
}

/** A caller key as operators make them: 256 random bits. Registered with the canary. */
export const newCallerKey = (name = 'caller key'): string =>
  secret(name, `ctb_${randomBytes(32).toString('base64url')}`)

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export interface CallerSeed {
  readonly callerId: string
  readonly key: string
  readonly tenants?: readonly string[]
  readonly tenantPrefixes?: readonly string[]
  readonly scopes?: readonly string[]
  readonly expiresAt?: number
}

/** The value of a `callers` secret. */
export const callersSecret = (callers: readonly CallerSeed[], issuers: readonly object[] = []) => ({
  callers: callers.map(
    ({
      callerId,
      key,
      tenants = [TENANT],
      tenantPrefixes,
      scopes = ['enterprise-token:issue'],
      expiresAt,
    }) => ({
      callerId,
      keys: [
        { sha256: sha256(key), expiresAt: expiresAt ?? Math.floor(Date.now() / 1000) + 10 * 31_536_000 },
      ],
      tenants,
      ...(tenantPrefixes && { tenantPrefixes }),
      scopes,
    }),
  ),
  issuers,
})

/** Starts everything and sets the environment: import the functions after it. */
export const startWorld = async (): Promise<World> => {
  const ring = await firstKeyRing(new Date())
  for (const key of ring.signingKey.keys) secret(`private key (${key.state})`, key.d)
  const callerKey = newCallerKey()
  const secretsManager = await startSecretsManager()
  secretsManager.put(`${PREFIX}/signing-key`, ring.signingKey)
  secretsManager.put(`${PREFIX}/jwks`, ring.jwks)
  secretsManager.put(`${PREFIX}/callers`, callersSecret([{ callerId: 'shop', key: callerKey }]))
  secretsManager.put(`${PREFIX}/token-store-key`, { key: secret('token store key', newTokenStoreKey()) })
  const dynamoDb = await startDynamoDb({
    ...directoryResources(TABLE),
    ...callersResources(CALLERS_TABLE),
    ...tokensResources(TOKENS_TABLE),
  })
  const lines: LogLine[] = []

  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: secret('AWS secret key', randomBytes(20).toString('hex')),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    STAGE,
    SECRETS_PREFIX: PREFIX,
    ISSUER,
    DIRECTORY_TABLE: TABLE,
    CALLERS_TABLE,
    TOKENS_TABLE,
  })

  const world: World = {
    secretsManager,
    dynamoDb,
    ring,
    callerKey,
    lines,
    runtime: (changes = {}) => ({
      env: process.env,
      now: () => new Date(),
      random: Math.random,
      newId: () => randomBytes(16).toString('base64url'),
      writeLine: (line) => {
        expectClean('a log line', line)
        lines.push(JSON.parse(line) as LogLine)
      },
      ...changes,
    }),
    putUser: ({ status = 'active', epoch = 0, ...user }) =>
      dynamoDb.put(TABLE, [userItem({ tenantSpaceId: TENANT, ...user, status, epoch })]),
    close: async () => {
      await Promise.all([secretsManager.close(), dynamoDb.close()])
    },
  }
  await world.putUser(USER)
  return world
}

/** The directory's table as CloudFormation describes it, in the shape that tools/local/dynamodb.ts reads. test/template/template.test.ts holds serverless.yml to it. */
export const directoryResources = (TableName: string) => ({
  DirectoryTable: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      ...keyedTable(TableName).Properties,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'tenantSpaceId', AttributeType: 'S' },
        { AttributeName: 'userId', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'users',
          KeySchema: [
            { AttributeName: 'tenantSpaceId', KeyType: 'HASH' },
            { AttributeName: 'userId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...INDEXED] },
        },
      ],
    },
  },
})

/** The callers' table in the same way. */
export const callersResources = (TableName: string) => ({ CallersTable: keyedTable(TableName) })

const keyedTable = (TableName: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
})

/** The tokens' table in the same way. test/template/template.test.ts holds serverless.yml to it. */
export const tokensResources = (TableName: string) => ({
  TokensTable: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'listedIn', AttributeType: 'S' },
        { AttributeName: 'listedAt', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'listed',
          KeySchema: [
            { AttributeName: 'listedIn', KeyType: 'HASH' },
            { AttributeName: 'listedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...LISTED] },
        },
      ],
    },
  },
})

/** A Lambda context with this much time left. */
export const contextWith = (remainingMs = 10_000): Context => {
  const endsAt = performance.now() + remainingMs
  return {
    awsRequestId: randomBytes(8).toString('hex'),
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  } as unknown as Context
}

export interface RequestParts {
  readonly body?: unknown
  readonly rawBody?: string
  readonly isBase64Encoded?: boolean
  readonly headers?: Record<string, string>
  readonly method?: 'GET' | 'POST'
  readonly query?: Record<string, string>
  readonly sourceIp?: string
  /** Default none, as an invocation by hand may have it. */
  readonly routeKey?: string
}

/** A payload 2.0 event, as much of it as the handlers may look at. */
export const eventOf = (parts: RequestParts): APIGatewayProxyEventV2 => {
  const {
    body,
    rawBody,
    isBase64Encoded = false,
    headers = {},
    method = 'POST',
    query,
    sourceIp = '192.0.2.1',
    routeKey,
  } = parts
  return {
    version: '2.0',
    ...(routeKey === undefined ? {} : { routeKey }),
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: { http: { method, sourceIp } },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(rawBody === undefined && body === undefined ? {} : { body: rawBody ?? JSON.stringify(body) }),
    isBase64Encoded,
  } as unknown as APIGatewayProxyEventV2
}

export interface Outcome {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever an error format answers
  readonly body: any
  /** The body as it was written. */
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly line: LogLine
}

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<HttpResponse>

/** Calls a handler as Lambda does, and finds the one log line of this request. */
export const answered = async (
  world: World,
  handler: Handler,
  parts: RequestParts,
  context: Context = contextWith(),
): Promise<Outcome> => {
  const { statusCode, headers, body } = await handler(eventOf(parts), context)
  expectClean('an answer', body, JSON.stringify(headers))
  // Lines about parts of it have no status.
  const own = world.lines.filter(
    ({ requestId, status }) => requestId === context.awsRequestId && status !== undefined,
  )
  if (own.length !== 1) throw new Error(`expected one log line for a request, found ${own.length}`)
  const line = own[0] as LogLine
  return { status: statusCode, body: JSON.parse(body), text: body, headers, line }
}

/** The same. The answer must be one that docs/openapi.json has. */
export const call = async (
  world: World,
  handler: Handler,
  parts: RequestParts,
  context?: Context,
): Promise<Outcome> => {
  const outcome = await answered(world, handler, parts, context)
  const fault = undocumentedIn(parts, outcome)
  if (fault !== undefined) throw new Error(fault)
  return outcome
}

/** What of an answer docs/openapi.json does not have. */
export const undocumentedIn = (
  { routeKey, method = 'POST' }: RequestParts,
  outcome: Outcome,
): string | undefined => {
  const endpoint = endpointOf(String(outcome.line.function), routeKey, method)
  const fault = endpoint === undefined ? 'good' : committed().answerFault(endpoint, outcome)
  return fault === 'good' ? undefined : `docs/openapi.json: ${fault}`
}
