/** GET /.well-known/jwks.json: the public keys of this stage's tokens. Wiring only. */

import { type HttpHandler, publicHandler } from '../lib/http/handler.ts'
import { noInput } from '../lib/http/input.ts'
import { JWKS_MAX_AGE_SECONDS } from '../lib/jwt/format.ts'
import { primed } from '../lib/priming/primed.ts'
import { byAnybody } from '../lib/priming/requests.ts'
import { PUBLISH_KEYS } from '../lib/routes.ts'
import { publishedJwks } from '../lib/signing-keys/verification-keys.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const jwks = (runtime: Runtime): HttpHandler => {
  const { now } = runtime
  const start = startFunction(runtime, PUBLISH_KEYS)
  const { log, secrets } = start

  return publicHandler(PUBLISH_KEYS, {
    log,
    input: noInput,
    run: async ({ deadline }) => ({
      body: await publishedJwks({ secrets, now }, deadline),
      headers: { 'cache-control': `public, max-age=${JWKS_MAX_AGE_SECONDS}` },
    }),
  })
}

export const handler = await primed(jwks, byAnybody(PUBLISH_KEYS))
