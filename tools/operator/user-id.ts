/** `npm run user-id`: the userId that a user of an identity provider has here, by an entry with `userIdForm: "sha256-24"`; and by what logs name a user. */

import { hashedUserId } from '../../lib/schemas/log-key.ts'
import { derivedUserId } from '../../lib/schemas/user-id-form.ts'
import { awsSecretSource } from '../../lib/secrets/aws.ts'
import { LOG_KEY } from '../../lib/secrets/definitions.ts'
import { parsed } from '../../lib/secrets/parsed.ts'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import {
  parseCommandLine,
  STAGE_OPTIONS,
  type StageArguments,
  stageArguments,
  usageError,
} from './arguments.ts'
import type { Command } from './command.ts'

const USAGE =
  'npm run user-id -- <issuer> <claim value>… [--json] | --log <userId>… [--json] [--stage <stage>] [--region <region>]'

const HELP = `Prints the userId of each user of an identity provider whose entry says "userIdForm": "sha256-24".
  <issuer>        exactly as the entry and the tokens have it, with its final slash if it has one
  <claim value>   what the entry's userClaim holds, such as the sub
It is the first 24 characters of lower-case base32 of SHA-256 over "<length>:<issuer><length>:<value>". The same in a shell, for
an issuer and a value of ASCII: printf '%d:%s%d:%s' "\${#I}" "$I" "\${#V}" "$V" | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | cut -c1-24
  --log <userId>…   by what the logs of a stage name these users, where its parameter logUserIds is "hashed"
  --json            prints a list with each value and its userId, or each userId and its hash
  --stage, --region a deployed stage; without them the local one that runs`

const OPTIONS = { ...STAGE_OPTIONS, log: { type: 'boolean' }, json: { type: 'boolean' } } as const

export const userIdCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values, positionals } = parseCommandLine(line, {
      options: OPTIONS,
      allowPositionals: true,
      usage: USAGE,
    })
    const isJson = values.json === true
    if (values.log === true) {
      const hashes = await hashesOf(stageArguments(values, USAGE), positionals)
      if (isJson) say(JSON.stringify(hashes, null, 2))
      else for (const { hash } of hashes) say(hash)
      return
    }
    const [option] = (['stage', 'region'] as const).filter((name) => values[name] !== undefined)
    if (option !== undefined) throw usageError(`--${option} goes with --log.`, USAGE)
    const users = derived(positionals)
    if (isJson) say(JSON.stringify(users, null, 2))
    else for (const { userId } of users) say(userId)
  },
}

const derived = ([issuer = '', ...values]: readonly string[]) => {
  if (!/^https?:\/\//.test(issuer)) throw usageError('Name the issuer, as the entry has it.', USAGE)
  if (values.length === 0 || values.includes(''))
    throw usageError("Name the value of the user's claim.", USAGE)
  return values.map((value) => ({ value, userId: derivedUserId(issuer, value) }))
}

/** By what the logs of a stage name these users. */
const hashesOf = async ({ stage, region }: StageArguments, userIds: readonly string[]) => {
  if (userIds.length === 0 || userIds.includes('')) throw usageError('--log: name a userId.', USAGE)
  enterStage(stage, region)
  const name = `cec-token-bridge/${stage}/${LOG_KEY.name}`
  const { value } = await awsSecretSource()
    .read(name, 'AWSCURRENT')
    .catch((error: unknown) => {
      const { reason } = error as { readonly reason?: string }
      if (reason === 'ResourceNotFoundException')
        throw new Error(`The stage ${stage} has no secret ${LOG_KEY.name}: its logs name users by their ids.`)
      throw new Error(failureText(error, stage, `secretsmanager:GetSecretValue on ${name}`))
    })
  const { key } = parsed(name, value, LOG_KEY.schema)
  return userIds.map((userId) => ({ userId, hash: hashedUserId(key, userId) }))
}
