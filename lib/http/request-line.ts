/** The one log line of a request: from what was noted on its way, and how it ended. */

import type { BridgeError } from '../errors.ts'
import { describeUnforeseen, type LogFields, type LogLevel } from '../log.ts'
import { bodyBytes } from './body.ts'
import { ERROR_KINDS } from './error-kinds.ts'
import type { Exchange, PartEnding } from './exchange.ts'
import type { RouteDescriptor } from './route.ts'

/** How a request has ended; `failure` is absent when all went well. */
export interface Ending {
  readonly status: number
  readonly failure: BridgeError | undefined
}

/** Level and fields of the line. */
export const requestLine = (
  { name, success }: Pick<RouteDescriptor, 'name' | 'success'>,
  { event, requestId, startedAt, fields }: Exchange,
  { status, failure }: Ending,
): readonly [LogLevel, LogFields] => [
  (failure && ERROR_KINDS[failure.kind].level) ?? 'INFO',
  {
    code: failure?.code ?? success.code,
    function: name,
    requestId,
    status,
    durationMs: Math.round(performance.now() - startedAt),
    bodyBytes: bodyBytes(event),
    ...sourceOf(event),
    ...Object.assign({}, ...fields),
    ...detailOf(failure),
  },
]

/** The same of a part of a request. It has no status: no metric counts it as an answer of its own. */
export const partLine = (
  { name }: Pick<RouteDescriptor, 'name'>,
  { event, requestId, fields }: Exchange,
  { success, fields: own, failure }: PartEnding,
): readonly [LogLevel, LogFields] => [
  (failure && ERROR_KINDS[failure.kind].level) ?? 'INFO',
  {
    code: failure?.code ?? success,
    function: name,
    requestId,
    ...sourceOf(event),
    ...Object.assign({}, ...fields),
    ...own,
    ...detailOf(failure),
  },
]

const detailOf = (failure: BridgeError | undefined): Partial<LogFields> => ({
  ...failure?.detail,
  ...(failure?.code === 'INTERNAL' ? describeUnforeseen(failure.cause) : {}),
})

/** The address that API Gateway saw, if it is one: nothing else of a request is logged unseen. */
const sourceOf = ({ requestContext }: Exchange['event']): Pick<LogFields, 'sourceIp'> => {
  const sourceIp: unknown = requestContext?.http?.sourceIp
  return typeof sourceIp === 'string' && /^[0-9a-fA-F.:]{2,45}$/.test(sourceIp) ? { sourceIp } : {}
}
