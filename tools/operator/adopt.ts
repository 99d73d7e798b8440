/** `npm run adopt`: takes what a removed stage has left behind into its stack again, so that the stage can be deployed. */

import { createInterface } from 'node:readline/promises'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import { type Account, awsAccount, type Found } from './adopt/account.ts'
import { type AdoptArguments, parseArguments, USAGE } from './adopt/arguments.ts'
import { type Kept, keptOfStage } from './adopt/kept.ts'
import { awsStack, type Stack } from './adopt/stack.ts'
import type { Command, Say } from './command.ts'

export interface AdoptDeps {
  readonly account: Account
  readonly stack: Pick<Stack, 'holds' | 'takeIn'>
  /** Asks the operator. False for no. Throws where nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>
  readonly say: Say
}

type Left = Kept & Found

export interface Adopted {
  readonly restored: readonly string[]
  readonly adopted: readonly string[]
}

/**
 * Restores the secrets that are marked for deletion, once the operator agrees, and has the stack take in all that stays and is not
 * in it, and returns the names of both. Writes no value and changes no setting: a secret, a table and a log group stay as they are. Does nothing twice.
 */
export const adopt = async (
  { stage, region, isConfirmed }: Omit<AdoptArguments, 'isJson'>,
  kept: readonly Kept[],
  { account, stack, confirm, say }: AdoptDeps,
): Promise<Adopted> => {
  const held = await stack.holds()
  const left: Left[] = []
  for (const resource of kept) {
    const found = await account(resource.type, resource.name)
    if (found !== undefined) left.push({ ...resource, ...found })
  }
  const marked = left.filter(({ restore }) => restore !== undefined)
  const restored = namesOf(marked)
  const names = restored.map((name) => `  ${name}`).join('\n')
  if (marked.length > 0) {
    say(
      `Marked for deletion. Its name stays taken until the day of deletion, so it must be restored:\n${names}`,
    )
    if (!isConfirmed && !(await confirm('Restore it as it was?'))) throw new Error(declined(marked))
    for (const { restore } of marked) await restore?.()
    say('Restored.')
  }
  const outside = left.filter(({ id }) => !held.has(id))
  if (outside.length === 0) {
    say('Nothing is left behind outside the stack: there is nothing to adopt.')
    return { restored, adopted: [] }
  }
  say(`Left behind, as it is:\n${outside.map(({ name }) => `  ${name}`).join('\n')}`)
  await stack.takeIn(outside)
  say(
    'Adopted: all of it is in the stack, with its values, and nothing was written.\n' +
      `Now: npx serverless deploy --stage ${stage} --region ${region}\n` +
      'The deployment rotates the signing keys once. Tokens of before stay good to their end.',
  )
  return { restored, adopted: namesOf(outside) }
}

const namesOf = (resources: readonly Left[]): string[] => resources.map(({ name }) => name)

const declined = (marked: readonly Left[]): string =>
  'Nothing was done. To be rid of it instead, and begin with an empty one: ' +
  marked
    .map(({ name }) => `aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery`)
    .join('; ')

const refuseToAsk = async (): Promise<never> => {
  throw new Error('Nothing was done: nobody can be asked here. Add --yes to have it restored.')
}

/** Throws where standard input is no terminal. */
const confirmAtTerminal = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return refuseToAsk()
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

const RIGHTS =
  'what the deployment needs, and secretsmanager:DescribeSecret, secretsmanager:RestoreSecret, dynamodb:DescribeTable and logs:DescribeLogGroups'

const HELP = `"serverless remove" keeps the directory, the callers table, the secrets signing-key, jwks and callers, and the logs. A new deployment
of the stage would find their names taken. This takes them into the stack as they are, so that it goes on with them; no value is written.
  --stage, --region   the stage, as for the deployment
  --param <n>=<v>     a parameter that the deployment gets on its command line; those in serverless.yml are known
  --yes               restore a secret that is marked for deletion without asking
  --json              prints what was restored and adopted as JSON, and nothing on the way; asks nothing`

export const adoptCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const args = parseArguments(line)
    say(`Stage ${args.stage} (${enterStage(args.stage, args.region)}): packaging, to see what of it stays …`)
    const kept = await keptOfStage(args)
    const stack = awsStack(args.stage)
    try {
      const done = await adopt(args, kept, {
        account: awsAccount(),
        stack,
        // Nobody reads a question among a script's output.
        confirm: args.isJson ? refuseToAsk : confirmAtTerminal,
        say: args.isJson ? () => undefined : say,
      })
      if (args.isJson) say(JSON.stringify({ stage: args.stage, ...done }, null, 2))
    } catch (error) {
      throw new Error(failureText(error, args.stage, RIGHTS))
    } finally {
      stack.close()
    }
  },
}
