/**
 * A function that has answered requests of its own before its first one comes. A start has a whole processor, the first request a
 * fraction of one: what a request does for the first time costs a waiting person three times as much as it costs the start.
 */

import type { Context } from 'aws-lambda'
import { withinDeadline } from '../concurrency/deadline.ts'
import type { HttpEvent } from '../http/exchange.ts'
import type { HttpHandler } from '../http/handler.ts'
import type { HttpResponse } from '../http/responses.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { processRuntime, type Runtime } from '../start/runtime.ts'
import { type ThrowAway, throwAway } from './throw-away.ts'

/** Requests that find nothing and change nothing. */
export interface PrimingRequests {
  readonly route: RouteDescriptor
  readonly events: (own: ThrowAway, issuer: string) => Promise<readonly HttpEvent[]>
}

/** Lambda gives a start ten seconds. What has not come by then, the first request does. */
const LONGEST_MS = 1_500

/** Set in every sandbox of Lambda's, and nowhere else. */
const IN_LAMBDA = 'AWS_LAMBDA_INITIALIZATION_TYPE'

/** The handler for everybody. In Lambda it comes when the requests are answered; a failure costs nothing but its time. */
export const primed = async (
  make: (runtime: Runtime) => HttpHandler,
  requests: PrimingRequests,
  runtime: Runtime = processRuntime(),
): Promise<HttpHandler> => {
  const handler = make(runtime)
  if (runtime.env[IN_LAMBDA] !== undefined) await prime(make, requests, runtime).catch(() => undefined)
  return handler
}

/**
 * Asks a second handler, made in the same way, which knows other secrets, writes no line and is gone afterwards. It shares the
 * code and the connections with the first one, and nothing else. Returns the answers.
 */
export const prime = (
  make: (runtime: Runtime) => HttpHandler,
  { route, events }: PrimingRequests,
  runtime: Runtime,
): Promise<readonly HttpResponse[]> => {
  const startedAt = performance.now()
  const remainingMs = () => LONGEST_MS - (performance.now() - startedAt)
  const context = { awsRequestId: 'priming', getRemainingTimeInMillis: remainingMs } as Context
  const issuer = runtime.env['ISSUER'] ?? ''
  const answers = async () => {
    const scopes = route.access === 'public' ? [] : [route.access]
    const own = await throwAway({ scopes, issuer, now: runtime.now() })
    const handler = make({
      ...runtime,
      env: { ...runtime.env, CEC_SOURCE_CIDRS: '' },
      writeLine: () => undefined,
      secretSource: own.secretSource,
    })
    return Promise.all((await events(own, issuer)).map((event) => handler(event, context)))
  }
  return withinDeadline(answers(), { remainingMs })
}
