/** Names and ids that several contracts share. */

import * as z from 'zod'

/** Ids that become part of a secret's name or a token's audience. */
export const TenantSpaceId = z
  .string('expected a string')
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, underscores or hyphens')

/** Printable ASCII without blanks: two ids that look alike are then the same id. Configurable, never case-folded. */
export const USER_ID_PATTERN = '[\\x21-\\x7e]+'

/** CEC takes 1 to 32 characters for a userId (applyToken, table 3). */
export const userId = (pattern: string = USER_ID_PATTERN) => {
  // A pattern without anchors would let anything through around its match.
  const allowed = new RegExp(`^(?:${pattern})$`, 'u')
  return z
    .string('expected a string')
    .refine(
      (id) => lengthInCodePoints(id) >= 1 && lengthInCodePoints(id) <= 32,
      'expected 1 to 32 characters',
    )
    .refine(
      (id) => id.isWellFormed() && !UNSAFE.test(id) && allowed.test(id),
      'expected only characters that USER_ID_PATTERN allows',
    )
}

// Bidi controls can make a name read as another one; U+2028 and U+2029 break lines in logs and scripts.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

/** Shown to agents by CEC. Compared by code point, so only one spelling (NFC) is taken. */
export const UserName = z
  .string('expected a string')
  .refine(
    (name) => lengthInCodePoints(name) >= 1 && lengthInCodePoints(name) <= 64,
    'expected 1 to 64 characters',
  )
  .refine((name) => name.isWellFormed() && !UNSAFE.test(name), 'expected no control or direction characters')
  .refine((name) => name === name.normalize('NFC'), 'expected Unicode form NFC')

const lengthInCodePoints = (text: string): number => [...text].length
