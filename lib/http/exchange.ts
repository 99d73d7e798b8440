/** One request on its way to its one answer: what is known of it, and what its work adds. */

import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { type Deadline, lambdaDeadline } from '../concurrency/deadline.ts'
import type { BridgeError } from '../errors.ts'
import type { LogCode, LogFields } from '../log.ts'

/** As API Gateway sends it (HTTP API, payload 2.0). Nothing of it is trusted. */
export type HttpEvent = APIGatewayProxyEventV2
export type { Context }

export interface Exchange {
  readonly event: HttpEvent
  readonly requestId: string
  readonly deadline: Deadline
  /** Of `performance.now()`. */
  readonly startedAt: number
  /** What is written into the request's one log line, later fields over earlier ones. */
  readonly fields: Partial<LogFields>[]
  /** Headers of the answer, whether the work then succeeds or fails. */
  readonly answerHeaders: Record<string, string>
}

/** How a part of a request has ended, such as one entry of a list. */
export interface PartEnding {
  /** The code of its line when all went well. */
  readonly success: LogCode
  /** What names it. */
  readonly fields: Partial<LogFields>
  readonly failure: BridgeError | undefined
}

export const exchangeOf = (event: HttpEvent, context: Context): Exchange => ({
  event,
  requestId: context.awsRequestId ?? 'unknown',
  deadline: lambdaDeadline(context),
  startedAt: performance.now(),
  fields: [],
  answerHeaders: {},
})

/** A request header by its lower-case name. */
export const headerOf = ({ headers }: HttpEvent, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([known]) => known.toLowerCase() === name)?.[1]
