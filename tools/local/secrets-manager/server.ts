/** An AWS Secrets Manager emulator: the real JSON 1.1 protocol over plain HTTP on loopback. */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalRequest, startHttpServer } from '../http-server.ts'
import { actions } from './actions.ts'
import { AwsError, type KeyFault } from './errors.ts'
import { createFaults, type Fault, type FaultKind } from './faults.ts'
import type { Input } from './input.ts'
import { enableRotation } from './rotate-actions.ts'
import { createRotations, type Invoke } from './rotations.ts'
import { addVersion, PENDING } from './secret.ts'
import { SecretStore } from './store.ts'
import { createSecret, putSecretValue } from './write-actions.ts'

export type { Fault, FaultKind } from './faults.ts'
export type { Invoke, RotationCall } from './rotations.ts'

export type SecretsManagerOptions = {
  /** Default 0: a free port. */
  port?: number | undefined
  /** The emulator's clock, for dates and recovery windows. Default: the machine's. */
  now?: (() => Date) | undefined
  /** The region in the ARNs; default `us-east-1`. */
  region?: string | undefined
  /** Calls a rotation function, for RotateSecret. Without it, RotateSecret is refused as AWS refuses a function it may not call. */
  invoke?: Invoke | undefined
}

export type SecretsManagerEmulator = {
  /** For `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `--endpoint-url` or a client's `endpoint`. */
  url: string
  /** Creates a secret, or gives it a new AWSCURRENT version. Not a string: stored as JSON. Throws AwsError. */
  put(name: string, value: unknown): void
  /** Puts a secret under a KMS key, whose `fault` is what AWS then answers to GetSecretValue; none by default. */
  encrypt(name: string, keyId: string, fault?: KeyFault): void
  /** Configures rotation every so many days, without a first rotation. Nothing here rotates by itself. */
  enableRotation(name: string, lambdaArn: string, days: number): void
  /** Resolves when no rotation is under way. */
  rotationsDone(): Promise<void>
  /**
   * Does what RotateSecret does before it calls the rotation function: adds an AWSPENDING version that has
   * no value yet. Returns its id, which is the rotation event's ClientRequestToken.
   */
  startRotation(name: string): string
  /** Requests received since the start or the last reset, failed ones included; of one action, or of all. */
  calls(action?: string): number
  resetCalls(): void
  /** Makes the next matching request (or `times` of them) fail. */
  fail(fault: Fault): void
  clearFaults(): void
  /** Ends also hanging and keep-alive connections. */
  close(): Promise<void>
}

/**
 * Starts an emulator without secrets on 127.0.0.1.
 *
 * It checks parameters, versions, staging labels and recovery windows as AWS does. It does not check
 * signatures or credentials: every request that reaches it is allowed, but for secrets under a KMS key that a test has spoilt. Rotation by schedule or again after a failure, resource
 * policies, tagging of existing secrets and replication do not exist. All state is in memory.
 */
export async function startSecretsManager(
  options: SecretsManagerOptions = {},
): Promise<SecretsManagerEmulator> {
  const store = new SecretStore(options.region ?? 'us-east-1', options.now ?? (() => new Date()))
  const rotations = createRotations(options.invoke, () => store.now())
  const faults = createFaults()
  const received = new Map<string, number>()

  async function handle(request: LocalRequest, response: ServerResponse): Promise<void> {
    const action = actionOf(request)
    received.set(action, (received.get(action) ?? 0) + 1)
    const fault = faults.take(action, request)
    if (fault !== undefined && (await misbehave(fault, response))) return
    try {
      const run = actions.get(action)
      if (run === undefined) throw new AwsError('UnknownOperationException', 'Unknown operation.')
      send(response, run(parse(request.body), store, rotations))
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      sendError(response, error)
    }
  }

  const server = await startHttpServer({ port: options.port, handle })
  return {
    url: server.url,
    put(name, value) {
      const SecretString = typeof value === 'string' ? value : JSON.stringify(value)
      const common = { ClientRequestToken: randomUUID(), SecretString }
      if (store.find(name) === undefined) createSecret({ ...common, Name: name }, store)
      else putSecretValue({ ...common, SecretId: name }, store)
    },
    encrypt(name, keyId, fault) {
      store.getUsable(name).kmsKeyId = keyId
      store.setKeyFault(keyId, fault)
    },
    enableRotation(name, lambdaArn, days) {
      enableRotation(store.getUsable(name), lambdaArn, { AutomaticallyAfterDays: days })
    },
    rotationsDone: () => rotations.idle(),
    startRotation(name) {
      const id = randomUUID()
      addVersion(store.getUsable(name), { id, value: undefined, stages: [PENDING], now: store.now() })
      return id
    },
    calls(action) {
      if (action !== undefined) return received.get(action) ?? 0
      return [...received.values()].reduce((sum, count) => sum + count, 0)
    },
    resetCalls: () => received.clear(),
    fail: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    async close() {
      await server.close()
      await rotations.idle()
    },
  }
}

/** The action's name, or an empty string for what is no Secrets Manager request. */
function actionOf({ method, url, headers }: LocalRequest): string {
  const target = headers['x-amz-target']
  if (method !== 'POST' || url !== '/' || typeof target !== 'string') return ''
  return /^secretsmanager\.([A-Za-z]+)$/.exec(target)?.[1] ?? ''
}

function parse(body: Buffer): Input {
  let input: unknown
  try {
    input = JSON.parse(body.toString('utf8'))
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw new AwsError('SerializationException', 'The request body is not JSON.')
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object.')
  }
  return input as Input
}

/** Returns whether the request is dealt with. */
async function misbehave(fault: FaultKind, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'error':
      sendError(response, new AwsError(fault.type, fault.message ?? 'Injected fault.', fault.status))
      return true
    case 'reply':
      response.writeHead(fault.status, { 'content-type': fault.contentType ?? 'text/plain' })
      response.end(fault.body)
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'hang':
      return true
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false })
      return response.destroyed
  }
}

function send(response: ServerResponse, body: object, { status = 200, headers = {} } = {}): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
    ...headers,
  })
  response.end(JSON.stringify(body))
}

function sendError(response: ServerResponse, { type, message, status }: AwsError): void {
  send(response, { __type: type, Message: message }, { status, headers: { 'x-amzn-errortype': type } })
}
