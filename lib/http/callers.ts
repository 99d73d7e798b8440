/** Who calls: caller keys, and the tokens that a route takes beside them. */

import { createHash } from 'node:crypto'
import type { CallerSource } from '../callers/source.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { type CompactToken, compactToken, jsonIn } from '../jwt/compact.ts'
import type { Authenticate, Note, Principal } from './principal.ts'

export interface CallerDeps {
  readonly callers: CallerSource
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

/** The request that is asked for. */
interface Asking {
  readonly deadline: Deadline
  readonly note: Note
}

/** A token as it came: nothing of it is trusted. */
export interface PresentedToken extends CompactToken {
  /** The `iss` that it claims. */
  readonly issuer: string | undefined
}

/** 256 random bits as base64url behind a prefix that secret scanners can find. */
const CALLER_KEY = /^ctb_[A-Za-z0-9_-]{43}$/
/** Printed in docs/start.md, hence no secret: good on the local stage alone, whatever a `callers` secret holds. */
const LOCAL_KEY = 'ctb_local-development-only'
const LOCAL_STAGE = 'local'

/** RFC 9110, section 11.4: the scheme in any case, and one or more blanks. */
const BEARER = /^bearer +(\S+)$/i

/** What an identity provider's tokens need; API Gateway takes 10,240 bytes for all headers together. */
const TOKEN_LIMITS = { characters: 8192, payloadBytes: 6144 }

/** Sent by browsers alone. Not `sec-fetch-mode`: Node's own fetch sends that one, and back ends use it. */
const BROWSER_HEADERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest'] as const

/**
 * Finds the caller that a request's `Authorization: Bearer …` belongs to. Only one that is bound to a user may call
 * from a browser. Throws CALLER_MISSING, CALLER_MALFORMED, CALLER_TOO_LARGE, CALLER_FROM_BROWSER, CALLER_UNKNOWN, CALLER_EXPIRED,
 * CALLER_KIND_REFUSED and the codes of the token kinds, which look alike outside. Checks neither scope nor tenant.
 */
export const authenticator =
  (deps: CallerDeps): Authenticate =>
  async (headers, deadline, note) => {
    const lowered = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const credential = presented(lowered.get('authorization'))
    const isBrowser = BROWSER_HEADERS.some((name) => lowered.has(name))
    const byKey = isCallerKey(credential, deps.stage)
    if (byKey && isBrowser) throw fromBrowser()
    const request = { deadline, note }
    const caller = byKey
      ? await holderOf(deps, credential, request)
      : await bearerOf(deps, tokenIn(credential), request)
    if (isBrowser && caller.userId === undefined) throw fromBrowser()
    note({ callerId: caller.callerId, ...(caller.userId === undefined ? {} : { userId: caller.userId }) })
    return caller
  }

const fromBrowser = () =>
  new BridgeError('CALLER_FROM_BROWSER', "expected a credential of one user's in a browser")
const malformed = () =>
  new BridgeError('CALLER_MALFORMED', 'expected "Bearer ctb_…", or a token that the route takes')
/** Most often a provider's token that names each of its user's groups. */
const tooLarge = () =>
  new BridgeError('CALLER_TOO_LARGE', `expected a token of at most ${TOKEN_LIMITS.characters} characters`)

const presented = (authorization: string | undefined): string => {
  if (authorization === undefined) throw new BridgeError('CALLER_MISSING', 'expected an Authorization header')
  if (authorization.length > 'Bearer '.length + TOKEN_LIMITS.characters) throw tooLarge()
  const [, credential] = BEARER.exec(authorization) ?? []
  if (credential === undefined) throw malformed()
  return credential
}

const isCallerKey = (credential: string, stage: string): boolean =>
  CALLER_KEY.test(credential) || (credential === LOCAL_KEY && stage === LOCAL_STAGE)

const holderOf = async (
  { callers, now }: CallerDeps,
  key: string,
  { deadline, note }: Asking,
): Promise<Principal> => {
  const digest = createHash('sha256').update(key).digest('hex')
  const caller = await callers.ofKey(digest, deadline)
  const listed = caller?.keys.find(({ sha256 }) => sha256 === digest)
  if (caller === undefined || listed === undefined)
    throw new BridgeError('CALLER_UNKNOWN', 'expected a key that is listed')
  const { callerId, tenants, tenantPrefixes, scopes } = caller
  const { expiresAt } = listed
  // Also of a key that has ended: its owner must hear of it.
  note({ callerId })
  if (now().getTime() >= expiresAt * 1000) throw new BridgeError('CALLER_EXPIRED', 'expected a current key')
  return { callerId, tenants, ...(tenantPrefixes && { tenantPrefixes }), scopes, expiresAt }
}

const tokenIn = (credential: string): PresentedToken => {
  const token = compactToken(credential, TOKEN_LIMITS, (fault) =>
    fault === 'TOO_LARGE' ? tooLarge() : malformed(),
  )
  const claims = jsonIn(token.payload)
  const issuer = typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined
  return { ...token, issuer: typeof issuer === 'string' ? issuer : undefined }
}

const bearerOf = async (
  { tokens = [] }: CallerDeps,
  token: PresentedToken,
  { deadline, note }: Asking,
): Promise<Principal> => {
  for (const kind of tokens) if (await kind.isOwn(token, deadline)) return kind.verify(token, deadline, note)
  throw new BridgeError('CALLER_KIND_REFUSED', 'expected a kind of credential that this route takes')
}
