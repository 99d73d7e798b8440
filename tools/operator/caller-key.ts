/** `npm run caller-key`: makes a caller key and its entry, rolls a caller's key over, and lists the keys that end soon. */

import { readFileSync } from 'node:fs'
import { failureText } from '../local/next-step.ts'
import {
  parseCommandLine,
  refuseOthers,
  STAGE_OPTIONS,
  stageArguments,
  UsageError,
  usageError,
} from './arguments.ts'
import { askedCaller } from './caller-key/ask.ts'
import { endingKeys } from './caller-key/ending.ts'
import { DEFAULT_DAYS, type Made, type NewCaller, newCaller, newKey } from './caller-key/new-caller.ts'
import { rollOver } from './caller-key/roll.ts'
import { findCallers } from './callers/find.ts'
import { bytesIn, grouped } from './callers/lists.ts'
import { type CallersStage, openCallers, rights, SECRET_LIMITS } from './callers/stage.ts'
import { addCaller } from './callers/write.ts'
import type { Command } from './command.ts'
import { openPrompt, type Terminal } from './prompt.ts'
import { aligned } from './tokens/report.ts'

const USAGE =
  'npm run caller-key -- [<callerId> <tenantSpaceId>…] [--tenants <file>] [--tenant-prefix <prefix>] [--scope <scope>] [--days <days>] [--roll <callerId> [--drop <key>]] [--ending <days>] [--json] [--stage <stage>] [--region <region>]'

const HELP = `Makes a key for a back end that is to call, and prints it once. The key itself is stored nowhere: the entry holds its
SHA-256, the tenants, its end, and the scopes. Without --stage the entry is printed, for you to put into the secret. Without any
argument it asks, and puts the entry into the stage.
  --tenants <file>          further tenants, one a line
  --tenant-prefix <prefix>  every tenant whose id begins so, also one that is made later; it ends in "-" or "_". May be repeated
  --scope <scope>           what the caller may do, default enterprise-token:issue. May be repeated. A scope that does not exist is refused
  --days <days>             how long the key is good, 1 to 3650, default ${DEFAULT_DAYS}
  --roll <callerId>         makes a second key for a caller that is there: both are good until the older one ends
  --drop <key>              with --roll: takes one of two keys out, by its name, such as key#0123456789ab
  --ending <days>           lists the callers whose last key ends within so many days; ends with 1 when there is one
  --json                    the same as JSON, for scripts
  --stage, --region         puts the entry into that stage ("local": the one that runs): into its secret, or into its callers
                            table where "npm run callers -- move" was run. It is refused where it would not fit`

const OPTIONS = {
  ...STAGE_OPTIONS,
  tenants: { type: 'string' },
  'tenant-prefix': { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  days: { type: 'string' },
  roll: { type: 'string' },
  drop: { type: 'string' },
  ending: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** What is asked for instead of a new caller, and the options that go with it. */
const MODES = [
  { word: 'ending', takes: [] },
  { word: 'roll', takes: ['days', 'drop'] },
] as const

type Named = ReturnType<typeof stageArguments>
type Tell = (told: { readonly text: string; readonly json: object }) => void

/** `terminal` is for tests. Default the process's own, where a person sits at it. */
export const callerKeyCommandAt = (terminal?: Terminal): Command => ({
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const parsed = parseCommandLine(line, { options: OPTIONS, allowPositionals: true, usage: USAGE })
    const { values, positionals } = parsed
    const tell: Tell = ({ text, json }) => say(values.json === true ? JSON.stringify(json, null, 2) : text)
    if (values.region !== undefined && values.stage === undefined)
      throw usageError('--region goes with --stage.', USAGE)
    const days = daysIn(values.days, '--days') ?? DEFAULT_DAYS
    const ending = daysIn(values.ending, '--ending')
    const asked = MODES.find(({ word }) => values[word] !== undefined)
    if (asked !== undefined) {
      if (positionals.length > 0)
        throw usageError(`${JSON.stringify(positionals[0])} is not understood.`, USAGE)
      refuseOthers(values, { word: `--${asked.word}`, takes: [asked.word, 'json', ...asked.takes] }, USAGE)
    }
    if (asked === undefined && values.drop !== undefined) throw usageError('--drop goes with --roll.', USAGE)
    if (ending !== undefined) return onStage(values, (stage) => tellEnding(stage, ending, tell))
    if (values.roll !== undefined) {
      const { roll: callerId, drop } = values
      return onStage(values, (stage) => roll(stage, { callerId, drop, days }, tell))
    }
    if (positionals.length === 0 && (terminal !== undefined || process.stdin.isTTY)) {
      const made = named(await answered(terminal))
      return onStage(values, (stage) => place(stage, made, tell))
    }
    const [callerId = '', ...tenants] = positionals
    const made = named({
      ...{ callerId, days },
      tenants: [...tenants, ...(values.tenants === undefined ? [] : tenantsIn(values.tenants))],
      tenantPrefixes: values['tenant-prefix'] ?? [],
      ...(values.scope === undefined ? {} : { scopes: values.scope }),
    })
    if (values.stage === undefined) return print(made, tell)
    await onStage(values, (stage) => place(stage, made, tell))
  },
})

export const callerKeyCommand = callerKeyCommandAt()

const answered = async (terminal?: Terminal): Promise<NewCaller> => {
  const prompt = openPrompt(terminal)
  try {
    return await askedCaller(prompt)
  } finally {
    prompt.close()
  }
}

const daysIn = (text: string | undefined, option: string): number | undefined => {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > MOST_DAYS)
    throw usageError(`${option}: expected a whole number from 1 to ${MOST_DAYS}.`, USAGE)
  return Number(text)
}
const MOST_DAYS = 3650

