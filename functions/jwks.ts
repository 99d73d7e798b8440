/** GET /.well-known/jwks.json: the public keys of this stage's tokens. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { JWKS_MAX_AGE_SECONDS } from '../lib/enterprise-token/format.ts'
import { publishedJwks } from '../lib/enterprise-token/verification-keys.ts'
import { ownDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { prefetch, secretReader } from '../lib/secrets/reader.ts'

const SETTINGS = ['SECRETS_PREFIX', 'LOG_LEVEL'] as const

export const jwks = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const settings = readSettings(runtime.env, SETTINGS)
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: awsSecretSource(),
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  prefetch(secrets, [JWKS])

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
