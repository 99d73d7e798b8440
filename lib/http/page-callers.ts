/** Who may call a route that pages call: back ends, users of an identity provider's, and access tokens of this system. */

import { cachedDirectory } from '../directory/cached-directory.ts'
import { dynamoAdmissions } from '../directory/dynamodb.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { Runtime } from '../start/runtime.ts'
import { accessTokenCallers } from './access-token-callers.ts'
import { CALLER_SETTINGS, type CallerSettings, keysAnd, oidc } from './caller-sets.ts'
import type { Authenticate } from './principal.ts'

/** The settings that such a function must have read. */
export const PAGE_CALLER_SETTINGS = [...CALLER_SETTINGS, 'ISSUER', 'DIRECTORY_TABLE'] as const

/** Every credential of a user is held against the directory, whose answers are remembered for half a second. */
export const pagesAndBackEnds = (
  runtime: Runtime,
  secrets: SecretReader,
  settings: CallerSettings & { readonly ISSUER: string; readonly DIRECTORY_TABLE: string },
): Authenticate => {
  const { now, random } = runtime
  const directory = cachedDirectory(dynamoAdmissions({ table: settings.DIRECTORY_TABLE, random }), now)
  const own = accessTokenCallers({ secrets, directory, issuer: settings.ISSUER, now })
  const others = oidc(runtime, secrets, settings, { kinds: ['back-end', 'user'], directory })
  return keysAnd([own, others], runtime, secrets, settings)
}
