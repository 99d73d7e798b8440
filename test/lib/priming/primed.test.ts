import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { HttpEvent } from '../../../lib/http/exchange.ts'
import type { HttpHandler } from '../../../lib/http/handler.ts'
import { type PrimingRequests, primed } from '../../../lib/priming/primed.ts'
import { byBackEnd, enterpriseTokenOfNobody } from '../../../lib/priming/requests.ts'
import { NOWHERE } from '../../../lib/priming/throw-away.ts'
import { APP_CUBE_TOKEN, VALIDATE_ENTERPRISE_TOKEN } from '../../../lib/routes.ts'
import type { Runtime } from '../../../lib/start/runtime.ts'
import { contextWith, startWorld, type World } from '../../support/world.ts'

const IN_LAMBDA = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' }
/** Functions that a person waits for, or a vendor while a person waits. */
const NOT_PRIMED = [
  'doctor',
  'issue-agent-token', // counts and signs without asking anybody: it cannot be tried without a trace
  'prewarm-tokens',
  'probe',
  'put-user',
  'revoke-enterprise-tokens',
  'rotate-signing-key',
]
const ASKED = { body: { appKey: NOWHERE } }
const never = new Promise<never>(() => undefined)
const FUNCTIONS = readdirSync('functions').map((file) => file.replace('.ts', ''))
const PRIMED = FUNCTIONS.filter((file) => !NOT_PRIMED.includes(file))
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']

let world: World
let appCubeToken: (runtime: Runtime) => HttpHandler
let validateEnterpriseToken: (runtime: Runtime) => HttpHandler
beforeAll(async () => {
  world = await startWorld()
  ;({ appCubeToken } = await import('../../../functions/app-cube-token.ts'))
  ;({ validateEnterpriseToken } = await import('../../../functions/validate-enterprise-token.ts'))
})
afterAll(() => world.close())

const inLambda = (changes: Partial<Runtime> = {}): Runtime =>
  world.runtime({ env: { ...process.env, ...IN_LAMBDA }, ...changes })

/** Starts each function as its sandbox does. Gives what it has printed. */
const started = async (file: string): Promise<string[]> => {
  const printed: string[] = []
  const print = console.log
  console.log = (line: string) => void printed.push(line)
  Object.assign(process.env, IN_LAMBDA)
  vi.resetModules()
  try {
    await import(`../../../functions/${file}.ts`)
  } finally {
    delete process.env['AWS_LAMBDA_INITIALIZATION_TYPE']
    console.log = print
  }
  return printed
}

describe('lib/priming/primed', () => {
  it.each(PRIMED)('%s answers its own requests while it starts: no line, no write', async (file) => {
    world.dynamoDb.resetCalls()
    expect(await started(file)).toEqual([])
    expect(WRITES.map((action) => world.dynamoDb.calls(action))).toEqual([0, 0, 0, 0, 0])
  })

  it('the directory is really asked', async () => {
    world.dynamoDb.resetCalls()
    await started('validate-enterprise-token')
    expect(world.dynamoDb.calls('BatchGetItem')).toBe(1)
  })

  it('the table of service tokens is really asked', async () => {
    world.dynamoDb.resetCalls()
    await started('app-cube-token')
    expect(world.dynamoDb.calls('GetItem')).toBe(1)
  })

  it('reads no secret beyond those that a start reads anyway', async () => {
    world.secretsManager.resetCalls()
    await primed(validateEnterpriseToken, enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN), inLambda())
    await expect.poll(() => world.secretsManager.calls('GetSecretValue')).toBe(1)
    expect(world.secretsManager.calls()).toBe(1)
  })

  it('what it accepts nobody else does: neither key nor token, but for those of the secrets', async () => {
    const seen: HttpEvent[] = []
    const spied = (runtime: Runtime): HttpHandler => {
      const handler = appCubeToken(runtime)
      return (event, context) => {
        seen.push(event)
        return handler(event, context)
      }
    }
    const handler = await primed(spied, byBackEnd(APP_CUBE_TOKEN, ASKED), inLambda())
    const [own] = seen
    expect(own?.headers['authorization']).toMatch(/^Bearer ctb_/)
    expect((await handler(own as HttpEvent, contextWith())).statusCode).toBe(401)
    const authorization = `Bearer ${world.callerKey}`
    const known = { ...(own as HttpEvent), headers: { ...own?.headers, authorization } }
    expect((await handler(known, contextWith())).statusCode).toBe(403)
  })

  it('a token of its own is none of ours', async () => {
    const seen: HttpEvent[] = []
    const spied = (runtime: Runtime): HttpHandler => {
      const handler = validateEnterpriseToken(runtime)
      return (event, context) => {
        seen.push(event)
        return handler(event, context)
      }
    }
    const handler = await primed(spied, enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN), inLambda())
    expect(JSON.parse((await handler(seen[0] as HttpEvent, contextWith())).body)).toMatchObject({
      retCode: 2,
    })
    expect(world.lines.at(-1)).toMatchObject({ code: 'TOKEN_HEADER_UNKNOWN' })
  })

  it('elsewhere than in Lambda it asks nothing', async () => {
    world.dynamoDb.resetCalls()
    await primed(validateEnterpriseToken, enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN), world.runtime())
    expect(world.dynamoDb.calls()).toBe(0)
  })

  it.each([
    ['that does not fit its route', byBackEnd(APP_CUBE_TOKEN, { body: {} }), 'status 400'],
    [
      'that throws',
      { ...byBackEnd(APP_CUBE_TOKEN, ASKED), events: () => Promise.reject(new Error()) },
      'INTERNAL',
    ],
    [
      'that gets no answer',
      { ...byBackEnd(APP_CUBE_TOKEN, ASKED), alsoRead: () => never },
      'DEADLINE_EXCEEDED',
    ],
  ])('a request %s costs its time and a line: the handler is there', async (_, requests, reason) => {
    world.lines.length = 0
    const handler = await primed(appCubeToken, requests as PrimingRequests, inLambda())
    expect(world.lines).toMatchObject([
      { level: 'WARN', code: 'PRIMING_FAILED', function: 'appCubeToken', reason },
    ])
    expect((await handler({ headers: {} } as HttpEvent, contextWith())).statusCode).toBe(401)
  })

  it('a list of CEC’s addresses, which a start is not on, keeps nothing from being asked', async () => {
    world.lines.length = 0
    world.dynamoDb.resetCalls()
    const env = { ...process.env, ...IN_LAMBDA, CEC_SOURCE_CIDRS: '203.0.113.0/24' }
    await primed(
      validateEnterpriseToken,
      enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN),
      world.runtime({ env }),
    )
    expect(world.lines).toEqual([])
    expect(world.dynamoDb.calls('BatchGetItem')).toBe(1)
  })
})
