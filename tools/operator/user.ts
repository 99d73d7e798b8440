/** `npm run user`: enters, shows and deletes users of the directory, one by one or from a file. */

import type { Directory } from '../../lib/directory/directory.ts'
import { dynamoDirectory } from '../../lib/directory/dynamodb.ts'
import { TenantSpaceId } from '../../lib/schemas/ids.ts'
import { describeFaults } from '../../lib/schemas/issues.ts'
import { takenOf } from '../../lib/schemas/taken-callers.ts'
import { lastUserTokenEnds } from '../../lib/users/last-token.ts'
import { userWriter } from '../../lib/users/write.ts'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import {
  parseCommandLine,
  refuseOthers,
  STAGE_OPTIONS,
  stageArguments,
  UsageError,
  usageError,
} from './arguments.ts'
import { openCallers } from './callers/stage.ts'
import type { Command, Say } from './command.ts'
import { textOfFile } from './files.ts'
import { progress } from './progress.ts'
import { UserRow, usersIn } from './user/csv.ts'
import { importUsers, StateFileError } from './user/import.ts'

const USAGE =
  'npm run user -- put <tenantSpaceId> <userId> <userName> [--disabled] | get <tenantSpaceId> <userId> [--json] | delete <tenantSpaceId> <userId> | import <tenantSpaceId> <file> [--stage <stage>] [--region <region>]'

const HELP = `Keeps the users of a tenant in the directory.
  put <tenant> <userId> <userName>   enters a user, or renames and enables one; with --disabled shuts it out
  get <tenant> <userId>              shows name and status
  delete <tenant> <userId>           ends every token, lets none be issued, and forgets the name. The id is kept until the last
                                     token's life is over, so that no old token comes back with a new user of that id
  import <tenant> <file>             a CSV with the columns userId, userName and, if you like, status (active, disabled or deleted). All lines are
                                     checked before one is written. A run that breaks off goes on where it was, by <file>.progress
  --json                             with get: as JSON
  --stage, --region                  a deployed stage; without them the local one that runs
All of it is in force within a second.`

const DEADLINE = { remainingMs: () => 10_000 }
const MOST_FAULTS = 20

interface Asked {
  readonly directory: Directory
  readonly write: ReturnType<typeof userWriter>
  readonly tenantSpaceId: string
  readonly rest: readonly string[]
  readonly isDisabled: boolean
  readonly isJson: boolean
  readonly stage: string
  /** Stage and where it is: what an import that goes on must have in common with its beginning. */
  readonly place: string
}

type Work = (asked: Asked, say: Say) => Promise<void>

const put: Work = async ({ write, tenantSpaceId, rest: [userId, userName], isDisabled }, say) => {
  const status = isDisabled ? 'disabled' : 'active'
  const { data, error } = UserRow.safeParse({ userId, userName, status })
  if (error !== undefined) throw usageError(`${describeFaults(error)}.`, USAGE)
  await write({ ...data, tenantSpaceId }, DEADLINE)
  say(`Put: ${userId} of ${tenantSpaceId}, ${status}.`)
}

const get: Work = async (asked, say) => {
  const {
    tenantSpaceId,
    rest: [userId = ''],
    isJson,
  } = asked
  const user = await known(asked, userId)
  const { status } = user
  const name = user.status === 'deleted' ? {} : { userName: user.userName }
  if (isJson) say(JSON.stringify({ tenantSpaceId, userId, ...name, status }))
  else
    say(`${userId} of ${tenantSpaceId}: ${name.userName === undefined ? '' : `${name.userName}, `}${status}.`)
}

const remove: Work = async (asked, say) => {
  const {
    write,
    tenantSpaceId,
    rest: [userId = ''],
  } = asked
  await known(asked, userId)
  await write({ tenantSpaceId, userId, status: 'deleted' }, DEADLINE)
  say(
    `Deleted: ${userId} of ${tenantSpaceId}. Every token has ended, and none is issued. The name is gone; the id goes with the last token's life.`,
  )
}

