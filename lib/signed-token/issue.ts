/** Issuing of tokens of our key ring: what every kind has in common. */

import type { Deadline } from '../concurrency/deadline.ts'
import { type Subject, versionOf } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import type { TokenType } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import { type KeyAndAdmission, type MayIssueDeps, mayIssue, type Requester } from './may-issue.ts'

export interface SignDeps {
  readonly issuer: string
  /** Life of a token in seconds. */
  readonly lifetimeSeconds: number
  readonly now: () => Date
  /** At least 128 random bits as base64url, never the same twice. */
  readonly newId: () => string
}

export interface IssueDeps extends SignDeps, MayIssueDeps {}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
  readonly lifetimeSeconds: number
  readonly jti: string
  readonly kid: string
}

/** What one token claims beside what every token does. */
export interface TokenOrder {
  readonly sub: string
  readonly audience: string
  readonly ownClaims?: Readonly<Record<string, string | readonly string[]>>
  /** Epoch seconds that the token does not outlive. Default none. */
  readonly endsBy?: number
}

/** One token for a user: about whom, for whom, and what its kind claims besides. */
export interface UserTokenOrder extends Omit<TokenOrder, 'sub'> {
  readonly user: Subject & { readonly userName: string }
  readonly requester: Requester
}

/**
 * Issues a token of one kind to a user that the directory knows under that name. Checks neither who asks nor for which
 * tenant they may: that is the caller's part. Throws CALLER_EXPIRED for `endsBy` in the past, and what `mayIssue` throws.
 */
export const signedTokenIssuer = (deps: IssueDeps, typ: TokenType) => {
  const admitted = mayIssue(deps)
  const sign = tokenSigner(deps, typ)
  return async ({ user, requester, ...order }: UserTokenOrder, deadline: Deadline): Promise<IssuedToken> => {
    const found = await admitted(user, requester, deadline)
    const ownClaims = { name: user.userName, ...order.ownClaims }
    return sign({ ...order, sub: user.userId, ownClaims }, found)
  }
}

/** Signs a token of one kind for a subject that may have it. Throws CALLER_EXPIRED for `endsBy` in the past. */
export const tokenSigner =
  (deps: SignDeps, typ: TokenType) =>
  async (order: TokenOrder, { key, admission }: KeyAndAdmission): Promise<IssuedToken> => {
    const { sub, audience, ownClaims = {}, endsBy = Number.POSITIVE_INFINITY } = order
    const iat = Math.floor(deps.now().getTime() / 1000)
    const exp = Math.min(iat + deps.lifetimeSeconds, endsBy)
    // The credential was good when this request began, and has ended since.
    if (exp <= iat) throw new BridgeError('CALLER_EXPIRED', 'expected a current credential')
    const jti = deps.newId()
    const claims = {
      iss: deps.issuer,
      aud: audience,
      sub,
      ...ownClaims,
      jti,
      ver: versionOf(admission),
      iat,
      exp,
    }
    const token = await signClaims(claims, key, typ)
    return { token, expiresAt: new Date(exp * 1000), lifetimeSeconds: exp - iat, jti, kid: key.kid }
  }
