/** The routes that the prober asks, served on loopback by the real functions, and a prober with its own key, user and tenant. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { userItem } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import type { ProbeSummary } from '../../lib/probe/probe.ts'
import * as routes from '../../lib/routes.ts'
import { expectClean } from './canary.ts'
import { type FunctionName, functionOf } from './functions.ts'
import { startVendorWorld, type VendorWorld } from './vendor-world.ts'
import {
  type CallerSeed,
  callersSecret,
  contextWith,
  eventOf,
  type LogLine,
  newCallerKey,
  PREFIX,
  TABLE,
  TENANT,
} from './world.ts'

const PROBED = [
  routes.ISSUE_ENTERPRISE_TOKEN,
  routes.VALIDATE_ENTERPRISE_TOKEN,
  routes.REVOKE_ENTERPRISE_TOKENS,
  routes.APP_CUBE_TOKEN,
]
const PROBER = { tenantSpaceId: 'prober', userId: 'prober-1', userName: 'Prober' }

export interface Standing {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface ProbedWorld extends VendorWorld {
  readonly url: string
  readonly callers: { readonly tokens: CallerSeed; readonly appCube: CallerSeed }
  readonly putCallers: (...callers: readonly CallerSeed[]) => void
  readonly putProber: (changes?: object) => void
  /** What stands in a route's place: an answer, or none at all. */
  readonly inPlaceOf: (name: FunctionName, standing: Standing | 'silence') => void
  /** Everything as it was at the start. */
  readonly mend: () => Promise<void>
  /** Sandboxes that have just started, in place of those that were asked before. */
  readonly restart: () => Promise<void>
  /** One run as the schedule calls it: what it returns, and its lines. */
  readonly probe: (ms?: number) => Promise<{ summary: ProbeSummary; lines: readonly LogLine[] }>
}

export const startProbedWorld = async (): Promise<ProbedWorld> => {
  const world = await startVendorWorld()
  const callers = {
    tokens: {
      callerId: 'prober',
      key: newCallerKey("the prober's key"),
      tenants: [PROBER.tenantSpaceId],
      scopes: ['enterprise-token:issue', 'enterprise-token:revoke'],
    },
    appCube: {
      callerId: 'prober-app-cube',
      key: newCallerKey("the prober's key for AppCube"),
      tenants: [TENANT],
      scopes: ['app-cube-token:issue'],
    },
  }
  let handlers = new Map<string, HttpHandler>()
  const standings = new Map<string, Standing | 'silence'>()
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const body = await text(request)
    const standing = standings.get(path)
    if (standing === 'silence') return
    const handler = handlers.get(path)
    if (standing !== undefined || handler === undefined) {
      const notFound = { status: 404, body: '{"message":"Not Found"}', headers: {} }
      const { status, body: answer, headers } = standing ?? notFound
      response.writeHead(status, headers).end(answer)
      return
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
    )
    const answer = await handler(eventOf({ rawBody: body, headers }), contextWith())
    response.writeHead(answer.statusCode, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const putCallers: ProbedWorld['putCallers'] = (...all) =>
    world.secretsManager.put(`${PREFIX}/callers`, callersSecret(all))
  const putProber: ProbedWorld['putProber'] = (changes = {}) =>
    world.secretsManager.put(`${PREFIX}/prober`, {
      url,
      validateUrl: url + pathOf(routes.VALIDATE_ENTERPRISE_TOKEN),
      callerKey: callers.tokens.key,
      ...PROBER,
      appCube: { callerKey: callers.appCube.key, appKey: `oiap-${TENANT}` },
      ...changes,
    })

  return {
    ...world,
    ...{ url, callers, putCallers, putProber },
    inPlaceOf: (name, standing) => {
      const [route] = PROBED.filter((probed) => probed.name === name)
      if (route !== undefined) standings.set(pathOf(route), standing)
    },
    mend: async () => {
      standings.clear()
      world.dynamoDb.clearFaults()
      world.secretsManager.clearFaults()
      world.vendors.oiap.clearFaults()
      await world.clearTokens()
      putCallers(callers.tokens, callers.appCube)
      putProber()
      world.secretsManager.put(`${PREFIX}/signing-key`, world.ring.signingKey)
      await world.dynamoDb.put(TABLE, [userItem({ ...PROBER, status: 'active', epoch: 0 })])
    },
    restart: async () => {
      const made = PROBED.map(
        async (route) => [pathOf(route), await functionOf(route.name, world.runtime())] as const,
      )
      handlers = new Map(await Promise.all(made))
    },
    probe: async (ms = 60_000) => {
      const { probe } = await import('../../functions/probe.ts')
      const before = world.lines.length
      const summary = await probe(world.runtime())({}, contextWith(ms))
      expectClean('what the prober returns', JSON.stringify(summary))
      const own = ['PROBE_DONE', 'PROBE_FAILED', 'PROBE_REFUSED', 'PROBE_VENDOR_FAILED']
      return { summary, lines: world.lines.slice(before).filter(({ code }) => own.includes(code)) }
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await world.close()
    },
  }
}

const pathOf = ({ endpoints: [endpoint] }: { readonly endpoints: readonly [string] }): string =>
  endpoint.replace('POST ', '')
