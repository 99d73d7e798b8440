/** The keys that may verify, found by the whole header segment of a token. */

import { importJWK } from 'jose'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { ALGORITHM, headerSegment, type TokenType } from '../jwt/format.ts'
import type { JwksSecret, PublicJwk } from '../schemas/key-secrets.ts'
import { JWKS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { stillVerifies } from './key-ring.ts'

export interface VerificationKey {
  readonly kid: string
  /** Epoch seconds after which this retired key verifies nothing any more. */
  readonly verifyUntil: number | undefined
  readonly publicKey: () => ReturnType<typeof importJWK>
}

/** Looked up by string in a Map: a header that we never emit finds nothing, so its contents are never interpreted. */
export type VerificationKeys = ReadonlyMap<string, VerificationKey>

// Hangs on the parsed secret, so it ends with that version of it.
const made = new WeakMap<JwksSecret, Map<TokenType, VerificationKeys>>()

/** The headers of one kind of token: one that only the other kind has finds nothing either. */
export const verificationKeys = (jwks: JwksSecret, typ: TokenType): VerificationKeys => {
  const kinds = made.get(jwks) ?? new Map<TokenType, VerificationKeys>()
  made.set(jwks, kinds)
  const known = kinds.get(typ)
  if (known !== undefined) return known
  const keys = new Map(jwks.keys.map((key) => [headerSegment(key.kid, typ), verificationKey(key)]))
  kinds.set(typ, keys)
  return keys
}

const verificationKey = ({ kty, crv, x, y, kid, verifyUntil }: PublicJwk): VerificationKey => {
  let imported: ReturnType<typeof importJWK> | undefined
  return {
    kid,
    verifyUntil,
    publicKey: () => {
      imported ??= importJWK({ kty, crv, x, y }, ALGORITHM)
      return imported
    },
  }
}

/**
 * The key set of RFC 7517, section 5, with public members alone: keys still to come, the active one, and retired
 * ones while they verify. Throws KEYS_NOT_INITIALISED rather than have an empty set cached.
 */
export const publishedJwks = async (
  { secrets, now }: { secrets: SecretReader; now: () => Date },
  deadline: Deadline,
): Promise<object> => {
  let ring = (await secrets.read(JWKS, { deadline })).value
  if (ring.keys.length === 0) ring = (await secrets.read(JWKS, { deadline, force: true })).value
  if (ring.keys.length === 0) throw notInitialised()
  return {
    keys: ring.keys
      .filter((key) => stillVerifies(key, now()))
      .map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' })),
  }
}

export const notInitialised = (): BridgeError =>
  new BridgeError('KEYS_NOT_INITIALISED', 'there are no keys yet: the first rotation makes them')
