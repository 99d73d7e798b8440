/** `npm run caller-key -- <callerId> <tenantSpaceId>…`: makes a caller key, and its entry for the `callers` secret. */

import { createHash, randomBytes } from 'node:crypto'
import { CallersSecret } from '../../lib/schemas/callers.ts'
import { describeFaults } from '../../lib/schemas/issues.ts'
import { parseCommandLine, usageError } from './arguments.ts'
import type { Command } from './command.ts'

const YEAR_SECONDS = 365 * 24 * 3600

/** A new key of 256 random bits, and an entry that holds only its SHA-256. Throws what the schema says about bad names. */
export const newCaller = (callerId: string, tenants: readonly string[], now: Date) => {
  const key = `ctb_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  const expiresAt = Math.floor(now.getTime() / 1000) + YEAR_SECONDS
  const caller = { callerId, keys: [{ sha256, expiresAt }], tenants, scopes: ['enterprise-token:issue'] }
  const result = CallersSecret.safeParse({ callers: [caller] })
  if (!result.success) throw new TypeError(inArguments(describeFaults(result.error)))
  return { key, caller }
}

/** The schema's words for the entry, as the command's words for what was given. */
const inArguments = (faults: string): string =>
  faults
    .replace(/callers\.0\.callerId/g, '<callerId>')
    .replace(/callers\.0\.tenants(\.\d+)?/g, '<tenantSpaceId>')

const USAGE = 'npm run caller-key -- <callerId> <tenantSpaceId>…'

const HELP = `Makes a key for a back end that is to call, and prints it once. The key itself is stored nowhere: the entry holds its
SHA-256, the tenants, a life of a year, and the scope enterprise-token:issue, to which you add others.`

export const callerKeyCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { positionals } = parseCommandLine(line, { options: {}, allowPositionals: true, usage: USAGE })
    const [callerId = '', ...tenants] = positionals
    const { key, caller } = named(callerId, tenants)
    say(`The key, for the caller. It is shown once and stored nowhere:\n${key}\n`)
    say(
      `Its entry, for "callers" of the secret cec-token-bridge/<stage>/callers:\n${JSON.stringify(caller, null, 2)}`,
    )
  },
}

const named = (callerId: string, tenants: readonly string[]) => {
  try {
    return newCaller(callerId, tenants, new Date())
  } catch (error) {
    throw usageError((error as Error).message, USAGE)
  }
}
