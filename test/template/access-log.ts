/** What the HTTP API's access log may hold. */

import type { Template } from './policy.ts'

/** Variables whose values are API Gateway's own or of fixed form: no path, query, header, agent or message. */
const SAFE_VARIABLES = new Set([
  'requestId',
  'requestTime',
  'identity.sourceIp',
  'routeKey',
  'status',
  'error.responseType',
  'integrationStatus',
  'responseLatency',
  'responseLength',
])

const isSafeFormat = (format: unknown): boolean =>
  typeof format === 'string' &&
  [...format.matchAll(/\$([\w.]+)/g)].every(
    ([, name = '']) => name.startsWith('context.') && SAFE_VARIABLES.has(name.slice('context.'.length)),
  )

/** Each stage has an access log, and each log no variable beside those. */
export const accessLogFaults = (template: Template): string[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Stage')
    .filter(([, { Properties }]) => !isSafeFormat(Properties['AccessLogSettings']?.Format))
    .map(([id]) => `${id}: has no access log, or one that holds what clients write`)
