import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ownDialect } from '../../../lib/http/error-formats.ts'
import { httpHandler, type Route } from '../../../lib/http/handler.ts'
import type { Answer } from '../../../lib/http/responses.ts'
import { jsonLog } from '../../../lib/log.ts'
import { contextWith, eventOf } from '../../support/world.ts'

let lines: string[]
beforeEach(() => {
  lines = []
})

const handlerOf = (run: () => Promise<Answer>, changes: object = {}) =>
  httpHandler({
    name: 'sample',
    access: 'public',
    input: null,
    dialect: ownDialect,
    success: 'JWKS_SERVED',
    log: jsonLog(
      'INFO',
      () => new Date(0),
      (line) => lines.push(line),
    ),
    run,
    ...changes,
  } as Route<unknown>)

const log = () => lines.map((line) => JSON.parse(line))

describe('lib/http/handler', () => {
  it('does not compile a route that states neither `public` nor a scope', () => {
    const run = async () => ({ status: 200, body: {} })
    const route = {
      name: 'x',
      input: null,
      dialect: ownDialect,
      success: 'JWKS_SERVED',
      log: () => undefined,
      run,
    } as const
    // @ts-expect-error access is missing
    httpHandler(route)
    // @ts-expect-error no such scope
    httpHandler({ ...route, access: 'anything' })
    expect(httpHandler({ ...route, access: 'public' })).toBeTypeOf('function')
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
      status: 200,
      body: { a: 1 },
      headers: { 'cache-control': 'public' },
    }))
    expect(await handler(eventOf({}), contextWith())).toEqual({
      statusCode: 200,
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
    const handler = handlerOf(async () => ({ status: 200, body: {} }), {
      input: z.strictObject({ n: z.number() }),
      run: async ({ input, note }: { input: { n: number }; note: (fields: object) => void }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
        note({ jti: String(input.n) })
        return { status: 200, body: input }
      },
    })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => handler(eventOf({ body: { n } }), contextWith())),
    )
    expect(answers.map(({ body }) => JSON.parse(body).n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(new Set(log().map(({ jti }) => jti)).size).toBe(50)
  })

  it('makes do with an event and a context that lack everything', async () => {
    const handler = handlerOf(async () => ({ status: 200, body: {} }))
    const { headers } = await handler({} as APIGatewayProxyEventV2, {} as Context)
    expect(headers['x-request-id']).toBe('unknown')
  })
})
