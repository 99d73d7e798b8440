/**
 * A function that has answered requests of its own before its first one comes. A start has a whole processor, the first request a
 * fraction of one: what code does for the first time costs a waiting person three times as much as it costs the start.
 */

import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { readSettings } from '../config.ts'
import { asBridgeError, BridgeError } from '../errors.ts'
import type { Context, HttpEvent } from '../http/exchange.ts'
import type { HttpHandler } from '../http/handler.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { processRuntime, type Runtime, runtimeLog } from '../start/runtime.ts'
import { type ThrowAway, throwAway } from './throw-away.ts'

/** Requests that find nothing and change nothing. */
export interface PrimingRequests {
  readonly route: RouteDescriptor
  /** What the caller may do beside the route itself. Default nothing. */
  readonly scopes?: readonly string[]
  readonly events: (own: ThrowAway, issuer: string) => Promise<readonly HttpEvent[]>
  /** What requests without a tenant never come to. Default nothing. */
  readonly alsoRead?: (runtime: Runtime, deadline: Deadline) => Promise<unknown>
}

/** Lambda gives a start ten seconds. What has not come by then, the first request does. */
const LONGEST_MS = 1_500

/** Set in every sandbox of Lambda's, and nowhere else. */
const IN_LAMBDA = 'AWS_LAMBDA_INITIALIZATION_TYPE'

/** No list of addresses has this process, and no rule for user ids must keep its user from being looked for. */
const WITHOUT = { CEC_SOURCE_CIDRS: '', USER_ID_CHARACTERS: '', USER_ID_MAX_LENGTH: '' }

/** Found nowhere, or refused because of that. Another answer says that the requests no longer fit the route. */
const EXPECTED: readonly number[] = [200, 401, 404]

/**
 * The handler for everybody. In Lambda it comes when the priming requests are answered, or after 1.5 s. A failure costs nothing
 * but its time, and is logged as PRIMING_FAILED.
 */
export const primed = async (
  make: (runtime: Runtime) => HttpHandler,
  requests: PrimingRequests,
  runtime: Runtime = processRuntime(),
): Promise<HttpHandler> => {
  const reads: Promise<unknown>[] = []
  const handler = make({ ...runtime, onPrefetch: (read) => reads.push(read) })
  if (runtime.env[IN_LAMBDA] === undefined) return handler
  try {
    await prime(make, requests, { runtime, reads })
  } catch (error) {
    const { code, detail } = asBridgeError(error)
    const reason = detail.reason ?? code
    const { LOG_LEVEL } = readSettings(runtime.env, ['LOG_LEVEL'])
    runtimeLog(runtime, LOG_LEVEL)('WARN', { code: 'PRIMING_FAILED', function: requests.route.name, reason })
  }
  return handler
}

/**
 * Asks a second handler, which is made in the same way, knows other secrets and writes no line. It shares the code and the
 * connections with the first one and nothing else, so that what it accepts nobody else does. Ends with the first one's reads of its
 * secrets: a sandbox that is frozen with one under way has read nothing.
 */
const prime = async (
  make: (runtime: Runtime) => HttpHandler,
  { route, scopes = [], events, alsoRead }: PrimingRequests,
  { runtime, reads }: { readonly runtime: Runtime; readonly reads: readonly Promise<unknown>[] },
): Promise<void> => {
  const startedAt = performance.now()
  const remainingMs = () => Math.max(0, LONGEST_MS - (performance.now() - startedAt))
  const context = { awsRequestId: 'priming', getRemainingTimeInMillis: remainingMs } as Context
  const issuer = runtime.env['ISSUER'] ?? ''

  const ask = async (): Promise<void> => {
    const own = await throwAway({ scopes: [route.access, ...scopes], issuer, now: runtime.now() })
    const { secretSource } = own
    const env = { ...runtime.env, ...WITHOUT }
    const handler = make({ ...runtime, env, secretSource, writeLine: () => undefined })
    const asked = await events(own, issuer)
    for (const { statusCode } of await Promise.all(asked.map((event) => handler(event, context)))) {
      if (!EXPECTED.includes(statusCode))
        throw new BridgeError('INTERNAL', 'a priming request does not fit its route', {
          detail: { reason: `status ${statusCode}` },
        })
    }
  }

  // A part that fails at once must not leave the others to run beside the first request.
  const parts = Promise.allSettled([ask(), alsoRead?.(runtime, { remainingMs }), ...reads])
  for (const part of await withinDeadline(parts, { remainingMs }))
    if (part.status === 'rejected') throw part.reason
}
