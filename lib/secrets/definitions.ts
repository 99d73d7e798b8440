/** The secrets by name, each with its shape. Policies in serverless.yml name the same ones. */

import { CallersSecret } from '../schemas/callers.ts'
import { JwksSecret, SigningKeySecret } from '../schemas/key-secrets.ts'
import type { SecretDefinition } from './reader.ts'

export const SIGNING_KEY: SecretDefinition<SigningKeySecret> = {
  name: 'signing-key',
  schema: SigningKeySecret,
}
export const JWKS: SecretDefinition<JwksSecret> = { name: 'jwks', schema: JwksSecret }
export const CALLERS: SecretDefinition<CallersSecret> = { name: 'callers', schema: CallersSecret }
