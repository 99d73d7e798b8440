/** `npm run callers`: lists a stage's callers, moves them into the callers table, puts many there at once, and ends one's. */

import { readFileSync } from 'node:fs'
import { shownKey } from '../../lib/callers/items.ts'
import { describeFaults } from '../../lib/schemas/issues.ts'
import { failureText } from '../local/next-step.ts'
import { parseCommandLine, refuseOthers, STAGE_OPTIONS, stageArguments, usageError } from './arguments.ts'
import { listing, listingAsJson } from './callers/list.ts'
import { grouped, itemsOf, judged, Lists } from './callers/lists.ts'
import { revoke } from './callers/revoke.ts'
import { type CallersStage, openCallers, rights } from './callers/stage.ts'
import { putItems } from './callers/write.ts'
import type { Command, Say } from './command.ts'

const USAGE =
  'npm run callers -- list [--json] | move [--keep] | put <file> | revoke <callerId> [--stage <stage>] [--region <region>]'

const HELP = `Keeps the callers of a stage: in the secret "callers", which has room for some hundred, or in the callers table.
  list               shows every caller, where it is listed, and each entry that no function takes
  move               moves what the secret lists into the table, and has the functions ask there. Wrong entries stay
  put <file>         puts the callers and issuers of a file into the table: JSON in the shape of the secret, of any length.
                     A key that is there is written over. Wrong entries are left out and named; correct them, and put it again
  revoke <callerId>  takes a caller out, wherever it is listed; also an item by its name in the list, such as key#0123456789ab
  --json             with list: the same as JSON, for scripts
  --keep             with move: items that the table has and the secret does not list count again
  --stage, --region  a deployed stage; without them the local one that runs
move and put may be run again at any time, and go on where they were.`

interface Asked {
  readonly argument: string
  readonly keep: boolean
  readonly isJson: boolean
}

type Work = (stage: CallersStage, asked: Asked, say: Say) => Promise<void>

const move: Work = async (stage, { keep }, say) => {
  const held = await stage.readSecret()
  const { callers, issuers, faults, rest } = judged(held.lists)
  if (!held.lists.table && !keep) await refuseStrays(stage, new Set(itemsOf({ callers, issuers }).keys()))
  const items = await putItems(stage, { callers, issuers })
  // Last: until then the functions go on with the secret as it was.
  if (items > 0 || !held.lists.table) await stage.replaceSecret({ ...rest, table: true }, held)
  say(`Moved: ${counted(callers.length, 'caller')} and ${counted(issuers.length, 'entry')} of issuers.`)
  say(
    'The functions ask the table within 330 s. Until then they go on with what they hold of the secret: an entry that you revoke before that ends with it.',
  )
  complain(faults, 'stays in the secret, where no function takes it')
}

/** Nobody asks the table yet: what is there may have been revoked since it was written. */
const refuseStrays = async (stage: CallersStage, known: ReadonlySet<string>): Promise<void> => {
  const strays = [...(await stage.items()).keys()].filter((pk) => !known.has(pk)).map(shownKey)
  if (strays.length === 0) return
  const some = strays.slice(0, MOST_NAMED).join(', ') + (strays.length > MOST_NAMED ? ', …' : '')
  throw new Error(
    `The table holds ${counted(strays.length, 'item')} that the secret does not list: ${some}. A move has broken off, or an older ` +
      'secret was put back. Nothing was done. Moving would have them count again: take each out with revoke, or add --keep.',
  )
}
const MOST_NAMED = 5

const put: Work = async (stage, { argument: file }, say) => {
  const { lists: held } = await stage.readSecret()
  if (!held.table)
    throw new Error(
      `The functions do not ask the table yet. Move the secret's entries there first: npm run callers -- move ${stage.options}`.trimEnd(),
    )
  const { callers, issuers, faults } = judged(readLists(file))
  const items = await putItems(stage, { callers, issuers })
  say(
    `Put: ${counted(callers.length, 'caller')} and ${counted(issuers.length, 'entry')} of issuers, ${counted(items, 'item')}. They count within a second.`,
  )
  complain(faults, 'was left out')
}

/** The entries that are good are done by now. */
const complain = (faults: ReturnType<typeof judged>['faults'], fate: string): void => {
  if (faults.length === 0) return
  const lines = faults.map(({ field, expected }) => `  ${field}: ${expected}`)
  throw new Error(`${counted(faults.length, 'entry')} ${fate}:\n${lines.join('\n')}`)
}

const readLists = (file: string): Lists => {
  const text = (() => {
    try {
      return readFileSync(file, 'utf8')
    } catch (error) {
      throw new Error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code}).`)
    }
  })()
  const json = (() => {
    try {
      return JSON.parse(text.trim()) as unknown
    } catch {
      throw new Error(`${file}: expected JSON.`)
    }
  })()
  const result = Lists.safeParse(json)
  if (!result.success) throw new Error(`${file}: ${describeFaults(result.error)}.`)
  return result.data
}

const counted = (count: number, one: string): string =>
  `${grouped(count)} ${count === 1 ? one : one.replace(/y$/, 'ie').concat('s')}`

/** The work of each word, and what its argument is called. */
const WORKS: Readonly<
  Record<string, { readonly argument?: string; readonly work: Work; readonly takes?: readonly string[] }>
> = {
  list: {
    takes: ['json'],
    work: async (stage, { isJson }, say) =>
      say(await (isJson ? listingAsJson(stage) : listing(stage, new Date()))),
  },
  move: { work: move, takes: ['keep'] },
  put: { argument: 'a file', work: put },
  revoke: { argument: 'a callerId', work: (stage, { argument }, say) => revoke(stage, argument, say) },
}

export const callersCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const options = {
      options: { ...STAGE_OPTIONS, keep: { type: 'boolean' }, json: { type: 'boolean' } } as const,
      allowPositionals: true,
      usage: USAGE,
    }
    const { values, positionals } = parseCommandLine(line, options)
    const [word = '', argument = '', ...more] = positionals
    const asked = Object.hasOwn(WORKS, word) ? WORKS[word] : undefined
    if (asked === undefined)
      throw usageError(`Say what to do: expected one of ${Object.keys(WORKS).join(', ')}.`, USAGE)
    if ((asked.argument === undefined) !== (argument === '') || more.length > 0)
      throw usageError(`${word}: expected ${asked.argument ?? 'nothing'} behind it.`, USAGE)
    refuseOthers(values, { word, takes: asked.takes ?? [] }, USAGE)
    const named = stageArguments(values, USAGE)
    const stage = openCallers(named)
    try {
      const isJson = values.json === true
      if (!isJson) say(`Stage ${stage.name} (${stage.place}):`)
      await asked.work(stage, { argument, keep: values.keep === true, isJson }, say)
    } catch (error) {
      throw new Error(failureText(error, stage.name, rights(stage.name)))
    } finally {
      stage.close()
    }
  },
}
