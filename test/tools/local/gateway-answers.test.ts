import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { answerAsGateway, type GatewayServer } from '../../../tools/local/gateway-answers.ts'

/** The part of hapi that the offline plugin uses as well. */
interface Hapi extends GatewayServer {
  route(route: {
    method: string
    path: string
    handler: (request: object, toolkit: Toolkit) => unknown
  }): void
  inject(request: { method: string; url: string }): Promise<{
    statusCode: number
    payload: string
    headers: Record<string, string>
  }>
}
interface Toolkit {
  response(body: unknown): { header(name: string, value: string): unknown }
}

const offline = createRequire(import.meta.url).resolve('serverless-offline')
const { Server } = createRequire(offline)('@hapi/hapi') as {
  Server: new (options: object) => Hapi
}

/** As the plugin makes it: our functions' answers, its own words for those that fail, and a route for everything else. */
const server = (): Hapi => {
  const made = new Server({ router: { stripTrailingSlash: true } })
  made.route({
    method: 'GET',
    path: '/good',
    handler: (_, toolkit) => toolkit.response('{"keys":[]}').header('x-request-id', 'r1'),
  })
  made.route({
    method: 'POST',
    path: '/broken',
    handler: () => ({ errorMessage: 'settings missing', errorType: 'Error', stackTrace: ['at x.ts:1'] }),
  })
  made.route({
    method: 'POST',
    path: '/throws',
    handler: () => {
      throw new Error('inside the plugin')
    },
  })
  made.route({ method: '*', path: '/{p*}', handler: () => ({ existingRoutes: ['get - /good'] }) })
  answerAsGateway(made)
  return made
}

const ask = async (method: string, url: string) => {
  const { statusCode, payload, headers } = await server().inject({ method, url })
  return { status: statusCode, payload, type: headers['content-type'] }
}

describe('tools/local/gateway-answers: answerAsGateway', () => {
  it('leaves the answer of a function as it is', async () => {
    expect(await ask('GET', '/good')).toMatchObject({ status: 200, payload: '{"keys":[]}' })
    expect(await ask('GET', '/good?a=b')).toMatchObject({ status: 200 })
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', '/'],
    ['POST', '/good'],
    ['GET', '/good/'],
    ['GET', '/Good'],
    ['GET', '/good/more'],
  ])('answers 404 to %s %s', async (method, url) => {
    expect(await ask(method, url)).toEqual({
      status: 404,
      payload: '{"message":"Not Found"}',
      type: 'application/json; charset=utf-8',
    })
  })

  it('answers 404 to HEAD, which no route has', async () => {
    expect(await ask('HEAD', '/good')).toMatchObject({ status: 404 })
  })

  it.each(['/broken', '/throws'])('answers 500 for a function that gives no answer (%s)', async (url) => {
    expect(await ask('POST', url)).toEqual({
      status: 500,
      payload: '{"message":"Internal Server Error"}',
      type: 'application/json; charset=utf-8',
    })
  })
})
