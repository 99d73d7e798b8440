/** The secret that stored machine tokens are sealed with. */

import * as z from 'zod'

/** `<prefix>/token-store-key`: made by CloudFormation, changed by putting another in its place. */
export const TokenStoreKeySecret = z.strictObject({
  key: z.string('expected a string').regex(/^[A-Za-z0-9]{43,256}$/, 'expected 43 to 256 letters and digits'),
})
export type TokenStoreKeySecret = z.infer<typeof TokenStoreKeySecret>
