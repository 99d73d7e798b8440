/** Who may call a route that pages call: back ends, users of an identity provider's, and access tokens of this system. */

import { cachedDirectory } from '../directory/cached-directory.ts'
import { dynamoAdmissions } from '../directory/dynamodb.ts'
import { accessTokenCallers } from './access-token-callers.ts'
import { type CallerSetDeps, type CallerSettings, keysAnd, oidc } from './caller-sets.ts'
import { PAGES_AND_BACK_ENDS } from './credentials.ts'
import type { Callers } from './route.ts'

export interface PageCallerSettings extends CallerSettings {
  readonly ISSUER: string
  readonly DIRECTORY_TABLE: string
}

/** Every credential of a user is held against the directory, whose answers are remembered for half a second. */
export const pagesAndBackEnds = (
  deps: CallerSetDeps<PageCallerSettings>,
): Callers<typeof PAGES_AND_BACK_ENDS> => {
  const { runtime, secrets, settings } = deps
  const { now, random } = runtime
  const directory = cachedDirectory(dynamoAdmissions({ table: settings.DIRECTORY_TABLE, random }), now)
  const own = accessTokenCallers({ secrets, directory, issuer: settings.ISSUER, now })
  const others = oidc(deps, { kinds: PAGES_AND_BACK_ENDS.kinds, directory })
  return { credentials: PAGES_AND_BACK_ENDS, authenticate: keysAnd([own, others], deps) }
}
