/** The secret that user ids in logs are hashed with, and what then stands in the log. */

import { createHmac } from 'node:crypto'
import type * as z from 'zod/mini'
import { members } from './pasted.ts'
import { text } from './setting-types.ts'

/** `<prefix>/log-key`: made by CloudFormation where the parameter `logUserIds` says so. */
export const LogKeySecret = members({
  key: text(/^[A-Za-z0-9]{43,256}$/, 'expected 43 to 256 letters and digits'),
})
export type LogKeySecret = z.infer<typeof LogKeySecret>

/** Of SHA-256's 64 digits: no two users of a stage have the same. */
const DIGITS = 32

/** Whether a log's name of a user may be a hash. */
export const isHashOfUserId = (name: string): boolean => HASH.test(name)
const HASH = new RegExp(`^hmac-[0-9a-f]{${DIGITS}}$`)

/** The same id has the same hash in every line. Without the key nobody can try ids. */
export const hashedUserId = (key: string, userId: string): string =>
  `hmac-${createHmac('sha256', key).update(userId).digest('hex').slice(0, DIGITS)}`
