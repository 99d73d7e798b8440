/** How every function begins: its settings, its log, its reader of secrets. */

import { readSettings, type SettingName } from '../config.ts'
import { awsSecretSource } from '../secrets/aws.ts'
import { LOG_KEY } from '../secrets/definitions.ts'
import { prefetch, type SecretDefinition, secretReader } from '../secrets/reader.ts'
import { hashedUserIds } from './hashed-user-ids.ts'
import { type Runtime, runtimeLog } from './runtime.ts'

interface Needed<Name extends SettingName> {
  readonly settings: readonly Name[]
  readonly secrets: readonly SecretDefinition<object>[]
}

/** What a function needs, and what checking its callers needs: a route's descriptor says both. */
export interface FunctionNeeds<Own extends SettingName, Callers extends SettingName> extends Needed<Own> {
  readonly credentials?: Needed<Callers>
  /** Default false: its lines may name users. */
  readonly namesNoUser?: boolean
}

/**
 * Reads the settings, beside the two that all need, and starts reading the secrets while the sandbox starts.
 * Throws SETTINGS_INVALID; a secret that cannot be read is the first request's to report.
 */
export const startFunction = <const Own extends SettingName, const Callers extends SettingName = never>(
  runtime: Runtime,
  { settings: own, secrets: named, credentials, namesNoUser = false }: FunctionNeeds<Own, Callers>,
) => {
  const { env, now, random, secretSource = awsSecretSource() } = runtime
  const settings = readSettings(env, [
    'SECRETS_PREFIX',
    'LOG_LEVEL',
    'LOG_USER_IDS',
    ...(credentials?.settings ?? []),
    ...own,
  ])
  const plainLog = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: secretSource,
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log: plainLog,
  })
  const isHashing = settings.LOG_USER_IDS === 'hashed'
  const log = isHashing ? hashedUserIds(plainLog, namesNoUser ? undefined : secrets) : plainLog
  const reads = prefetch(secrets, [
    ...(credentials?.secrets ?? []),
    ...named,
    ...(isHashing && !namesNoUser ? [LOG_KEY] : []),
  ])
  runtime.onPrefetch?.(reads)
  return { runtime, settings, log, secrets }
}
