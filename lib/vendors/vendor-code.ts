/** A vendor's code, which its document has as text or number and its servers as either. */

import * as z from 'zod'

/** Without blanks around it, and without zeros before a number: `200`, `"0200"` and `" 200 "` are one code. */
export const codeText = (code: string | number): string => {
  const text = String(code).trim()
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text
}

/** One of these codes. Fails for any other, for none, and for what is neither text nor number. */
export const vendorCode = <const Code extends string>(...codes: readonly [Code, ...Code[]]) =>
  z.union([z.string(), z.number()]).transform(codeText).pipe(z.enum(codes))
