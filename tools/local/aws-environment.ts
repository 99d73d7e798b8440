/** The environment in which the AWS SDK finds the emulators and nothing else. */

import { devNull } from 'node:os'

/** Credentials that no AWS account accepts, and no configuration of the machine's user. */
export const localAwsEnvironment = (region: string): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
})

/** What a command may be told of a local stage that runs. */
const KEPT = /^AWS_ENDPOINT_URL_(SECRETS_MANAGER|DYNAMODB)$/

/**
 * Whether a variable would lead the SDK to a real account, or past the emulators: another's credentials, profiles and retries,
 * endpoints for FIPS, for dual stack or with the account in their name, and proxies, which do not know our loopback.
 */
export const isForeign = (name: string): boolean =>
  (/^AWS_/.test(name) && !KEPT.test(name)) || /^((HTTPS?|ALL)_PROXY|NODE_USE_ENV_PROXY)$/i.test(name)

/** Turns this process's environment into the local one. */
export const enterLocalAwsEnvironment = (region: string): void => {
  for (const name of Object.keys(process.env)) if (isForeign(name)) delete process.env[name]
  Object.assign(process.env, localAwsEnvironment(region))
}
