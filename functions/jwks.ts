/** GET /.well-known/jwks.json: the public keys of this stage's tokens. Wiring only. */

import { JWKS_MAX_AGE_SECONDS } from '../lib/enterprise-token/format.ts'
import { publishedJwks } from '../lib/enterprise-token/verification-keys.ts'
import { ownDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'

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
