/** Tokens of any vendor. */

import * as z from 'zod'

/** They go into headers: printable ASCII, and not without end. */
export const VendorToken = z
  .string('expected a token')
  .regex(/^[\x21-\x7e]{1,4096}$/, 'expected 1 to 4096 printable ASCII characters, no blanks')
