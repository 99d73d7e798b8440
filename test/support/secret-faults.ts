/** What the schema of a secret says of a value: takes it, or names its fault. */

import { BridgeError } from '../../lib/errors.ts'
import { parsed } from '../../lib/secrets/parsed.ts'
import type { SecretSample } from './secret-samples.ts'

export const readText = (text: string, { schema }: SecretSample) => parsed('a/secret', text, schema)
export const readValue = (value: unknown, sample: SecretSample) => readText(JSON.stringify(value), sample)
export const faultOf = (value: unknown, sample: SecretSample): BridgeError => {
  try {
    readValue(value, sample)
  } catch (error) {
    if (error instanceof BridgeError) return error
  }
  throw new Error('the secret was taken')
}
