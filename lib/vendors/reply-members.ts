/** Members that the replies of several vendors have. */

import * as z from 'zod/mini'

/** A token. It goes into headers: printable ASCII, and not without end. */
export const VendorToken = z
  .string('expected a token')
  .check(z.regex(/^[\x21-\x7e]{1,4096}$/, 'expected 1 to 4096 printable ASCII characters, no blanks'))

/**
 * A vendor's code, which its document has as text or number and its servers as either: without blanks around it, and
 * without zeros before a number. `200`, `"0200"` and `" 200 "` are one code.
 */
export const codeText = (code: string | number): string => {
  const text = String(code).trim()
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text
}

/** One of these codes. Fails for any other, for none, and for what is neither text nor number. */
export const vendorCode = <const Code extends string>(...codes: readonly [Code, ...Code[]]) =>
  z.pipe(z.pipe(z.union([z.string(), z.number()]), z.transform(codeText)), z.enum(codes))

/**
 * How long a token lives: a number or a string of digits, in units of which `unitsPerSecond` make a second. Never fails:
 * below a second, not finite, or not a number at all it is `undefined`, since a token that is handed over lives.
 * Whoever reads it then takes the document's default, or what was asked for. Fractions of a unit are cut off.
 */
export const lifetime = (unitsPerSecond: number) =>
  z.optional(
    z.pipe(
      z.unknown(),
      z.transform((given): number | undefined => {
        const units = Math.floor(numberIn(given))
        return Number.isFinite(units) && units >= unitsPerSecond ? units : undefined
      }),
    ),
  )

const numberIn = (given: unknown): number => {
  if (typeof given === 'number') return given
  return typeof given === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(given) ? Number(given) : Number.NaN
}
