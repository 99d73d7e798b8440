/** What the tests look at in tokens, and what it should come to: written apart from the code under test. */

import { createHash } from 'node:crypto'

const part = (token: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString())

export const headerOf = (token: string) => part(token, 0)
export const claimsOf = (token: string) => part(token, 1)

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** `sha256-24` as docs/identity-providers.md has it: 24 characters of base32 of a hash over issuer and claim, each behind its length. */
export const shortUserId = (issuer: string, value: string): string => {
  const hash = createHash('sha256').update(`${issuer.length}:${issuer}${value.length}:${value}`).digest()
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from(
    { length: 24 },
    (_, i) => ALPHABET[Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)],
  ).join('')
}
