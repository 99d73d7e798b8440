/** The secrets by name, each with its shape. Policies in serverless.yml name the same ones. */

import { JwksSecret, SigningKeySecret } from '../schemas/key-secrets.ts'
import { LogKeySecret } from '../schemas/log-key.ts'
import { ProberSecret } from '../schemas/prober.ts'
import { TakenCallers } from '../schemas/taken-callers.ts'
import { TokenStoreKeySecret } from '../schemas/token-store-key.ts'
import type { SecretDefinition } from './reader.ts'

/** Not initialised: the first rotation makes the keys. */
const NO_KEYS = '{"keys":[]}'

export const SIGNING_KEY: SecretDefinition<SigningKeySecret> = {
  name: 'signing-key',
  schema: SigningKeySecret,
  initial: NO_KEYS,
}
export const JWKS: SecretDefinition<JwksSecret> = { name: 'jwks', schema: JwksSecret, initial: NO_KEYS }
export const CALLERS: SecretDefinition<TakenCallers> = {
  name: 'callers',
  schema: TakenCallers,
  initial: '{"callers":[]}',
  remarks: (value) => value.remarks,
}
export const LOG_KEY: SecretDefinition<LogKeySecret> = { name: 'log-key', schema: LogKeySecret }
export const TOKEN_STORE_KEY: SecretDefinition<TokenStoreKeySecret> = {
  name: 'token-store-key',
  schema: TokenStoreKeySecret,
}
/** Made by an operator who switches the prober on. */
export const PROBER: SecretDefinition<ProberSecret> = { name: 'prober', schema: ProberSecret }
