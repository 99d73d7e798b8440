/** How every function begins: its settings, its log, its reader of secrets. */

import { readSettings, type SettingName } from '../config.ts'
import { awsSecretSource } from '../secrets/aws.ts'
import { prefetch, type SecretDefinition, secretReader } from '../secrets/reader.ts'
import { type Runtime, runtimeLog } from './runtime.ts'

/**
 * Reads the named settings, beside the two that all need, and starts reading the named secrets while the sandbox
 * starts. Throws SETTINGS_INVALID; a secret that cannot be read is the first request's to report.
 */
export const startFunction = <const Name extends SettingName>(
  runtime: Runtime,
  names: readonly Name[],
  prefetched: readonly SecretDefinition<object>[],
) => {
  const { env, now, random } = runtime
  const settings = readSettings(env, ['SECRETS_PREFIX', 'LOG_LEVEL', ...names])
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: awsSecretSource(),
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  prefetch(secrets, prefetched)
  return { settings, log, secrets }
}
