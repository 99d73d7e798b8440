/** The one middleware stack: every route is this, with its own access, input, dialect and work. The only module that touches middy. */

import middy, { type MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import type * as z from 'zod'
import { type Deadline, lambdaDeadline } from '../concurrency/deadline.ts'
import { asBridgeError, BridgeError } from '../errors.ts'
import { describeUnforeseen, type Log, type LogCode, type LogFields } from '../log.ts'
import type { Scope } from '../schemas/callers.ts'
import { describeFaults, faultyField } from '../schemas/issues.ts'
import type { Sources } from '../schemas/sources.ts'
import { bodyBytes, jsonBody } from './body.ts'
import { type KeyMember, withBodyKey } from './body-key.ts'
import type { Dialect } from './error-formats.ts'
import { type Authenticate, type Principal, requireScope } from './principal.ts'
import { type Answer, type HttpResponse, httpResponse } from './responses.ts'

/** What a route's work is given: checked input, and nothing of the raw event. */
export interface RouteRequest<Input> {
  readonly input: Input
  /** The body that the input was read from, as it was written; empty where the input is the query's. */
  readonly bodyText: string
  /** A request header by its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** Sets a header of the answer, whether the work then succeeds or fails. */
  readonly answerHeader: (name: string, value: string) => void
  readonly deadline: Deadline
  /** Adds fields to the request's one log line. Only what has been verified goes in. */
  readonly note: (fields: Partial<LogFields>) => void
}

/** The same of a route that only known callers reach. */
export interface CallerRequest<Input = unknown> extends RouteRequest<Input> {
  readonly caller: Principal
}

interface RouteBase<Input> {
  /** The function's name, for the log. */
  readonly name: string
  readonly dialect: Dialect
  /** Shape of the JSON body, or of the query; `null` for a route that takes none. */
  readonly input: z.ZodType<Input> | null
  /** Default the body. */
  readonly inputFrom?: 'body' | 'query'
  /** Code of the log line when all went well. */
  readonly success: LogCode
  readonly log: Log
}

interface PublicRoute<Input> extends RouteBase<Input> {
  readonly access: 'public'
  /** Who may call at all, by the address that API Gateway saw; a forwarded header says nothing. Default anybody. */
  readonly sources?: Sources
  readonly run: (request: RouteRequest<Input>) => Promise<Answer>
}

interface CallerRoute<Input> extends RouteBase<Input> {
  readonly access: Scope
  /** Which kinds of credential the route takes: `lib/http/caller-sets.ts` has the usual ones. */
  readonly callers: Authenticate
  /** The body's member in which a client without an `Authorization` header may send its caller key. Default none. */
  readonly keyMember?: KeyMember
  readonly run: (request: CallerRequest<Input>) => Promise<Answer>
}

/** A route states `public` or a scope, or it does not compile. */
export type Route<Input> = PublicRoute<Input> | CallerRoute<Input>

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<HttpResponse>

/** One request on its way through the stack. Takes the event's place, so that nothing is kept in the module. */
interface Passage {
  readonly event: APIGatewayProxyEventV2
  readonly requestId: string
  readonly deadline: Deadline
  readonly startedAt: number
  readonly fields: Partial<LogFields>[]
  readonly answerHeaders: Record<string, string>
  caller?: Principal
  input?: unknown
  bodyText?: string
}

type Middleware = MiddlewareObj<Passage, HttpResponse | Answer>

/** Ends a request whose work has outlived every deadline of its own, while there is still time to say so. */
const LAST_CALL_MS = 250

/**
 * Builds a Lambda handler. Who calls, what they ask, the work; one log line and one answer whatever happens:
 * every error becomes an answer in the route's dialect, and nothing thrown leaves.
 */
export const httpHandler = <Input>(route: Route<Input>): HttpHandler =>
  middy({ timeoutEarlyInMillis: LAST_CALL_MS, timeoutEarlyResponse: outOfTime })
    .before(enter)
    .use(requestLine(route))
    .use(answering(route))
    .use(sourceCheck(route))
    .use(callerCheck(route))
    .use(inputCheck(route))
    .handler(({ input, bodyText = '', caller, deadline, fields, answerHeaders, event }: Passage) =>
      // The checks above have filled in what the route's type promises.
      route.run({
        input: input as Input,
        bodyText,
        caller: caller as Principal,
        header: headerOf(event),
        answerHeader: (name, value) => {
          answerHeaders[name] = value
        },
        deadline,
        note: (more) => fields.push(more),
      }),
    ) as unknown as HttpHandler

const outOfTime = (): never => {
  throw new BridgeError('DEADLINE_EXCEEDED', 'the time for this request is used up')
}

const enter = (request: { event: unknown; context: Context }): void => {
  const event = request.event as APIGatewayProxyEventV2
  const passage: Passage = {
    event,
    requestId: request.context.awsRequestId ?? 'unknown',
    deadline: lambdaDeadline(request.context),
    startedAt: performance.now(),
    fields: [],
    answerHeaders: {},
  }
  request.event = passage
}

/** Outermost: writes the one line of this request, from what was noted and how it ended. */
const requestLine = <Input>({ name, success, log }: Route<Input>): Middleware => {
  const write = ({
    event: passage,
    response,
    error,
  }: Parameters<NonNullable<Middleware['after']>>[0]): void => {
    const failure = error == null ? undefined : asBridgeError(error)
    const level = failure === undefined ? 'INFO' : (LEVELS[failure.kind] ?? 'INFO')
    log(level, {
      code: failure?.code ?? success,
      function: name,
      requestId: passage.requestId,
      status: (response as HttpResponse).statusCode,
      durationMs: Math.round(performance.now() - passage.startedAt),
      bodyBytes: bodyBytes(passage.event),
      ...sourceOf(passage.event),
      ...Object.assign({}, ...passage.fields),
      ...failure?.detail,
      ...(failure?.code === 'INTERNAL' ? describeUnforeseen(failure.cause) : {}),
    })
  }
  return { after: write, onError: write }
}

/** The address that API Gateway saw, if it is one: nothing else of a request is logged unseen. */
const sourceOf = ({ requestContext }: APIGatewayProxyEventV2): Pick<LogFields, 'sourceIp'> => {
  const sourceIp: unknown = requestContext?.http?.sourceIp
  return typeof sourceIp === 'string' && /^[0-9a-fA-F.:]{2,45}$/.test(sourceIp) ? { sourceIp } : {}
}

/** Refusals are daily business; what an operator should look at is louder. */
const LEVELS: Partial<Record<BridgeError['kind'], 'WARN' | 'ERROR'>> = {
  unavailable: 'ERROR',
  internal: 'ERROR',
  'no-system': 'WARN',
  'vendor-credential': 'WARN',
  'vendor-address': 'WARN',
  'vendor-entitlement': 'WARN',
  'vendor-refusal': 'WARN',
}

const answering = <Input>({ dialect }: Route<Input>): Middleware => ({
  after: (request) => {
    const { requestId, answerHeaders } = request.event
    request.response = httpResponse(request.response as Answer, requestId, answerHeaders)
  },
  onError: (request) => {
    const { requestId, answerHeaders } = request.event
    const answer = dialect(asBridgeError(request.error), requestId)
    request.response = httpResponse(answer, requestId, answerHeaders)
  },
})

const sourceCheck = <Input>(route: Route<Input>): Middleware => ({
  before: ({ event: { event } }) => {
    if (route.access !== 'public' || route.sources === undefined) return
    if (!route.sources(event.requestContext?.http?.sourceIp)) {
      throw new BridgeError('SOURCE_FORBIDDEN', 'expected a source address of the list')
    }
  },
})

const callerCheck = <Input>(route: Route<Input>): Middleware => ({
  before: async ({ event: passage }) => {
    if (route.access === 'public') return
    const headers = passage.event.headers ?? {}
    const presented =
      route.keyMember === undefined ? headers : withBodyKey(headers, passage.event, route.keyMember)
    const caller = await route.callers(presented, passage.deadline, (fields) => passage.fields.push(fields))
    requireScope(caller, route.access)
    passage.caller = caller
  },
})

const inputCheck = <Input>({ input, inputFrom = 'body' }: Route<Input>): Middleware => ({
  before: ({ event: passage }) => {
    if (input === null) return
    const { read, code } = INPUTS[inputFrom]
    const { value, text } = read(passage.event)
    const result = input.safeParse(value)
    if (!result.success) {
      throw new BridgeError(code, describeFaults(result.error), {
        detail: { field: faultyField(result.error) },
      })
    }
    passage.input = result.data
    passage.bodyText = text
  },
})

const INPUTS = {
  body: { read: jsonBody, code: 'BODY_INVALID' },
  query: {
    read: (event: APIGatewayProxyEventV2) => ({ value: event.queryStringParameters ?? {}, text: '' }),
    code: 'QUERY_INVALID',
  },
} as const

const headerOf =
  ({ headers }: APIGatewayProxyEventV2) =>
  (name: string): string | undefined =>
    Object.entries(headers ?? {}).find(([known]) => known.toLowerCase() === name)?.[1]
