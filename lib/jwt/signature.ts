/** The check of a signature. The key and its one algorithm are the caller's choice, never the token's. */

import { compactVerify, type importJWK } from 'jose'
import type { CompactToken } from './compact.ts'
import type { Refuse } from './refusal.ts'

export type PublicKey = Awaited<ReturnType<typeof importJWK>>

/** A key, and the one algorithm that it is used with. */
export interface Verification {
  readonly key: PublicKey
  readonly algorithm: string
}

/** The payload that the key has signed. */
export const signedPayload = async (
  { text }: CompactToken,
  { key, algorithm }: Verification,
  refuse: Refuse<'SIGNATURE_INVALID'>,
): Promise<Uint8Array> => {
  try {
    return (await compactVerify(text, key, { algorithms: [algorithm] })).payload
  } catch (error) {
    throw refuse('SIGNATURE_INVALID', 'expected a signature by the key of the header', { cause: error })
  }
}
