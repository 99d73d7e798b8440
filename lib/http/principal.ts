/** Who calls, and what that lets them do: scopes, tenants and users. How it was shown is lib/http/callers.ts's part. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { LogFields } from '../log.ts'
import type { Scope } from '../schemas/callers.ts'

/** Who calls, however that was shown. */
export interface Principal {
  readonly callerId: string
  readonly tenants: readonly string[]
  /** The one tenant that an identity provider's token stands for; absent for a caller key, which may have several. */
  readonly tenantSpaceId?: string
  readonly scopes: readonly string[]
  /** Epoch seconds at which the credential ends. */
  readonly expiresAt: number
  /** The user that the credential is bound to, with both; absent for a back end, which speaks for all its users. */
  readonly userId?: string
  readonly userName?: string
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

/** Throws TENANT_FORBIDDEN unless the caller may act for this tenant. There is no default and no wildcard. */
export const requireTenant = ({ tenants }: Pick<Principal, 'tenants'>, tenantSpaceId: string): void => {
  if (!tenants.includes(tenantSpaceId)) {
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
  caller: Pick<Principal, 'tenants' | 'tenantSpaceId'>,
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
export const tenantOf = (principal: Pick<Principal, 'tenants'>, named: string | undefined): string => {
  const [only, ...others] = principal.tenants
  if (named !== undefined) {
    requireTenant(principal, named)
    return named
  }
  if (only === undefined || others.length > 0) {
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
