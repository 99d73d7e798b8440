/** Tokens of the enterprise's identity providers as callers: its users, each for themselves, and its back ends. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Admissions } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import type { OidcHolder } from '../oidc/admit.ts'
import { keyDiscovery } from '../oidc/discovery.ts'
import { providerKeys } from '../oidc/provider-keys.ts'
import { oidcVerifier } from '../oidc/verify.ts'
import type { Outbound } from '../outbound/outbound.ts'
import type { UserIdSettings } from '../schemas/ids.ts'
import type { Issuer } from '../schemas/issuers.ts'
import { CALLERS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { PresentedToken, TokenKind } from './callers.ts'
import type { CredentialKind } from './credentials.ts'

export interface OidcCallerDeps {
  readonly secrets: SecretReader
  readonly outbound: Outbound
  readonly now: () => Date
  readonly userIds: UserIdSettings
  /** Whom the route takes. */
  readonly kinds: readonly CredentialKind[]
  /** Whoever is disabled or deleted here is refused. Left out where the route itself asks the directory. */
  readonly directory?: Admissions
}

/** Takes every token that claims an issuer; one that is not listed, or of another kind, is then refused. */
export const oidcCallers = ({
  secrets,
  outbound,
  now,
  userIds,
  kinds,
  directory,
}: OidcCallerDeps): TokenKind => {
  const verify = oidcVerifier({
    keys: providerKeys({ fetchKeys: keyDiscovery(outbound), now }),
    now,
    userIds,
  })

  const entriesFor = async (
    { issuer }: PresentedToken,
    deadline: Deadline,
  ): Promise<readonly [Issuer, ...Issuer[]]> => {
    const { value } = await secrets.read(CALLERS, { deadline })
    const [first, ...others] = value.issuers.filter((entry) => entry.issuer === issuer)
    if (first !== undefined) return [first, ...others]
    throw new BridgeError('OIDC_ISSUER_UNKNOWN', 'expected an issuer of the callers secret')
  }

  return {
    isOwn: async ({ issuer }) => issuer !== undefined,
    verify: async (token, deadline, note) => {
      const entries = await entriesFor(token, deadline)
      const onSigned = ({ callerId }: Issuer) => note({ callerId })
      const holder = await verify({ token, entries, onSigned }, deadline)
      const { entry, tenantSpaceId, user, expiresAt } = holder
      note({ tenantSpaceId, ...(user === undefined ? {} : { userId: user.userId }) })
      if (!kinds.includes(entry.kind)) {
        throw new BridgeError('CALLER_KIND_REFUSED', 'expected a kind of credential that this route takes')
      }
      if (directory !== undefined) await checkUser(directory, holder, deadline)
      return { callerId: entry.callerId, tenants: [tenantSpaceId], scopes: entry.scopes, expiresAt, ...user }
    },
  }
}

/** The provider says who exists; who is shut out here stays out all the same. */
const checkUser = async (
  directory: Admissions,
  { tenantSpaceId, user }: OidcHolder,
  deadline: Deadline,
): Promise<void> => {
  if (user === undefined) return
  const { user: known } = await directory.admission({ tenantSpaceId, userId: user.userId }, deadline)
  if (known !== undefined && known.status !== 'active')
    throw new BridgeError('OIDC_USER_INACTIVE', 'expected a user whom the directory does not shut out')
}
