/** The two places where a stage's calls come by: the server of its routes, and the vendors' emulators. */

import { DOCS_PATH } from '../docs-page.ts'
import type { Watch } from '../upstreams/emulator.ts'
import type { Call, CallLog, Party } from './call-log.ts'
import { BACK_END_PATH, CHAT_ENTRY_PATH, PLAYGROUND_PATH } from './paths.ts'

/** The part of hapi's server that this touches. */
export interface WatchedServer {
  readonly events: { on(event: 'response', listener: (request: AnsweredRequest) => void): void }
}

interface AnsweredRequest {
  readonly method: string
  readonly path: string
  readonly route: { readonly path: string }
  readonly url: { readonly search: string }
  readonly headers: Headers
  readonly payload?: unknown
  readonly info: { readonly received: number; readonly completed: number }
  /** Without a status where the client has gone away. */
  readonly response: {
    readonly statusCode?: number
    readonly headers?: Headers
    readonly source?: unknown
  }
}

type Headers = Readonly<Record<string, unknown>>

/**
 * From now on `log` has every call of a route, of the playground's back end, and of CEC's side of it. `ofCec` are the paths that
 * CEC asks.
 */
export const watchServer = (server: WatchedServer, log: CallLog, ofCec: readonly string[]): void => {
  server.events.on('response', ({ method, path, route, url, headers, payload, info, response }) => {
    list(log, () => {
      const parties = partiesOf({ path, route: route.path, headers }, ofCec)
      return (
        parties && {
          ...parties,
          method,
          url: path + url.search,
          request: { headers, body: payload },
          status: response.statusCode ?? 0,
          answer: { headers: response.headers ?? {}, body: response.source },
          startedAt: info.received,
          ms: info.completed - info.received,
        }
      )
    })
  })
}

/** A call that cannot be listed must end neither the stage nor the call itself. */
const list = (log: CallLog, callOf: () => Call | undefined): void => {
  try {
    const call = callOf()
    if (call !== undefined) log.add(call)
  } catch (error) {
    process.emitWarning(`the playground cannot list a call (${(error as Error).name})`)
  }
}

/** Pages and their files, and paths that nothing has, are no calls. */
const NO_CALL = new RegExp(`^(${DOCS_PATH}|${PLAYGROUND_PATH})(/|$)|\\{p\\*\\d*\\}$`)

const partiesOf = (
  { path, route, headers }: { readonly path: string; readonly route: string; readonly headers: Headers },
  ofCec: readonly string[],
): Pick<Call, 'from' | 'to'> | undefined => {
  if (route.startsWith(`${BACK_END_PATH}/`)) return { from: 'page', to: 'back end' }
  if (route === CHAT_ENTRY_PATH) return { from: 'page', to: 'CEC' }
  if (NO_CALL.test(route)) return undefined
  if (ofCec.includes(path)) return { from: 'CEC', to: 'stage' }
  const isBrowser = headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined
  return { from: isBrowser ? 'page' : 'back end', to: 'stage' }
}

/** For the emulator of a vendor. */
export const watchVendor =
  (log: CallLog, vendor: Party): Watch =>
  ({ method, path, query, headers, body, fields }, outcome, { startedAt, ms }) =>
    list(log, () => ({
      from: 'stage',
      to: vendor,
      method,
      url: query === '' ? path : `${path}?${query}`,
      request: { headers, body: body.length === 0 ? undefined : fields },
      ...(typeof outcome === 'string'
        ? { status: 0, answer: { headers: {}, body: undefined } }
        : { status: outcome.status, answer: outcome }),
      startedAt,
      ms,
    }))
