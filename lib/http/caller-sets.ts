/** Who may call a route, as functions wire it: what checks each set of credentials. Pages have `page-callers.ts`. */

import { dynamoCallers } from '../callers/dynamodb.ts'
import { rememberedCallers } from '../callers/remembered.ts'
import { callerSource } from '../callers/source.ts'
import type { Admissions } from '../directory/directory.ts'
import type { Log } from '../log.ts'
import { outbound } from '../outbound/outbound.ts'
import type { UserIdSettings } from '../schemas/ids.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { Runtime } from '../start/runtime.ts'
import { authenticator, type TokenKind } from './callers.ts'
import { BACK_ENDS, BACK_ENDS_AND_USERS, type Credentials } from './credentials.ts'
import { type OidcCallerDeps, oidcCallers } from './oidc-callers.ts'
import type { Authenticate } from './principal.ts'
import type { Callers } from './route.ts'

export interface CallerSettings extends UserIdSettings {
  readonly STAGE: string
  readonly CALLERS_TABLE: string
  readonly ALLOW_LOOPBACK_HTTP: boolean
}

/** What `startFunction` gives. */
export interface CallerSetDeps<Settings extends CallerSettings = CallerSettings> {
  readonly runtime: Pick<Runtime, 'now' | 'random'>
  readonly secrets: SecretReader
  readonly settings: Settings
  readonly log: Log
}

/** Back ends: caller keys, and an identity provider's tokens for back ends. */
export const backEnds = (deps: CallerSetDeps): Callers<typeof BACK_ENDS> => ofProviders(BACK_ENDS, deps)

/**
 * Back ends, and users with a token of their identity provider's. The route itself must ask the directory who may come
 * in: here it only names users whose tokens carry no name.
 */
export const backEndsAndUsers = (
  deps: CallerSetDeps,
  names: Admissions,
): Callers<typeof BACK_ENDS_AND_USERS> => ofProviders(BACK_ENDS_AND_USERS, deps, names)

const ofProviders = <Taken extends Credentials>(
  credentials: Taken,
  deps: CallerSetDeps,
  names?: Admissions,
): Callers<Taken> => ({
  credentials,
  authenticate: authentication(deps, ({ oidc }) => [oidc({ kinds: credentials.kinds, names })]),
})

/** What the kinds of token of a set are made with. */
export interface TokenKinds {
  /** An identity provider's tokens of these kinds. */
  readonly oidc: (options: Pick<OidcCallerDeps, 'kinds' | 'directory' | 'names'>) => TokenKind
}

/** Caller keys, and these kinds of token. All look their callers up in one place. */
export const authentication = (
  { runtime: { now, random }, secrets, settings, log }: CallerSetDeps,
  tokens: (kinds: TokenKinds) => readonly TokenKind[],
): Authenticate => {
  const items = rememberedCallers(dynamoCallers({ table: settings.CALLERS_TABLE }), now)
  const callers = callerSource({ secrets, items, log })
  const oidc: TokenKinds['oidc'] = (options) =>
    oidcCallers({
      ...options,
      callers,
      now,
      outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
      userIds: settings,
    })
  return authenticator({ callers, stage: settings.STAGE, now, tokens: tokens({ oidc }) })
}
