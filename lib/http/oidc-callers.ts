/** Tokens of the enterprise's identity providers as callers: its users, each for themselves, and its back ends. */

import type { CallerSource } from '../callers/source.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import type { Admissions } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import type { OidcHolder } from '../oidc/admit.ts'
import { keyDiscovery } from '../oidc/discovery.ts'
import { providerKeys } from '../oidc/provider-keys.ts'
import { oidcVerifier, type PresentedOidcToken } from '../oidc/verify.ts'
import type { Outbound } from '../outbound/outbound.ts'
import type { UserIdSettings } from '../schemas/ids.ts'
import type { Issuer } from '../schemas/issuers.ts'
import type { PresentedToken, TokenKind } from './callers.ts'
import type { CredentialKind } from './credentials.ts'

export interface OidcCallerDeps {
  readonly callers: CallerSource
  readonly outbound: Outbound
  readonly now: () => Date
  readonly userIds: UserIdSettings
  /** Whom the route takes. */
  readonly kinds: readonly CredentialKind[]
  /** Whoever is disabled or deleted here is refused. Left out where the route itself asks the directory. */
  readonly directory?: Admissions | undefined
  /** Where `directory` is left out: for names alone, of users whose tokens carry none. */
  readonly names?: Admissions | undefined
}

/** Takes every token that claims an issuer; one that is not listed, or of another kind, is then refused. */
export const oidcCallers = ({
  callers,
  outbound,
  now,
  userIds,
  kinds,
  directory,
  names,
}: OidcCallerDeps): TokenKind => {
  const verify = oidcVerifier({
    keys: providerKeys({ fetchKeys: keyDiscovery(outbound), now }),
    now,
    userIds,
  })

  const entriesFor = async (
    { issuer = '' }: PresentedToken,
    deadline: Deadline,
  ): Promise<Pick<PresentedOidcToken, 'entries' | 'leftOutTexts'>> => {
    const { issuers, leftOutTexts } = await callers.ofIssuer(issuer, deadline)
    const [first, ...others] = issuers
    if (first !== undefined) return { entries: [first, ...others], leftOutTexts }
    throw new BridgeError('OIDC_ISSUER_UNKNOWN', 'expected an issuer that is listed')
  }

  return {
    isOwn: async ({ issuer }) => issuer !== undefined,
    verify: async (token, deadline, note) => {
      const listed = await entriesFor(token, deadline)
      const onSigned = ({ callerId }: Issuer, audiences: number) =>
        note({ callerId, ...(audiences > 1 ? { audiences } : {}) })
      const holder = await verify({ token, ...listed, onSigned }, deadline)
      const { entry, tenantSpaceId, expiresAt } = holder
      note({ tenantSpaceId, ...(holder.user === undefined ? {} : { userId: holder.user.userId }) })
      if (!kinds.includes(entry.kind)) {
        throw new BridgeError('CALLER_KIND_REFUSED', 'expected a kind of credential that this route takes')
      }
      const user = await knownUser({ directory, names }, holder, deadline)
      const { callerId, scopes } = entry
      return { callerId, tenants: [tenantSpaceId], tenantSpaceId, scopes, expiresAt, ...user }
    },
  }
}

interface User {
  readonly userId: string
  readonly userName: string
}

/** The provider says who exists; who is shut out here stays out all the same. The directory names whom the token does not. */
const knownUser = async (
  { directory, names }: Pick<OidcCallerDeps, 'directory' | 'names'>,
  { tenantSpaceId, user }: OidcHolder,
  deadline: Deadline,
): Promise<User | undefined> => {
  if (user === undefined) return undefined
  const { userId, userName } = user
  const asked = directory ?? (userName === undefined ? names : undefined)
  const known = (await asked?.admission({ tenantSpaceId, userId }, deadline))?.user
  if (directory !== undefined && known !== undefined && known.status !== 'active')
    throw new BridgeError('OIDC_USER_INACTIVE', 'expected a user whom the directory does not shut out')
  if (userName !== undefined) return { userId, userName }
  if (known === undefined || known.status === 'deleted')
    throw new BridgeError('OIDC_USER_UNKNOWN', 'expected a user of the directory, which has the name')
  return { userId, userName: known.userName }
}
