/** How a provider's name of a user becomes a userId: as it stands, or shortened so that it fits everywhere and stays unique. */

import { createHash } from 'node:crypto'
import { lengthPrefixed } from './length-prefixed.ts'

export type UserIdForm = 'as-is' | 'sha256-24'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** CEC's chat takes no more, applyToken 32, Alibaba's pattern `[a-z0-9_.]{1,32}`. */
const CHARACTERS = 24

/**
 * The first 24 characters of lower-case base32 (RFC 4648, section 6, no padding) of SHA-256 over the UTF-8 bytes of the
 * issuer and the claim's value, each behind its length in UTF-16 units and a colon: 120 bits. Any text is taken.
 */
export const derivedUserId = (issuer: string, value: string): string =>
  base32(createHash('sha256').update(lengthPrefixed(issuer, value), 'utf8').digest()).slice(0, CHARACTERS)

/** Five bits a character, of as many bytes as fill whole characters. */
const base32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('')
}
