/** A log in which user ids stand as keyed hashes: parameter `logUserIds`. */

import { type Deadline, within } from '../concurrency/deadline.ts'
import type { Log } from '../log.ts'
import { hashedUserId } from '../schemas/log-key.ts'
import { LOG_KEY } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'

/** Stands in the place of an id while the key cannot be had. */
export const WITHHELD = 'withheld'

/** A request waits no longer for the key: it is answered, and its line names nobody. */
const MOST_MS = 1_000

/** The key is read once: another one counts in sandboxes that start later. `secrets` is undefined where no line may name a user. */
export const hashedUserIds = (log: Log, secrets: SecretReader | undefined): Log => {
  let key: string | undefined
  const hashed: Log = (level, fields) => {
    const { userId } = fields
    if (userId === undefined) return log(level, fields)
    log(level, { ...fields, userId: key === undefined ? WITHHELD : hashedUserId(key, userId) })
  }
  const ready = async (deadline: Deadline): Promise<void> => {
    if (key !== undefined || secrets === undefined) return
    const read = await secrets.read(LOG_KEY, { deadline: within(deadline, MOST_MS) }).catch(() => undefined)
    key = read?.value.key
  }
  return Object.assign(hashed, { ready })
}
