/** Who calls, and what that lets them do: scopes, tenants and users. How it was shown is lib/http/callers.ts's part. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { LogFields } from '../log.ts'
import { isPrefixed } from '../schemas/caller-entry.ts'
import type { Scope } from '../schemas/callers.ts'

/** Who calls, however that was shown. */
export interface Principal {
  readonly callerId: string
  readonly tenants: readonly string[]
  /** Of a caller key: every tenant whose id begins like one of these as well. Default none. */
  readonly tenantPrefixes?: readonly string[]
  /** The one tenant that an identity provider's token stands for; absent for a caller key, which may have several. */
  readonly tenantSpaceId?: string
  readonly scopes: readonly string[]
  /** Epoch seconds at which the credential ends. */
  readonly expiresAt: number
  /** The user that the credential is bound to, with both; absent for a back end, which speaks for all its users. */
  readonly userId?: string
  readonly userName?: string
  /** The RTC channels that a credential of a user names; of no effect for a back end, which may enter any. */
  readonly rtcChannelIds?: readonly string[]
}

/** Adds what names a caller or its credential to the request's log line. */
export type Note = (
  fields: Pick<LogFields, 'callerId' | 'jti' | 'kid' | 'tenantSpaceId' | 'userId' | 'audiences'>,
) => void

/** Finds out who calls, from the headers alone. Passed in, so that a route without callers carries nothing of it. */
export type Authenticate = (
  headers: Readonly<Record<string, string | undefined>>,
  deadline: Deadline,
  note: Note,
) => Promise<Principal>

/** Throws SCOPE_MISSING unless the caller may do this. */
export const requireScope = ({ scopes }: Pick<Principal, 'scopes'>, scope: Scope): void => {
  if (!scopes.includes(scope)) throw new BridgeError('SCOPE_MISSING', `expected a caller with scope ${scope}`)
}

/** The tenants that a caller may act for. */
type Tenants = Pick<Principal, 'tenants' | 'tenantPrefixes'>

/**
 * Throws TENANT_FORBIDDEN unless the caller may act for this tenant: one that its entry lists, or whose id begins with a prefix
 * that its entry names. There is no default and no wildcard.
 */
export const requireTenant = (caller: Tenants, tenantSpaceId: string): void => {
  if (!caller.tenants.includes(tenantSpaceId) && !isPrefixed(caller.tenantPrefixes ?? [], tenantSpaceId)) {
    throw new BridgeError('TENANT_FORBIDDEN', 'tenantSpaceId: expected a tenant of this caller', {
      detail: { field: 'tenantSpaceId' },
    })
  }
}

/**
 * The tenant that a body names, which a body by an identity provider's token may leave out. Throws BODY_INVALID where
 * nothing names one, TENANT_FORBIDDEN for another's.
 */
export const bodyTenant = (
  caller: Tenants & Pick<Principal, 'tenantSpaceId'>,
  named: string | undefined = caller.tenantSpaceId,
): string => {
  if (named === undefined)
    throw new BridgeError('BODY_INVALID', 'tenantSpaceId: expected a string', {
      detail: { field: 'tenantSpaceId' },
    })
  requireTenant(caller, named)
  return named
}

/**
 * The tenant that a request without one in its body is about: the caller's only one, or the one that it names in
 * `X-Tenant-Space-Id`. Throws TENANT_UNNAMED where several are possible, TENANT_FORBIDDEN for another's.
 */
export const tenantOf = (principal: Tenants, named: string | undefined): string => {
  const { tenants, tenantPrefixes = [] } = principal
  const [only, ...others] = tenants
  if (named !== undefined) {
    requireTenant(principal, named)
    return named
  }
  if (only === undefined || others.length + tenantPrefixes.length > 0) {
    throw new BridgeError('TENANT_UNNAMED', 'X-Tenant-Space-Id: expected one of the tenants of this caller', {
      detail: { field: 'X-Tenant-Space-Id' },
    })
  }
  return only
}

/** Throws USER_FORBIDDEN when the caller is bound to another user. */
export const requireUser = (
  { userId: own }: Pick<Principal, 'userId'>,
  userId: string,
  field: string,
): void => requireOwn(own, userId, field)

/** Throws USER_FORBIDDEN when the caller is bound to a user of another name. */
export const requireUserName = (
  { userName: own }: Pick<Principal, 'userName'>,
  userName: string,
  field: string,
): void => requireOwn(own, userName, field)

const requireOwn = (own: string | undefined, given: string, field: string): void => {
  if (own !== undefined && own !== given) {
    throw new BridgeError('USER_FORBIDDEN', `${field}: expected the user of this caller`, {
      detail: { field },
    })
  }
}

/** Throws SCOPE_MISSING unless the caller is a back end that may do this: no page may, whatever its credential says. */
export const requireBackEndScope = (caller: Pick<Principal, 'scopes' | 'userId'>, scope: Scope): void => {
  requireScope(caller, scope)
  if (holderOf(caller) === 'page')
    throw new BridgeError('SCOPE_MISSING', `expected a back end with scope ${scope}`)
}

/** Who will hold a token that this caller asks for: the page of the user that it is bound to, or the back end itself. */
export const holderOf = ({ userId }: Pick<Principal, 'userId'>): 'page' | 'back-end' =>
  userId === undefined ? 'back-end' : 'page'

/** Throws CHANNEL_FORBIDDEN when the caller is bound to a user, and its credential does not name this channel. */
export const requireChannel = (
  { userId, rtcChannelIds = [] }: Pick<Principal, 'userId' | 'rtcChannelIds'>,
  channelId: string,
  field: string,
): void => {
  if (userId !== undefined && !rtcChannelIds.includes(channelId)) {
    throw new BridgeError('CHANNEL_FORBIDDEN', `${field}: expected a channel that the access token names`, {
      detail: { field },
    })
  }
}

/**
 * The user that a request is about: the caller's own, which a body may repeat but not change, or the one that a back
 * end names. Throws USER_FORBIDDEN for another one, BODY_INVALID where a back end names none.
 */
export const userOf = (
  caller: Pick<Principal, 'userId' | 'userName'>,
  given: { readonly userId?: string | undefined; readonly userName?: string | undefined },
): { readonly userId: string; readonly userName: string } => {
  const part = (field: 'userId' | 'userName'): string => {
    const value = given[field] ?? caller[field]
    if (value === undefined) {
      throw new BridgeError('BODY_INVALID', `${field}: expected a string`, { detail: { field } })
    }
    requireOwn(caller[field], value, field)
    return value
  }
  return { userId: part('userId'), userName: part('userName') }
}
