/** A sandbox in a process of its own: the exported functions, on a clock that the test sets. Run by `sandboxes.ts`. */

import { createHash, randomBytes } from 'node:crypto'
import { get } from 'node:http'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { appCubeToken } from '../../functions/app-cube-token.ts'
import { applyToken } from '../../functions/apply-token.ts'
import { prewarmTokens } from '../../functions/prewarm-tokens.ts'
import { lambdaDeadline } from '../../lib/concurrency/deadline.ts'
import { awsSecretSource } from '../../lib/secrets/aws.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { leaselessAppCubeTokens } from './leaseless.ts'
import { currentCall, takeLate, traced, watchRequests } from './leftovers.ts'
import type { CallReport, FromSandbox, HandlerName, Order, ToSandbox } from './protocol.ts'

type Run = (order: Order, index: number, context: Context) => Promise<{ status: number; token?: string }>

const env = (name: string): string => process.env[name] ?? ''
const hostOf = (name: string): string => new URL(env(name)).host
watchRequests({
  [hostOf('AWS_ENDPOINT_URL_DYNAMODB')]: 'table',
  [hostOf('AWS_ENDPOINT_URL_SECRETS_MANAGER')]: 'secrets',
})

let aheadMs = 0
let lines: string[] = []
const runtime: Runtime = {
  env: process.env,
  now: () => new Date(Date.now() + aheadMs),
  random: Math.random,
  newId: () => randomBytes(16).toString('base64url'),
  writeLine: (line) => {
    lines.push(line)
    currentCall()?.codes.push(JSON.parse(line).code)
  },
}

const { value: callerKey } = await awsSecretSource().read(
  `${env('SECRETS_PREFIX')}/test-caller-key`,
  'AWSCURRENT',
)

const eventFor = (tenantSpaceId: string, body: object) =>
  ({
    version: '2.0',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${callerKey}`,
      'x-tenant-space-id': tenantSpaceId,
    },
    requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  }) as unknown as APIGatewayProxyEventV2
const tenantAt = ({ tenants }: Order, index: number): string => tenants[index % tenants.length] ?? ''

/** What each call of a stub leaves behind. */
const request = (): void => void get(env('AWS_ENDPOINT_URL_SECRETS_MANAGER'), (response) => response.resume())
const STUBS = {
  leavesRequest: async () => {
    request()
    return { status: 200 }
  },
  startsLater: async () => {
    setImmediate(request)
    return { status: 200 }
  },
} satisfies Partial<Record<HandlerName, Run>>

const appKeyOf = (tenantSpaceId: string): string => `oiap-${tenantSpaceId}`

/** Everything that a sandbox remembers hangs on these. */
const newHandlers = (): Readonly<Record<HandlerName, Run>> => {
  const appCube = appCubeToken(runtime)
  const leaseless = leaselessAppCubeTokens(runtime)
  const apply = applyToken(runtime)
  const prewarm = prewarmTokens(runtime)
  return {
    appCubeToken: async (order, index, context) => {
      const tenantSpaceId = tenantAt(order, index)
      const answer = await appCube(eventFor(tenantSpaceId, { appKey: appKeyOf(tenantSpaceId) }), context)
      return { status: answer.statusCode, token: JSON.parse(answer.body).authToken }
    },
    leaselessAppCubeToken: async (order, index, context) => {
      const tenantSpaceId = tenantAt(order, index)
      const question = { appKey: appKeyOf(tenantSpaceId), refusedSha256: undefined }
      return leaseless(tenantSpaceId, question, lambdaDeadline(context)).then(
        ({ authToken }) => ({ status: 200, token: authToken }),
        () => ({ status: 500 }),
      )
    },
    applyToken: async (order, index, context) => {
      const user = { userId: `u-${process.pid}-${index}`, userName: 'Tom', channelId: 'web-1', locale: 'en' }
      const answer = await apply(eventFor(tenantAt(order, index), user), context)
      return { status: answer.statusCode }
    },
    prewarmTokens: (_order, _index, context) =>
      prewarm({}, context).then(
        ({ failed, left }) => ({ status: failed + left === 0 ? 200 : 500 }),
        () => ({ status: 500 }),
      ),
    ...STUBS,
  }
}
let handlers = newHandlers()

const callOnce = async (order: Order, index: number): Promise<CallReport> => {
  const startedAt = Date.now()
  const endsAt = performance.now() + order.remainingMs
  const context = {
    awsRequestId: randomBytes(8).toString('hex'),
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  } as unknown as Context
  const { result, call, pending } = await traced(() => handlers[order.handler](order, index, context))
  return {
    process: process.pid,
    tenantSpaceId: tenantAt(order, index),
    status: result.status,
    code: call.codes.at(-1) ?? 'none',
    ...(result.token === undefined ? {} : { token: createHash('sha256').update(result.token).digest('hex') }),
    startedAt,
    endedAt: Date.now(),
    hasFetched: call.codes.includes('MACHINE_TOKEN_FETCHED'),
    requests: { ...call.begun },
    pending,
  }
}

const tell = (message: FromSandbox): void => void process.send?.(message)

const run = async (id: number, order: Order): Promise<void> => {
  const reports = Array.from({ length: order.calls }, async (_, index) => {
    tell({ tell: 'call', id, report: await callOnce(order, index) })
  })
  tell({ tell: 'begun', id })
  await Promise.all(reports)
  // One more turn: what a call has left for later has begun by now.
  await new Promise((resolve) => setTimeout(resolve, 5))
  tell({ tell: 'done', id, lines, late: takeLate() })
  lines = []
}

process.on('message', (message: ToSandbox) => {
  if (message.ask === 'run') return void run(message.id, message.order)
  if (message.ask === 'clock') aheadMs = message.aheadMs
  else handlers = newHandlers()
  tell({ tell: 'begun', id: message.id })
})
process.on('disconnect', () => process.exit(1))
tell({ tell: 'ready' })
