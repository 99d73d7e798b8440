/** `npm run caller-key -- <callerId> <tenantSpaceId>…`: makes a caller key, and its entry for a stage's callers. */

import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CallersSecret } from '../../lib/schemas/callers.ts'
import { describeFaults } from '../../lib/schemas/issues.ts'
import type { Caller } from '../../lib/schemas/taken-callers.ts'
import { failureText } from '../local/next-step.ts'
import { parseCommandLine, STAGE_OPTIONS, stageArguments, usageError } from './arguments.ts'
import { findCallers } from './callers/find.ts'
import { bytesIn, grouped } from './callers/lists.ts'
import { openCallers, rights, SECRET_LIMITS } from './callers/stage.ts'
import { addCaller } from './callers/write.ts'
import type { Command, Say } from './command.ts'

const YEAR_SECONDS = 365 * 24 * 3600

export interface NewCaller {
  readonly callerId: string
  readonly tenants: readonly string[]
  readonly tenantPrefixes?: readonly string[]
  /** Default `enterprise-token:issue`. */
  readonly scopes?: readonly string[]
}

/** A new key of 256 random bits, and an entry that holds only its SHA-256. Throws what the schema says about bad names. */
export const newCaller = (
  { callerId, tenants, tenantPrefixes = [], scopes = ['enterprise-token:issue'] }: NewCaller,
  now: Date,
): { readonly key: string; readonly caller: Caller } => {
  const key = `ctb_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  const expiresAt = Math.floor(now.getTime() / 1000) + YEAR_SECONDS
  const prefixes = tenantPrefixes.length === 0 ? {} : { tenantPrefixes }
  const entry = { callerId, keys: [{ sha256, expiresAt }], tenants, ...prefixes, scopes }
  const result = CallersSecret.safeParse({ callers: [entry] })
  if (!result.success) throw new TypeError(inArguments(describeFaults(result.error)))
  return { key, caller: result.data.callers[0] as Caller }
}

/** The schema's words for the entry, as the command's words for what was given. */
const inArguments = (faults: string): string =>
  faults
    .replace(/callers\.0\.callerId/g, '<callerId>')
    .replace(/callers\.0\.tenants(\.\d+)?/g, '<tenantSpaceId>')
    .replace(/callers\.0\.tenantPrefixes(\.\d+)?/g, '--tenant-prefix')
    .replace(/callers\.0\.scopes(\.\d+)?/g, '--scope')

const USAGE =
  'npm run caller-key -- <callerId> <tenantSpaceId>… [--tenants <file>] [--tenant-prefix <prefix>] [--scope <scope>] [--stage <stage>] [--region <region>]'

const HELP = `Makes a key for a back end that is to call, and prints it once. The key itself is stored nowhere: the entry holds its
SHA-256, the tenants, a life of a year, and the scopes. Without --stage the entry is printed, for you to put into the secret.
  --tenants <file>          further tenants, one a line
  --tenant-prefix <prefix>  every tenant whose id begins so, also one that is made later; it ends in "-" or "_". May be repeated
  --scope <scope>           what the caller may do, default enterprise-token:issue. May be repeated
  --stage, --region         puts the entry into that stage ("local": the one that runs): into its secret, or into its callers
                            table where "npm run callers -- move" was run. It is refused where it would not fit`

const OPTIONS = {
  ...STAGE_OPTIONS,
  tenants: { type: 'string' },
  'tenant-prefix': { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
} as const

export const callerKeyCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const parsed = parseCommandLine(line, { options: OPTIONS, allowPositionals: true, usage: USAGE })
    const { values, positionals } = parsed
    const [callerId = '', ...tenants] = positionals
    const made = named({
      callerId,
      tenants: [...tenants, ...(values.tenants === undefined ? [] : tenantsIn(values.tenants))],
      tenantPrefixes: values['tenant-prefix'] ?? [],
      ...(values.scope === undefined ? {} : { scopes: values.scope }),
    })
    if (values.stage === undefined) return print(made, say)
    await place(made, stageArguments(values, USAGE), say)
  },
}

const named = (asked: NewCaller) => {
  try {
    return newCaller(asked, new Date())
  } catch (error) {
    throw usageError((error as Error).message, USAGE)
  }
}

const tenantsIn = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').split(/\s+/).filter(Boolean)
  } catch (error) {
    throw usageError(`--tenants: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, USAGE)
  }
}

type Made = ReturnType<typeof newCaller>

const sayKey = (key: string, say: Say): void =>
  say(`The key, for the caller. It is shown once and stored nowhere:\n${key}\n`)

const print = ({ key, caller }: Made, say: Say): void => {
  const entry = JSON.stringify(caller, null, 2)
  const bytes = bytesIn(JSON.stringify({ callers: [caller], issuers: [] }))
  if (bytes > SECRET_LIMITS.bytes)
    throw new Error(
      `The entry alone would make the secret "callers" ${grouped(bytes)} bytes of ${grouped(SECRET_LIMITS.bytes)}. ` +
        'Name the stage with --stage, and its callers table takes it; or grant prefixes of tenants (--tenant-prefix).',
    )
  sayKey(key, say)
  say(`Its entry, for "callers" of the secret cec-token-bridge/<stage>/callers:\n${entry}`)
}

/** The key is shown once its entry is there: one that opens nothing helps nobody. */
const place = async ({ key, caller }: Made, named: ReturnType<typeof stageArguments>, say: Say) => {
  const stage = openCallers(named)
  try {
    const held = await stage.readSecret()
    const { listed } = await findCallers(stage, held)
    if (listed.some(({ callerId }) => callerId === caller.callerId))
      throw new Error(
        `The stage has a caller "${caller.callerId}" already. Nothing was written: choose another callerId.`,
      )
    const when = await addCaller(stage, held, caller)
    sayKey(key, say)
    say(`Stage ${stage.name} (${stage.place}): "${caller.callerId}". ${when}`)
  } catch (error) {
    throw new Error(failureText(error, stage.name, rights(stage.name)))
  } finally {
    stage.close()
  }
}
