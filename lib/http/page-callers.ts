/** Who may call a route that pages call: back ends, users of an identity provider's, and access tokens of this system. */

import { recentAdmissions } from '../directory/dynamodb.ts'
import { accessTokenCallers } from './access-token-callers.ts'
import { authentication, type CallerSetDeps, type CallerSettings } from './caller-sets.ts'
import { ACCESS_TOKENS_AND_BACK_ENDS, type Credentials, PAGES_AND_BACK_ENDS } from './credentials.ts'
import type { Callers } from './route.ts'

export interface PageCallerSettings extends CallerSettings {
  readonly ISSUER: string
  readonly DIRECTORY_TABLE: string
}

/** Every credential of a user is held against the directory, whose answers are remembered for half a second. */
const pageCallers =
  <const Taken extends Credentials>(credentials: Taken) =>
  (deps: CallerSetDeps<PageCallerSettings>): Callers<Taken> => {
    const { runtime, secrets, settings } = deps
    const { now, random } = runtime
    const directory = recentAdmissions({ table: settings.DIRECTORY_TABLE, random }, now)
    const own = accessTokenCallers({ secrets, directory, issuer: settings.ISSUER, now })
    const { kinds } = credentials
    return {
      credentials,
      authenticate: authentication(deps, ({ oidc }) => [own, oidc({ kinds, directory })]),
    }
  }

export const pagesAndBackEnds = pageCallers(PAGES_AND_BACK_ENDS)

/** For what a page may ask only with the word of a back end. */
export const accessTokensAndBackEnds = pageCallers(ACCESS_TOKENS_AND_BACK_ENDS)
