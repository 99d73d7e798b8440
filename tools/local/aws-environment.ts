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

/** Variables that would lead the SDK to a real account, or past the emulators. */
export const FOREIGN_AWS_VARIABLES = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
] as const

/** Turns this process's environment into the local one. */
export const enterLocalAwsEnvironment = (region: string): void => {
  for (const name of FOREIGN_AWS_VARIABLES) delete process.env[name]
  Object.assign(process.env, localAwsEnvironment(region))
}
