import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { useCors } from '../../../tools/local/cors.ts'
import { answerAsGateway } from '../../../tools/local/gateway-answers.ts'
import { tellMissed } from '../../../tools/local/missed-requests.ts'
import { corsOf } from '../../../tools/package/cors.ts'

const offline = createRequire(import.meta.url).resolve('serverless-offline')
const { Server } = createRequire(offline)('@hapi/hapi')

const PAGE = 'http://localhost:8080'

/** Of one request to a server as the plugin makes it: the lines without their times. */
const linesOf = async (
  [method, url, origin]: readonly [method: string, url: string, origin?: string],
  corsOrigins?: string,
): Promise<readonly string[]> => {
  const lines: string[] = []
  const cors = corsOf(corsOrigins, 'local')
  const server = new Server({ router: { stripTrailingSlash: true } })
  const answer = (_: object, toolkit: { response(body: string): { header(...header: string[]): unknown } }) =>
    toolkit.response('{}').header('x-request-id', 'r1')
  for (const method of ['POST', 'DELETE']) server.route({ method, path: '/tokens', handler: answer })
  server.route({ method: 'GET', path: '/keys', handler: answer })
  server.route({ method: '*', path: '/{p*}', handler: () => ({ existingRoutes: [] }) })
  answerAsGateway(server)
  useCors(server, cors)
  tellMissed(server, { cors, write: (line) => lines.push(line) })
  await server.inject({ method, url, headers: origin === undefined ? {} : { origin } })
  return lines.map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))
}

describe('tools/local/missed-requests', () => {
  it.each([
    [['GET', '/tokens'], '404  GET /tokens: POST and DELETE are there'],
    [['HEAD', '/tokens'], '404  HEAD /tokens: POST and DELETE are there'],
    [['POST', '/tokens/'], '404  POST /tokens/: at /tokens POST and DELETE are there'],
    [['POST', '/keys'], '404  POST /keys: GET is there'],
    [['GET', '/nothing?key=secret'], '404  GET /nothing: no such route'],
    [['GET', '/'], '404  GET /: no such route'],
    [['OPTIONS', '/tokens', PAGE], '404  OPTIONS /tokens: corsOrigins does not let this page in'],
  ] as const)('says of %j that no function got it, and why', async (request, line) => {
    expect(await linesOf(request)).toEqual([`INFO   ${line}\n`])
  })

  it.each([
    [PAGE, `204  OPTIONS /tokens: corsOrigins lets ${PAGE} in`],
    ['http://localhost:8081', '204  OPTIONS /tokens: corsOrigins does not let this page in'],
  ])('says of a preflight of %s whether the page is let in', async (origin, line) => {
    expect(await linesOf(['OPTIONS', '/tokens', origin], PAGE)).toEqual([`INFO   ${line}\n`])
  })

  it('says nothing of a request that a function gets: that writes its own line', async () => {
    expect(await linesOf(['POST', '/tokens?a=b'])).toEqual([])
  })
})
