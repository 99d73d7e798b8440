/** What makes a kind of token of our key ring. What verifies a kind takes it from its profile, and has no other rule. */

import type * as z from 'zod/mini'
import type { SubjectKind } from '../directory/items.ts'
import type { BridgeError } from '../errors.ts'
import type { TokenType } from '../jwt/format.ts'
import type { FaultOf, Refuse } from '../jwt/refusal.ts'

/** Claims that every kind has. */
export interface SignedClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  /** Not of agents. */
  readonly name?: string
  readonly jti: string
  readonly ver: string
  readonly iat: number
  readonly exp: number
}

/** The faults that every kind has a code for. */
export type SharedFault = Extract<FaultOf<'TOKEN'>, FaultOf<'ACCESS_TOKEN'>>

/** A claim that must be equal to a text, code point by code point: nothing is folded or normalised. */
export interface Expectation {
  readonly claim: 'aud' | 'sub' | 'name'
  readonly is: string
  readonly refusal: () => BridgeError
}

/** `Asked` is what the request says besides the token. */
export interface TokenProfile<Claims extends SignedClaims, Asked> {
  readonly typ: TokenType
  readonly claims: z.ZodMiniType<Claims>
  readonly maxLifetimeSeconds: number
  /** Whom a token is about. */
  readonly about: SubjectKind
  /** Makes errors of the kind's own family of codes. */
  readonly refuse: Refuse<SharedFault>
  readonly tenantOf: (claims: Claims) => string
  /** For whom the token is, at the stage of this issuer: judged before its expiry. */
  readonly audience: (asked: Asked, issuer: string) => Expectation
  /** About whom it is: judged after its expiry. Empty where the request names nobody. */
  readonly subject: (asked: Asked) => readonly Expectation[]
}
