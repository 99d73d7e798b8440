/** Signing with a key of the ring. */

import { importJWK, SignJWT } from 'jose'
import type { Deadline } from '../deadline.ts'
import type { PrivateJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import { SIGNING_KEY } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { ALGORITHM, headerFor, type TokenType } from './format.ts'
import { notInitialised } from './verification-keys.ts'

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

/** The key that signs now. Throws KEYS_NOT_INITIALISED, and what the secret reader throws. */
export const activeKey = async (secrets: SecretReader, deadline: Deadline): Promise<PrivateJwk> => {
  const find = (ring: SigningKeySecret) => ring.keys.find(({ state }) => state === 'active')
  const key =
    find((await secrets.read(SIGNING_KEY, { deadline })).value) ??
    find((await secrets.read(SIGNING_KEY, { deadline, force: true })).value)
  if (key !== undefined) return key
  throw notInitialised()
}
