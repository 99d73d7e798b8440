/** How every function begins: its settings, its log, its reader of secrets. */

import { readSettings, type SettingName } from '../config.ts'
import { awsSecretSource } from '../secrets/aws.ts'
import { prefetch, type SecretDefinition, secretReader } from '../secrets/reader.ts'
import { type Runtime, runtimeLog } from './runtime.ts'

interface Needed<Name extends SettingName> {
  readonly settings: readonly Name[]
  readonly secrets: readonly SecretDefinition<object>[]
}

/** What a function needs, and what checking its callers needs: a route's descriptor says both. */
export interface FunctionNeeds<Own extends SettingName, Callers extends SettingName> extends Needed<Own> {
  readonly credentials?: Needed<Callers>
}

/**
 * Reads the settings, beside the two that all need, and starts reading the secrets while the sandbox starts.
 * Throws SETTINGS_INVALID; a secret that cannot be read is the first request's to report.
 */
export const startFunction = <const Own extends SettingName, const Callers extends SettingName = never>(
  runtime: Runtime,
  { settings: own, secrets: named, credentials }: FunctionNeeds<Own, Callers>,
) => {
  const { env, now, random, secretSource = awsSecretSource() } = runtime
  const settings = readSettings(env, [
    'SECRETS_PREFIX',
    'LOG_LEVEL',
    ...(credentials?.settings ?? []),
    ...own,
  ])
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: secretSource,
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  const reads = prefetch(secrets, [...(credentials?.secrets ?? []), ...named])
  runtime.onPrefetch?.(reads)
  return { runtime, settings, log, secrets }
}
