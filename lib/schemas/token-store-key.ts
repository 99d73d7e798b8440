/** The secret that stored machine tokens are sealed with. */

import type * as z from 'zod/mini'
import { members } from './pasted.ts'
import { text } from './setting-types.ts'

/** `<prefix>/token-store-key`: made by CloudFormation, changed by putting another in its place. */
export const TokenStoreKeySecret = members({
  key: text(/^[A-Za-z0-9]{43,256}$/, 'expected 43 to 256 letters and digits'),
})
export type TokenStoreKeySecret = z.infer<typeof TokenStoreKeySecret>
