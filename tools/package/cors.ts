/** Which pages may call from a browser: what the parameter `corsOrigins` makes of the API, and of the local stage. */

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

/** Exactly as a browser sends it, and no wildcard in any place. Plain http only for a page on the developer's machine. */
const ORIGIN = /^(https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http:\/\/localhost)(:[1-9][0-9]{0,4})?$/

/**
 * The CORS configuration for the origins of a list, or of a text with commas; undefined for none. Throws an error that
 * names the first entry that is no origin.
 */
export const corsOf = (given: string | readonly string[] = ''): Cors | undefined => {
  const allowedOrigins = [given]
    .flat()
    .flatMap((text) => text.split(','))
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')
  const wrong = allowedOrigins.find((origin) => !ORIGIN.test(origin))
  if (wrong !== undefined) {
    throw new Error(
      `corsOrigins: "${wrong}" is not one origin, such as https://www.example.com ("*" would let every page in)`,
    )
  }
  return allowedOrigins.length === 0 ? undefined : { allowedOrigins, ...CORS }
}
