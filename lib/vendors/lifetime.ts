/** How long a vendor says that its token lives: one rule for all vendors. */

import * as z from 'zod'

/**
 * A duration as a number or a string of digits, in units of which `unitsPerSecond` make a second. Never fails: below a
 * second, not finite, or not a number at all it is `undefined`, since a token that is handed over lives. Whoever
 * reads it then takes the document's default, or what was asked for. Fractions of a unit are cut off.
 */
export const lifetime = (unitsPerSecond: number) =>
  z
    .unknown()
    .transform((given): number | undefined => {
      const units = Math.floor(numberIn(given))
      return Number.isFinite(units) && units >= unitsPerSecond ? units : undefined
    })
    .optional()

const numberIn = (given: unknown): number => {
  if (typeof given === 'number') return given
  return typeof given === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(given) ? Number(given) : Number.NaN
}
