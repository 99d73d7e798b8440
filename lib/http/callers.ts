/** Who calls: caller keys, and the tokens that a route takes beside them. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Deadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import { type CompactToken, compactToken, jsonIn } from '../jwt/compact.ts'
import type { LogFields } from '../log.ts'
import type { Caller, Scope } from '../schemas/callers.ts'
import { CALLERS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'

export interface CallerDeps {
  readonly secrets: SecretReader
  readonly stage: string
  readonly now: () => Date
  /** The kinds of token that the route takes as well. Default none: caller keys alone. */
  readonly tokens?: readonly TokenKind[]
}

/** A kind of token that shows who calls. Which kind one is, its own form says: no kind is tried after another. */
export interface TokenKind {
  readonly isOwn: (token: PresentedToken, deadline: Deadline) => Promise<boolean>
  /** Throws what makes a token of this kind a bad one. Notes what names it in the log once its signature holds. */
  readonly verify: (token: PresentedToken, deadline: Deadline, note: Note) => Promise<Principal>
}

/** A token as it came: nothing of it is trusted. */
export interface PresentedToken extends CompactToken {
  /** The `iss` that it claims. */
  readonly issuer: string | undefined
}

type Note = (fields: Pick<LogFields, 'callerId' | 'jti' | 'kid' | 'tenantSpaceId'>) => void

/** 256 random bits as base64url behind a prefix that secret scanners can find. */
const CALLER_KEY = /^ctb_[A-Za-z0-9_-]{43}$/
/** Printed in the README, hence no secret: good on the local stage alone, whatever a `callers` secret holds. */
const LOCAL_KEY = 'ctb_local-development-only'
const LOCAL_STAGE = 'local'

/** What an identity provider's tokens need; API Gateway takes 10,240 bytes for all headers together. */
const TOKEN_LIMITS = { characters: 8192, payloadBytes: 6144 }

/** Sent by browsers alone. Not `sec-fetch-mode`: Node's own fetch sends that one, and back ends use it. */
const BROWSER_HEADERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest'] as const

/** Who calls, however that was shown. */
export interface Principal {
  readonly callerId: string
  readonly tenants: readonly string[]
  readonly scopes: readonly string[]
  /** Epoch seconds at which the credential ends. */
  readonly expiresAt: number
  /** The user that the credential is bound to, with both; absent for a back end, which speaks for all its users. */
  readonly userId?: string
  readonly userName?: string
}

type Headers = Readonly<Record<string, string | undefined>>

/**
 * The caller that the request's `Authorization: Bearer …` belongs to. Only one that is bound to a user may call from a
 * browser. Throws CALLER_MISSING, CALLER_MALFORMED, CALLER_FROM_BROWSER, CALLER_UNKNOWN, CALLER_EXPIRED and the codes
 * of the token kinds, which look alike outside. Checks neither scope nor tenant.
 */
export const authenticate = async (
  deps: CallerDeps,
  headers: Headers,
  deadline: Deadline,
  note: Note,
): Promise<Principal> => {
  const lowered = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const credential = presented(lowered.get('authorization'))
  const isBrowser = BROWSER_HEADERS.some((name) => lowered.has(name))
  const byKey = isCallerKey(credential, deps.stage)
  if (byKey && isBrowser) throw fromBrowser()
  const caller = byKey
    ? await holderOf(deps, credential, deadline)
    : await bearerOf(deps, tokenIn(credential), deadline, note)
  if (isBrowser && caller.userId === undefined) throw fromBrowser()
  note({ callerId: caller.callerId })
  return caller
}

const fromBrowser = () =>
  new BridgeError('CALLER_FROM_BROWSER', "expected a credential of one user's in a browser")
const malformed = () =>
  new BridgeError('CALLER_MALFORMED', 'expected "Bearer ctb_…", or a token that the route takes')

const presented = (authorization: string | undefined): string => {
  if (authorization === undefined) throw new BridgeError('CALLER_MISSING', 'expected an Authorization header')
  if (authorization.length > 'Bearer '.length + TOKEN_LIMITS.characters) throw malformed()
  const [, credential] = /^Bearer (\S+)$/.exec(authorization) ?? []
  if (credential === undefined) throw malformed()
  return credential
}

const isCallerKey = (credential: string, stage: string): boolean =>
  CALLER_KEY.test(credential) || (credential === LOCAL_KEY && stage === LOCAL_STAGE)

const holderOf = async (deps: CallerDeps, key: string, deadline: Deadline): Promise<Principal> => {
  const { value } = await deps.secrets.read(CALLERS, { deadline })
  const found = ownerOf(value.callers, createHash('sha256').update(key).digest())
  if (found === undefined) throw new BridgeError('CALLER_UNKNOWN', 'expected a key of the callers secret')
  const { caller, expiresAt } = found
  if (deps.now().getTime() >= expiresAt * 1000)
    throw new BridgeError('CALLER_EXPIRED', 'expected a current key')
  return { callerId: caller.callerId, tenants: caller.tenants, scopes: caller.scopes, expiresAt }
}

/** Compares with every key in constant time each, and goes on after a match: how long it takes tells nothing. */
const ownerOf = (
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

const tokenIn = (credential: string): PresentedToken => {
  const token = compactToken(credential, TOKEN_LIMITS, malformed)
  const claims = jsonIn(token.payload)
  const issuer = typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined
  return { ...token, issuer: typeof issuer === 'string' ? issuer : undefined }
}

const bearerOf = async (
  { tokens = [] }: CallerDeps,
  token: PresentedToken,
  deadline: Deadline,
  note: Note,
): Promise<Principal> => {
  for (const kind of tokens) if (await kind.isOwn(token, deadline)) return kind.verify(token, deadline, note)
  throw new BridgeError('CALLER_KIND_REFUSED', 'expected a kind of credential that this route takes')
}

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
