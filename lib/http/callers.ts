/** Who calls: caller keys, their scopes and their tenants. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Deadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Caller, Scope } from '../schemas/callers.ts'
import { CALLERS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'

export interface CallerDeps {
  readonly secrets: SecretReader
  readonly stage: string
  readonly now: () => Date
}

/** 256 random bits as base64url behind a prefix that secret scanners can find. */
const CALLER_KEY = /^ctb_[A-Za-z0-9_-]{43}$/
/** Printed in the README, hence no secret: good on the local stage alone, whatever a `callers` secret holds. */
const LOCAL_KEY = 'ctb_local-development-only'
const LOCAL_STAGE = 'local'

/** Sent by browsers alone. Not `sec-fetch-mode`: Node's own fetch sends that one, and back ends use it. */
const BROWSER_HEADERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest'] as const

/** Who calls, however that was shown. */
export interface Principal {
  readonly callerId: string
  readonly tenants: readonly string[]
  readonly scopes: readonly string[]
  /** The user that the credential is bound to; absent for a back end, which speaks for all its users. */
  readonly userId?: string
}

type Headers = Readonly<Record<string, string | undefined>>

/**
 * The caller that the request's `Authorization: Bearer ctb_…` belongs to. Throws CALLER_MISSING, CALLER_MALFORMED,
 * CALLER_FROM_BROWSER, CALLER_UNKNOWN, CALLER_EXPIRED, which look alike outside. Checks neither scope nor tenant.
 */
export const authenticate = async (
  deps: CallerDeps,
  headers: Headers,
  deadline: Deadline,
): Promise<Principal> => {
  const lowered = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const key = presentedKey(lowered.get('authorization'), deps.stage)
  if (BROWSER_HEADERS.some((name) => lowered.has(name))) {
    throw new BridgeError('CALLER_FROM_BROWSER', 'a caller key is for back ends: expected no browser')
  }
  const { value } = await deps.secrets.read(CALLERS, { deadline })
  const found = holderOf(value.callers, createHash('sha256').update(key).digest())
  if (found === undefined) throw new BridgeError('CALLER_UNKNOWN', 'expected a key of the callers secret')
  if (deps.now().getTime() >= found.expiresAt * 1000)
    throw new BridgeError('CALLER_EXPIRED', 'expected a current key')
  return found.caller
}

const presentedKey = (authorization: string | undefined, stage: string): string => {
  if (authorization === undefined) throw new BridgeError('CALLER_MISSING', 'expected an Authorization header')
  const [, key = ''] = /^Bearer (\S{1,200})$/.exec(authorization) ?? []
  if (CALLER_KEY.test(key) || (key === LOCAL_KEY && stage === LOCAL_STAGE)) return key
  throw new BridgeError('CALLER_MALFORMED', 'expected "Bearer ctb_…"')
}

/** Compares with every key in constant time each, and goes on after a match: how long it takes tells nothing. */
const holderOf = (
  callers: readonly Caller[],
  digest: Buffer,
): { caller: Caller; expiresAt: number } | undefined => {
  let found: { caller: Caller; expiresAt: number } | undefined
  for (const caller of callers) {
    for (const { sha256, expiresAt } of caller.keys) {
      if (timingSafeEqual(Buffer.from(sha256, 'hex'), digest)) found = { caller, expiresAt }
    }
  }
  return found
}

/** Throws SCOPE_MISSING unless the caller may do this. */
export const requireScope = ({ scopes }: Principal, scope: Scope): void => {
  if (!scopes.includes(scope)) throw new BridgeError('SCOPE_MISSING', `expected a caller with scope ${scope}`)
}

/** Throws TENANT_FORBIDDEN unless the caller may act for this tenant. There is no default and no wildcard. */
export const requireTenant = ({ tenants }: Principal, tenantSpaceId: string): void => {
  if (!tenants.includes(tenantSpaceId)) {
    throw new BridgeError('TENANT_FORBIDDEN', 'tenantSpaceId: expected a tenant of this caller', {
      detail: { field: 'tenantSpaceId' },
    })
  }
}

/**
 * The tenant that a request without one in its body is about: the caller's only one, or the one that it names in
 * `X-Tenant-Space-Id`. Throws TENANT_UNNAMED where several are possible, TENANT_FORBIDDEN for another's.
 */
export const tenantOf = (principal: Principal, named: string | undefined): string => {
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
export const requireUser = ({ userId: own }: Principal, userId: string, field: string): void => {
  if (own !== undefined && own !== userId) {
    throw new BridgeError('USER_FORBIDDEN', `${field}: expected the user of this caller`, {
      detail: { field },
    })
  }
}