const named = (wanted: NewCaller): Made => {
  try {
    daysIn(String(wanted.days ?? DEFAULT_DAYS), '--days')
    return newCaller(wanted, new Date())
  } catch (error) {
    if (error instanceof UsageError) throw error
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

const keyText = (key: string): string =>
  `The key, for the caller. It is shown once and stored nowhere:\n${key}\n`

const print = ({ key, caller }: Made, tell: Tell): void => {
  const bytes = bytesIn(JSON.stringify({ callers: [caller], issuers: [] }))
  if (bytes > SECRET_LIMITS.bytes)
    throw new Error(
      `The entry alone would make the secret "callers" ${grouped(bytes)} bytes of ${grouped(SECRET_LIMITS.bytes)}. ` +
        'Name the stage with --stage, and its callers table takes it; or grant prefixes of tenants (--tenant-prefix).',
    )
  const entry = JSON.stringify(caller, null, 2)
  const text = `${keyText(key)}\nIts entry, for "callers" of the secret cec-token-bridge/<stage>/callers:\n${entry}`
  tell({ text, json: { key, entry: caller } })
}

const onStage = async (
  values: { readonly stage?: string; readonly region?: string },
  work: (stage: CallersStage) => Promise<void>,
): Promise<void> => {
  const at: Named = stageArguments(values, USAGE)
  const stage = openCallers(at)
  try {
    await work(stage)
  } catch (error) {
    throw new Error(failureText(error, stage.name, rights(stage.name)))
  } finally {
    stage.close()
  }
}

/** The key is shown once its entry is there: one that opens nothing helps nobody. */
const place = async (stage: CallersStage, { key, caller }: Made, tell: Tell): Promise<void> => {
  const held = await stage.readSecret()
  const { listed } = await findCallers(stage, held)
  if (listed.some(({ callerId }) => callerId === caller.callerId))
    throw new Error(
      `The stage has a caller "${caller.callerId}" already. Nothing was written: choose another callerId, or make a second key for it with --roll.`,
    )
  const when = await addCaller(stage, held, caller)
  const text = `${keyText(key)}\nStage ${stage.name} (${stage.place}): "${caller.callerId}". ${when}`
  tell({ text, json: { key, callerId: caller.callerId, stage: stage.name } })
}

const roll = async (
  stage: CallersStage,
  {
    callerId,
    drop,
    days,
  }: { readonly callerId: string; readonly drop: string | undefined; readonly days: number },
  tell: Tell,
): Promise<void> => {
  const now = new Date()
  const { key, listed } = newKey(days, now)
  const others = await rollOver(stage, await stage.readSecret(), {
    callerId,
    key: listed,
    drop,
    now,
  })
  const text = `${keyText(key)}\nStage ${stage.name} (${stage.place}): a new key of "${callerId}", good until ${new Date(listed.expiresAt * 1000).toISOString().slice(0, 10)}. ${others}`
  tell({ text, json: { key, callerId, stage: stage.name, expiresAt: listed.expiresAt } })
}

const tellEnding = async (stage: CallersStage, days: number, tell: Tell): Promise<void> => {
  const found = await endingKeys(stage, days, new Date())
  const rows = found.map(({ callerId, endsAt, daysLeft }) => [
    callerId,
    endsAt,
    daysLeft < 0 ? 'has ended' : `${daysLeft} days`,
  ])
  const text =
    rows.length === 0
      ? `No caller's last key ends within ${days} days.`
      : `${aligned([['callerId', 'ends', 'left'], ...rows])}\n\nMake a second key: npm run caller-key -- --roll <callerId> ${stage.options}`.trimEnd()
  tell({ text, json: found })
  if (found.length > 0)
    throw new Error(`${found.length === 1 ? 'One caller needs' : `${found.length} callers need`} a new key.`)
}
