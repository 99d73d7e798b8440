/** GET /.well-known/jwks.json: the public keys of this stage's tokens. Wiring only. */

import { ownDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { JWKS_MAX_AGE_SECONDS } from '../lib/jwt/format.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { publishedJwks } from '../lib/signing-keys/verification-keys.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const jwks = (runtime: Runtime): HttpHandler => {
  const { now } = runtime
  const { log, secrets } = startFunction(runtime, [], [JWKS])

  return httpHandler({
    name: 'jwks',
    access: 'public',
    input: null,
    dialect: ownDialect,
    success: 'JWKS_SERVED',
    log,
    run: async ({ deadline }) => ({
      status: 200,
      body: await publishedJwks({ secrets, now }, deadline),
      headers: { 'cache-control': `public, max-age=${JWKS_MAX_AGE_SECONDS}` },
    }),
  })
}

export const handler = jwks(processRuntime())
