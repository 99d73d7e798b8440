/** Which pages may call from a browser: what the parameter `corsOrigins` makes of the API, and of the local stage. */

import { originFault } from './parameters/origins.ts'
import { entriesOf } from './parameters/shapes.ts'

/** As `provider.httpApi.cors` of serverless.yml has it. */
export interface Cors {
  readonly allowedOrigins: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly allowedMethods: readonly string[]
  readonly exposedResponseHeaders: readonly string[]
}

/** The whole of what one stage's pages may send and read. No credentials: they come in headers, not in cookies. */
const CORS: Omit<Cors, 'allowedOrigins'> = {
  allowedHeaders: [
    'authorization',
    'content-type',
    'ccmessaging-token',
    'x-tenant-space-id',
    'x-refused-token',
    'prefer',
    // of Alibaba's ready Web client
    'x-live-env',
  ],
  allowedMethods: ['GET', 'POST'],
  exposedResponseHeaders: ['ccmessaging-token', 'x-request-id', 'retry-after'],
}

/**
 * The CORS configuration of a stage for the origins of a list, or of a text with commas; undefined for none. Throws an
 * error that names the first entry that is no origin: the parameters' own check does not see what `--param` takes from a variable.
 */
export const corsOf = (given: string | readonly string[] | undefined, stage: string): Cors | undefined => {
  const allowedOrigins = entriesOf(given ?? '') ?? []
  for (const origin of allowedOrigins) {
    const fault = originFault(stage)(origin)
    if (fault !== undefined) throw new Error(`corsOrigins says "${origin}": ${fault}.`)
  }
  return allowedOrigins.length === 0 ? undefined : { allowedOrigins, ...CORS }
}
