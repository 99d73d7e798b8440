import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpResponse } from '../lib/http/responses.ts'
import { enterLocalAwsEnvironment } from '../tools/local/aws-environment.ts'
import {
  LOCAL_SECRETS_PREFIX,
  LOCAL_STAGE,
  SIGNING_KEY_SECRET,
  tenantSecret,
} from '../tools/local/constants.ts'
import { fillSampleEvent } from '../tools/local/sample-event.ts'
import { type Stack, startStack } from '../tools/local/stack.ts'
import { EXPECTED } from './support/expected-events.ts'
import { callersResources, contextWith, directoryResources, tokensResources } from './support/world.ts'

/** Events of functions that no request calls: they answer in their own way. */
const TASKS = [
  'rotateSigningKey/createSecret',
  'prewarmTokens/schedule',
  'probe/schedule',
  'doctor/stage',
  'doctor/tenant',
]

const FOLDER = join(import.meta.dirname, '../events')
const ISSUER = 'https://local.cec-token-bridge.invalid'
const TABLE = `cec-token-bridge-${LOCAL_STAGE}-directory`
const CALLERS = `cec-token-bridge-${LOCAL_STAGE}-callers`
const TOKENS = `cec-token-bridge-${LOCAL_STAGE}-tokens`
let stack: Stack

beforeAll(async () => {
  const region = 'eu-west-1'
  enterLocalAwsEnvironment(region)
  stack = await startStack({
    resources: { ...directoryResources(TABLE), ...callersResources(CALLERS), ...tokensResources(TOKENS) },
    region,
  })
  Object.assign(process.env, stack.endpoints, {
    STAGE: LOCAL_STAGE,
    SECRETS_PREFIX: LOCAL_SECRETS_PREFIX,
    ISSUER,
    DIRECTORY_TABLE: TABLE,
    CALLERS_TABLE: CALLERS,
    TOKENS_TABLE: TOKENS,
    POLL_SECONDS: '0.3',
    ALLOW_LOOPBACK_HTTP: 'true',
  })
})
afterAll(() => stack.close())

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The function's own exported handler, as Lambda would call it, and the log lines it prints. */
const run = async (event: string): Promise<{ answer: HttpResponse; printed: string }> => {
  const { handler } = await import(`../functions/${kebab(event.split('/')[0] ?? '')}.ts`)
  const printed: string[] = []
  const { log } = console
  console.log = (line: string) => printed.push(line)
  try {
    const sample = JSON.parse(readFileSync(join(FOLDER, `${event}.json`), 'utf8'))
    const filled = await fillSampleEvent<APIGatewayProxyEventV2>(sample, {
      signingKey: stack.secrets[SIGNING_KEY_SECRET] ?? '',
      cecSettings: stack.secrets[tenantSecret('cec')] ?? '',
      issuer: ISSUER,
      now: new Date(),
      startRotation: () => stack.startRotation(SIGNING_KEY_SECRET),
    })
    const answer = await (handler as (event: object, context: Context) => Promise<HttpResponse>)(
      filled,
      contextWith(),
    )
    return { answer, printed: printed.join('\n') }
  } finally {
    console.log = log
  }
}

describe('events', () => {
  it('have an expectation each', () => {
    const events = globSync('*/*.json', { cwd: FOLDER }).map((file) =>
      file.replaceAll('\\', '/').replace(/\.json$/, ''),
    )
    expect(events.sort()).toEqual([...Object.keys(EXPECTED), ...TASKS].sort())
  })

  // Revocations last: they end the tokens of the user that all others are about.
  const inOrder = Object.entries(EXPECTED).sort(
    ([a], [b]) => Number(/^revoke/.test(a)) - Number(/^revoke/.test(b)),
  )

  it.each(inOrder)('%s', async (event, [status, body, code]) => {
    const { answer, printed } = await run(event)
    expect(answer.statusCode).toBe(status)
    expect(JSON.parse(answer.body)).toMatchObject(body)
    expect(printed).toContain(`"code":"${code}"`)
  })
})
