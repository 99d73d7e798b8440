/** How every route answers: the checks in their order, the work, one answer and one log line. The only module that touches middy. */

import middy, { type MiddlewareObj } from '@middy/core'
import { asBridgeError, BridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { withBodyKey } from './body-key.ts'
import type { Credentials } from './credentials.ts'
import { type Context, type Exchange, exchangeOf, type HttpEvent, headerOf } from './exchange.ts'
import { type Principal, requireScope } from './principal.ts'
import { partLine, requestLine } from './request-line.ts'
import { type HttpResponse, httpResponse, type Success } from './responses.ts'
import type {
  CallerDescriptor,
  CallerWiring,
  PublicDescriptor,
  PublicWiring,
  RouteDescriptor,
  RouteRequest,
} from './route.ts'

export type HttpHandler = (event: HttpEvent, context: Context) => Promise<HttpResponse>

/** Ends a request whose work has outlived every deadline of its own, while there is still time to say so. */
const LAST_CALL_MS = 250

/** A route that anybody may call, or whoever calls from a listed address. */
export const publicHandler = <Input>(route: PublicDescriptor, wiring: PublicWiring<Input>): HttpHandler =>
  answering(route, wiring.log, async (exchange) => {
    checkSource(wiring, exchange)
    return wiring.run(requestOf(route, wiring, exchange))
  })

/** A route that only known callers reach: who calls is settled before anything of the input is read. */
export const callerHandler = <Input, Taken extends Credentials>(
  route: CallerDescriptor<Taken>,
  wiring: CallerWiring<Input, NoInfer<Taken>>,
): HttpHandler =>
  answering(route, wiring.log, async (exchange) => {
    const caller = await callerOf(wiring, exchange)
    requireScope(caller, route.access)
    return wiring.run({ ...requestOf(route, wiring, exchange), caller })
  })

/**
 * A Lambda handler around a route's work. One log line and one answer whatever happens: every error becomes an answer in
 * the route's error format, and nothing thrown leaves.
 */
const answering = (
  route: RouteDescriptor,
  log: Log,
  work: (exchange: Exchange) => Promise<Success>,
): HttpHandler => {
  const stack = middy<Exchange, HttpResponse>({
    timeoutEarlyInMillis: LAST_CALL_MS,
    timeoutEarlyResponse: outOfTime,
  })
    .use(oneLogLine(route, log))
    .use(errorAnswer(route))
    .handler(async (exchange: Exchange) => {
      await log.ready?.(exchange.deadline)
      return httpResponse({ ...(await work(exchange)), status: route.success.status }, exchange)
    })
  return (event, context) => stack(exchangeOf(event, context), context)
}

const checkSource = ({ sources }: Pick<PublicWiring<unknown>, 'sources'>, { event }: Exchange): void => {
  if (sources !== undefined && !sources(event.requestContext?.http?.sourceIp)) {
    throw new BridgeError('SOURCE_FORBIDDEN', 'expected a source address of the list')
  }
}

const callerOf = async (
  { callers, keyMember }: Pick<CallerWiring<unknown, Credentials>, 'callers' | 'keyMember'>,
  { event, deadline, fields }: Exchange,
): Promise<Principal> => {
  const headers = event.headers ?? {}
  const presented = keyMember === undefined ? headers : withBodyKey(headers, event, keyMember)
  return callers.authenticate(presented, deadline, (more) => fields.push(more))
}

const requestOf = <Input>(
  route: RouteDescriptor,
  { input, log }: Pick<PublicWiring<Input>, 'input' | 'log'>,
  exchange: Exchange,
): RouteRequest<Input> => {
  const { event, deadline, fields, answerHeaders } = exchange
  return {
    ...input.read(event, route.bodyLimit),
    header: (name) => headerOf(event, name),
    answerHeader: (name, value) => {
      answerHeaders[name] = value
    },
    deadline,
    note: (more) => {
      fields.push(more)
    },
    partEnded: (ending) => log(...partLine(route, exchange, ending)),
  }
}

type Middleware = MiddlewareObj<Exchange, HttpResponse>

const outOfTime = (): never => {
  throw new BridgeError('DEADLINE_EXCEEDED', 'the time for this request is used up')
}

const errorAnswer = ({ errorFormat }: RouteDescriptor): Middleware => ({
  onError: (request) => {
    const { event: exchange, error } = request
    request.response = httpResponse(errorFormat(asBridgeError(error), exchange.requestId), exchange)
  },
})

const oneLogLine = (route: RouteDescriptor, log: Log): Middleware => {
  const write: Middleware['after'] = ({ event: exchange, response, error }) => {
    const failure = error == null ? undefined : asBridgeError(error)
    log(...requestLine(route, exchange, { status: response?.statusCode ?? 500, failure }))
  }
  return { after: write, onError: write }
}
