import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { BridgeError } from '../../../lib/errors.ts'
import { BACK_ENDS, PAGES_AND_BACK_ENDS } from '../../../lib/http/credentials.ts'
import { ownErrors } from '../../../lib/http/error-formats.ts'
import { callerHandler, publicHandler } from '../../../lib/http/handler.ts'
import { fromBody, noInput } from '../../../lib/http/input.ts'
import type { Principal } from '../../../lib/http/principal.ts'
import type { Success } from '../../../lib/http/responses.ts'
import type {
  CallerDescriptor,
  CallerWiring,
  PublicDescriptor,
  PublicWiring,
} from '../../../lib/http/route.ts'
import { jsonLog } from '../../../lib/log.ts'
import { contextWith, eventOf, type RequestParts } from '../../support/world.ts'

let lines: string[]
let steps: string[]
beforeEach(() => {
  lines = []
  steps = []
})

const DESCRIPTOR = {
  name: 'sample',
  endpoints: ['GET /sample'],
  settings: [],
  secrets: [],
  success: { status: 201, code: 'JWKS_SERVED' },
  errorFormat: ownErrors,
} as const
const PUBLIC: PublicDescriptor = { ...DESCRIPTOR, access: 'public' }
const FOR_BACK_ENDS: CallerDescriptor<typeof BACK_ENDS> = {
  ...DESCRIPTOR,
  access: 'users:write',
  credentials: BACK_ENDS,
}
const CALLER: Principal = {
  callerId: 'shop',
  tenants: ['t'],
  scopes: ['users:write'],
  expiresAt: 4_000_000_000,
}
const BODY = z.strictObject({ n: z.number('expected a number') })

const lineLog = jsonLog({
  minimum: 'INFO',
  now: () => new Date(0),
  write: (line) => lines.push(line),
})
const handlerOf = (run: () => Promise<Success>) =>
  publicHandler(PUBLIC, { input: noInput, log: lineLog, run })

/** A route for back ends that says in which order it is gone through. */
const steppedHandler = (
  caller: Principal | BridgeError,
  changes: Partial<CallerWiring<unknown, typeof BACK_ENDS>> = {},
) =>
  callerHandler(FOR_BACK_ENDS, {
    log: lineLog,
    callers: {
      credentials: BACK_ENDS,
      authenticate: async (headers) => {
        steps.push(`caller ${headers['authorization'] ?? ''}`.trim())
        if (caller instanceof BridgeError) throw caller
        return caller
      },
    },
    input: {
      read: (event) => {
        steps.push('input')
        return fromBody(BODY).read(event)
      },
    },
    run: async () => {
      steps.push('work')
      return { body: {} }
    },
    ...changes,
  })

const log = () => lines.map((line) => JSON.parse(line))

