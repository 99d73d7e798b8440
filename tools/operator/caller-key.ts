/** `npm run caller-key -- <callerId> <tenantSpaceId>…`: makes a caller key, and its entry for the `callers` secret. */

import { createHash, randomBytes } from 'node:crypto'
import { CallersSecret } from '../../lib/schemas/callers.ts'
import { describeFaults } from '../../lib/schemas/issues.ts'

const YEAR_SECONDS = 365 * 24 * 3600

/** A new key of 256 random bits, and an entry that holds only its SHA-256. Throws what the schema says about bad names. */
export const newCaller = (callerId: string, tenants: readonly string[], now: Date) => {
  const key = `ctb_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  const expiresAt = Math.floor(now.getTime() / 1000) + YEAR_SECONDS
  const caller = { callerId, keys: [{ sha256, expiresAt }], tenants, scopes: ['enterprise-token:issue'] }
  const result = CallersSecret.safeParse({ callers: [caller], issuers: [] })
  if (!result.success) throw new TypeError(describeFaults(result.error))
  return { key, caller }
}

// Not import.meta.main: the oldest Node that the lockfile pins does not have it.
if (process.argv[1] === import.meta.filename) {
  const [callerId = '', ...tenants] = process.argv.slice(2)
  try {
    const { key, caller } = newCaller(callerId, tenants, new Date())
    console.log(`The key, for the caller. It is shown once and stored nowhere:\n${key}\n`)
    console.log(
      `Its entry, for "callers" of the secret cec-token-bridge/<stage>/callers:\n${JSON.stringify(caller, null, 2)}`,
    )
  } catch (error) {
    console.error(`${(error as Error).message}\nUse: npm run caller-key -- <callerId> <tenantSpaceId>…`)
    process.exitCode = 1
  }
}
