/** Sealing of stored tokens: a dump of the table is useless, and no item can stand in for another. */

import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import * as z from 'zod/mini'
import type { TokenStoreKeySecret } from '../schemas/token-store-key.ts'

/** What is sealed: all that is said of a token anywhere in its item is in here once more, and is compared. */
const Sealed = z.strictObject({
  token: z.string().check(z.minLength(1)),
  issuedAt: z.int(),
  expiresAt: z.int(),
  generation: z.int().check(z.gte(1)),
})
export type SealedToken = z.infer<typeof Sealed>

export interface Keyring {
  /** A fingerprint that tells nothing without the key: a dump does not even let one try out passwords. */
  readonly keyed: (fingerprint: string) => string
  /** A JWE (RFC 7516), `dir` with A256GCM, bound to the item's key by its protected header. */
  readonly seal: (pk: string, token: SealedToken) => Promise<string>
  /** What was sealed for this item; undefined for anything else, whatever is wrong with it. */
  readonly open: (pk: string, sealed: string) => Promise<SealedToken | undefined>
}

const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' } as const
const ALLOWED = {
  keyManagementAlgorithms: [ALGORITHMS.alg],
  contentEncryptionAlgorithms: [ALGORITHMS.enc],
  maxDecompressedLength: 0, // no `zip`
}

/** One secret, two keys of it (RFC 5869): what seals and what fingerprints share nothing. */
const derived = (key: string, purpose: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hkdfSync('sha256', key, '', `cec-token-bridge ${purpose}`, 32))

// Hangs on the parsed secret, so it ends with that version of it.
const made = new WeakMap<TokenStoreKeySecret, Keyring>()

export const keyring = (secret: TokenStoreKeySecret): Keyring => {
  const known = made.get(secret)
  if (known !== undefined) return known
  // Imported once: that costs more than sealing.
  const sealing = crypto.subtle.importKey('raw', derived(secret.key, 'seal'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  const fingerprinting = derived(secret.key, 'fingerprint')
  const ring: Keyring = {
    keyed: (fingerprint) => createHmac('sha256', fingerprinting).update(fingerprint).digest('base64url'),
    seal: async (pk, token) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(token)))
        .setProtectedHeader({ ...ALGORITHMS, item: digestOf(pk) })
        .encrypt(await sealing),
    open: async (pk, sealed) => {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, await sealing, ALLOWED)
        if (protectedHeader['item'] !== digestOf(pk)) return undefined
        return Sealed.parse(JSON.parse(new TextDecoder().decode(plaintext)))
      } catch {
        return undefined
      }
    },
  }
  made.set(secret, ring)
  return ring
}

const digestOf = (pk: string): string => createHash('sha256').update(pk).digest('base64url')