describe('lib/http/handler', () => {
  it('does not compile a route that states neither `public` nor a scope, nor one with callers of another set', () => {
    const work = { input: noInput, log: lineLog, run: async () => ({ body: {} }) }
    const callers = { credentials: BACK_ENDS, authenticate: async () => CALLER }
    // @ts-expect-error access is missing
    publicHandler(DESCRIPTOR, work)
    // @ts-expect-error no such scope
    callerHandler({ ...FOR_BACK_ENDS, access: 'anything' }, { ...work, callers })
    // @ts-expect-error a route for callers is not public
    publicHandler(FOR_BACK_ENDS, work)
    // @ts-expect-error callers are missing
    callerHandler(FOR_BACK_ENDS, work)
    // @ts-expect-error takes more kinds of credential than the descriptor says
    callerHandler(FOR_BACK_ENDS, { ...work, callers: { ...callers, credentials: PAGES_AND_BACK_ENDS } })
    expect(publicHandler(PUBLIC, work)).toBeTypeOf('function')
    expect(callerHandler(FOR_BACK_ENDS, { ...work, callers })).toBeTypeOf('function')
  })

  describe('the order of a request', () => {
    const GOOD: RequestParts = { body: { n: 1 }, headers: { authorization: 'Bearer x' } }

    it('is caller, input, work, and each is only reached past the one before', async () => {
      expect((await steppedHandler(CALLER)(eventOf(GOOD), contextWith())).statusCode).toBe(201)
      expect(steps).toEqual(['caller Bearer x', 'input', 'work'])
    })

    it.each([
      [
        'whoever is unknown',
        new BridgeError('CALLER_UNKNOWN', ''),
        GOOD,
        'CALLER_UNKNOWN',
        ['caller Bearer x'],
      ],
      ['a caller without the scope', { ...CALLER, scopes: [] }, GOOD, 'SCOPE_MISSING', ['caller Bearer x']],
      ['a bad body', CALLER, { ...GOOD, body: {} }, 'BODY_INVALID', ['caller Bearer x', 'input']],
    ])('ends with %s', async (_, caller, parts, code, reached) => {
      await steppedHandler(caller)(eventOf(parts), contextWith())
      expect(log()).toMatchObject([{ code }])
      expect(steps).toEqual(reached)
    })

    it('takes a caller key out of the body only for a route that says so', async () => {
      const body = { key: `ctb_${'a'.repeat(43)}`, n: 1 }
      await steppedHandler(CALLER)(eventOf({ body }), contextWith())
      const keyMember = { name: 'key', otherwise: 'expected a caller key' }
      await steppedHandler(CALLER, { keyMember })(eventOf({ body }), contextWith())
      expect(steps.filter((step) => step.startsWith('caller'))).toEqual([
        'caller',
        `caller Bearer ${body.key}`,
      ])
    })

    it('begins with the source, before the input of a public route is looked at', async () => {
      const from = (sources: PublicWiring<unknown>['sources'], body: object) =>
        publicHandler(PUBLIC, {
          ...(sources === undefined ? {} : { sources }),
          input: fromBody(BODY),
          log: lineLog,
          run: async () => ({ body: {} }),
        })(eventOf({ body, sourceIp: '192.0.2.1' }), contextWith())
      await from((address) => address !== '192.0.2.1', {})
      await from((address) => address === '192.0.2.1', { n: 1 })
      await from(undefined, { n: 1 })
      expect(log().map(({ code, status }) => `${code} ${status}`)).toEqual([
        'SOURCE_FORBIDDEN 403',
        'JWKS_SERVED 201',
        'JWKS_SERVED 201',
      ])
    })
  })

  it('sends the headers that the work has set with a failure as with a success', async () => {
    const answer = async (fails: boolean) =>
      publicHandler(PUBLIC, {
        input: noInput,
        log: lineLog,
        run: async ({ answerHeader }) => {
          answerHeader('ccmessaging-token', 'renewed')
          if (fails) throw new BridgeError('CHAT_TOKEN_REFUSED', 'expected a chat token')
          return { body: {} }
        },
      })(eventOf({}), contextWith())
    expect(await answer(true)).toMatchObject({ statusCode: 401, headers: { 'ccmessaging-token': 'renewed' } })
    expect(await answer(false)).toMatchObject({
      statusCode: 201,
      headers: { 'ccmessaging-token': 'renewed' },
    })
  })

  it('turns an unforeseen error into a plain 500, and logs its name and place but not its message', async () => {
    const handler = handlerOf(async () => {
      throw new RangeError('quotes something private')
    })
    const { statusCode, body } = await handler(eventOf({}), contextWith())
    expect([statusCode, JSON.parse(body)]).toEqual([
      500,
      { code: 'INTERNAL', message: 'something went wrong, quote the request id when you ask about it' },
    ])
    expect(log()).toMatchObject([{ level: 'ERROR', code: 'INTERNAL', errorName: 'RangeError', status: 500 }])
    expect(log()[0].frames[0]).toMatch(/^at .*handler\.test\.ts/)
    expect(lines.join()).not.toContain('private')
  })

  it('survives something thrown that is no error', async () => {
    const handler = handlerOf(async () => {
      throw 'text'
    })
    expect((await handler(eventOf({}), contextWith())).statusCode).toBe(500)
    expect(log()).toMatchObject([{ code: 'INTERNAL', errorName: 'string' }])
  })

  it('answers while there is time when the work never ends', async () => {
    const handler = handlerOf(() => new Promise(() => undefined))
    const context = contextWith(350)
    expect((await handler(eventOf({}), context)).statusCode).toBe(503)
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(100)
    expect(log()).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }])
  })

  it('lets a route name its own headers, and nothing else of the answer change', async () => {
    const handler = handlerOf(async () => ({
      body: { a: 1 },
      headers: { 'cache-control': 'public' },
    }))
    expect(await handler(eventOf({}), contextWith())).toEqual({
      statusCode: 201,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'public',
        'x-content-type-options': 'nosniff',
        'x-request-id': expect.any(String),
      },
      body: '{"a":1}',
    })
  })

  it('keeps parallel requests apart', async () => {
    const handler = publicHandler(PUBLIC, {
      log: lineLog,
      input: fromBody(BODY),
      run: async ({ input, note }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
        note({ jti: String(input.n) })
        return { body: input }
      },
    })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => handler(eventOf({ body: { n } }), contextWith())),
    )
    expect(answers.map(({ body }) => JSON.parse(body).n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(new Set(log().map(({ jti }) => jti)).size).toBe(50)
  })

  it('makes do with an event and a context that lack everything', async () => {
    const handler = handlerOf(async () => ({ body: {} }))
    const { headers } = await handler({} as APIGatewayProxyEventV2, {} as Context)
    expect(headers['x-request-id']).toBe('unknown')
  })
})