const known = async ({ directory, tenantSpaceId }: Asked, userId: string) => {
  const { user } = await directory.admission({ tenantSpaceId, userId }, DEADLINE)
  if (user === undefined)
    throw new Error(
      `The directory of this stage has no user ${JSON.stringify(userId)} of ${tenantSpaceId}. Nothing was done.`,
    )
  return user
}

const importFile: Work = async ({ write, stage, place, tenantSpaceId, rest: [file = ''] }, say) => {
  const text = textOfFile(file)
  const { users, faults } = usersIn(text)
  if (faults.length > 0) {
    const more = faults.length > MOST_FAULTS ? [`  … and ${faults.length - MOST_FAULTS} more`] : []
    const lines = faults.slice(0, MOST_FAULTS).map((fault) => `  ${fault}`)
    throw new Error(`${file}: nothing was written.\n${[...lines, ...more].join('\n')}`)
  }
  const stateFile = `${file}.progress`
  const begun = await importUsers({
    write,
    place,
    tenantSpaceId,
    text,
    users,
    stateFile,
    progress: progress(),
  }).catch((error: unknown) => {
    if (error instanceof StateFileError) throw error
    const what = failureText(error, stage, rights(stage)).replace(/\.?$/, '.')
    throw new Error(`${what} Run the command again: it goes on where it was.`)
  })
  const resumed = begun === 0 ? '' : ` A run before had written ${begun} of them.`
  say(`Imported: ${users.length} users of ${tenantSpaceId}.${resumed}`)
}

interface Word {
  readonly work: Work
  /** What stands behind the tenant. */
  readonly behind: readonly string[]
  /** Its options. Default none but the stage's. */
  readonly takes?: readonly string[]
}

const WORDS: Readonly<Record<string, Word>> = {
  put: { work: put, behind: ['a userId', 'a userName'], takes: ['disabled'] },
  get: { work: get, behind: ['a userId'], takes: ['json'] },
  delete: { work: remove, behind: ['a userId'] },
  import: { work: importFile, behind: ['a file'] },
}

const OPTIONS = { ...STAGE_OPTIONS, disabled: { type: 'boolean' }, json: { type: 'boolean' } } as const

export const userCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values, positionals } = parseCommandLine(line, {
      options: OPTIONS,
      allowPositionals: true,
      usage: USAGE,
    })
    const [name = '', tenantSpaceId = '', ...rest] = positionals
    const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
    if (word === undefined)
      throw usageError(`Say what to do: expected one of ${Object.keys(WORDS).join(', ')}.`, USAGE)
    if (rest.length !== word.behind.length)
      throw usageError(
        `${name}: expected ${['a tenantSpaceId', ...word.behind].join(' and ')} behind it.`,
        USAGE,
      )
    refuseOthers(values, { word: name, takes: word.takes ?? [] }, USAGE)
    if (!TenantSpaceId.safeParse(tenantSpaceId).success)
      throw usageError('<tenantSpaceId>: expected 1 to 64 letters, digits, underscores or hyphens.', USAGE)
    const { stage, region } = stageArguments(values, USAGE)
    const place = enterStage(stage, region)
    const directory = dynamoDirectory({ table: `cec-token-bridge-${stage}-directory`, random: Math.random })
    const callers = openCallers({ stage, region })
    const lastToken = async (): Promise<number> =>
      lastUserTokenEnds(new Date(), takenOf((await callers.readSecret()).lists))
    const asked = {
      ...{ directory, write: userWriter({ directory, lastToken }), tenantSpaceId, rest },
      ...{
        isDisabled: values.disabled === true,
        isJson: values.json === true,
        stage,
        place: `${stage} ${place}`,
      },
    }
    try {
      if (!asked.isJson) say(`Stage ${stage} (${place}):`)
      await word.work(asked, say)
    } catch (error) {
      if (error instanceof UsageError) throw error
      throw new Error(failureText(error, stage, rights(stage)))
    } finally {
      callers.close()
    }
  },
}

const rights = (stage: string): string =>
  `dynamodb:BatchGetItem and UpdateItem on cec-token-bridge-${stage}-directory, and to delete secretsmanager:GetSecretValue on cec-token-bridge/${stage}/callers`
