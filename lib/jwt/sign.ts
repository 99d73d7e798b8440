/** Signing with a key of the ring. */

import { importJWK, SignJWT } from 'jose'
import type { PrivateJwk } from '../schemas/key-secrets.ts'
import { ALGORITHM, headerFor, type TokenType } from './format.ts'

/** Signs claims as they stand, with the one header of this key and kind. Judges none of them. */
export const signClaims = async (claims: object, key: PrivateJwk, typ: TokenType): Promise<string> =>
  new SignJWT({ ...claims }).setProtectedHeader({ ...headerFor(key.kid, typ) }).sign(await imported(key))

// Importing costs as much as signing. It hangs on the parsed key, so it ends with that version of the secret.
const imports = new WeakMap<PrivateJwk, ReturnType<typeof importJWK>>()

const imported = (key: PrivateJwk): ReturnType<typeof importJWK> => {
  const known = imports.get(key)
  if (known !== undefined) return known
  const { kty, crv, x, y, d } = key
  const made = importJWK({ kty, crv, x, y, d }, ALGORITHM)
  imports.set(key, made)
  return made
}
