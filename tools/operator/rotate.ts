/** `npm run rotate`: starts a rotation of the signing key and shows what happens; drops a key that has leaked. */

import { PUBLICATION_LEAD_SECONDS } from '../../lib/signing-keys/key-ring.ts'
import { failureText } from '../local/next-step.ts'
import { optionsOf } from './arguments.ts'
import type { Command, Say } from './command.ts'
import { parseArguments, type RotateArguments, USAGE } from './rotate/arguments.ts'
import { type Keys, keyList, keysOf, keyTable, timeOf } from './rotate/keys.ts'
import { type OpenStage, openStage } from './rotate/stage.ts'
import { watchRotation } from './rotate/watch.ts'

/** How far this machine's clock may be behind. */
const CLOCKS_APART_SECONDS = 60

const DEADLINE = { remainingMs: () => 10_000 }

/**
 * Does what the arguments say, and returns the keys afterwards. Throws a sentence that says what to do when it cannot; asked again, it
 * goes on from there.
 */
export const rotate = async (args: RotateArguments, stage: OpenStage, say: Say): Promise<Keys> => {
  const before = keysOf(await stage.jwks())
  say(`Stage ${stage.name} (${stage.place}):\n${keyTable(before)}\n`)
  if (args.compromised !== undefined) return drop(args.compromised, before, { args, stage, say })
  // First: a rotation that is given up for one that may not begin is lost.
  refuseTooEarly(before)
  await clearTheWay(args.beginAnew, stage, say)
  const after = await rotateNow(before, stage, say)
  say(
    `\nDone. Functions take the new key within 300 s. What the old one signed stays good to its end.\n${keyTable(after)}`,
  )
  return after
}

const drop = async (
  kids: readonly string[],
  before: Keys,
  { args, stage, say }: { readonly args: RotateArguments; readonly stage: OpenStage; readonly say: Say },
): Promise<Keys> => {
  if (kids.length === 0) throw new Error(namingText(before, args))
  const revoked = await stage.directory.revokedKeys(kids, DEADLINE)
  const published = new Set(before.all.map(({ kid }) => kid))
  const unknown = kids.filter((kid) => !published.has(kid) && !revoked.has(kid))
  if (unknown.length > 0) {
    throw new Error(`No such key: ${unknown.join(', ')}. Nothing was done.\n${namingText(before, args)}`)
  }
  for (const kid of kids) {
    await stage.directory.revokeKey(kid, DEADLINE)
    say(
      `Dropped: ${kid}. From within a second nothing that it signed is accepted, and nothing is signed with it.`,
    )
  }
  const isUnfinished = await clearTheWay(true, stage, say)
  if (!isUnfinished && kids.every((kid) => !published.has(kid))) {
    say('Rotation has already gone on without it: there is nothing left to do.')
    return before
  }
  const after = await rotateNow(before, stage, say)
  say(`\nDone. ${consequences(before, after, kids)}\n${keyTable(after)}`)
  return after
}

const rotateNow = async (before: Keys, stage: OpenStage, say: Say): Promise<Keys> => {
  say('Rotating:')
  return watchRotation(stage, { versionId: await stage.rotate(), before }, say)
}

/** AWS refuses a rotation while AWSPENDING stands elsewhere than AWSCURRENT. Returns whether it did. */
const clearTheWay = async (beginAnew: boolean, stage: OpenStage, say: Say): Promise<boolean> => {
  const versions = Object.entries(await stage.versions())
  const [pending] =
    versions.find(([, held]) => held.includes('AWSPENDING') && !held.includes('AWSCURRENT')) ?? []
  if (pending === undefined) return false
  if (!beginAnew) {
    throw new Error(
      `A rotation has not finished (version ${pending}). AWS goes on with it by itself. ` +
        'To give it up and begin another, add --begin-anew.',
    )
  }
  await stage.giveUp(pending)
  say(`Given up: the rotation that had not finished, version ${pending}.`)
  return true
}

/** The rotation function would refuse as well, and leave a rotation that has not finished. */
const refuseTooEarly = ({ next }: Keys): void => {
  // What is said to be public from later on is put right by a rotation.
  if (next === undefined || next.publishedAt > Date.now() / 1000 + CLOCKS_APART_SECONDS) return
  const from = next.publishedAt + PUBLICATION_LEAD_SECONDS
  if (Date.now() / 1000 >= from) return
  throw new Error(
    `Too early: the next key must be public for ${PUBLICATION_LEAD_SECONDS} s before it signs, or tokens would be refused. ` +
      `Nothing was begun. Run this again after ${timeOf(from)}; for a key that has leaked, see --compromised.`,
  )
}

const namingText = ({ active, next }: Keys, { stage, region }: RotateArguments): string => {
  const command = (kids: readonly string[]) =>
    `  npm run rotate -- ${optionsOf(stage, region)}--compromised ${kids.join(' ')}`
  const kids = [active, next].flatMap((key) => (key === undefined ? [] : [key.kid]))
  if (kids.length === 0) return 'There are no keys to drop.'
  return (
    `Name the key to drop. The key that signs:\n${command(kids.slice(0, 1))}\n` +
    `Both, when somebody may have read the secret itself:\n${command(kids)}`
  )
}

const consequences = (before: Keys, after: Keys, kids: readonly string[]): string => {
  const isNewActive = after.active?.kid !== before.active?.kid
  const publishedAt = before.all.find(({ kid }) => kid === after.active?.kid)?.publishedAt
  const isYoung = publishedAt === undefined || Date.now() / 1000 - publishedAt < PUBLICATION_LEAD_SECONDS
  return [
    `${kids.join(' and ')}: refused here, and in no copy of the JWKS that is fetched 300 s from now or later.`,
    ...(isNewActive ? ['A function that has tried to sign meanwhile answers 503 for up to 30 s.'] : []),
    ...(isNewActive && isYoung
      ? [
          'The key that signs now is young: its tokens may be refused for up to 300 s, 1,200 s while Secrets Manager is down.',
        ]
      : []),
  ].join('\n')
}

const rights = (stage: string): string =>
  `secretsmanager:DescribeSecret, RotateSecret and UpdateSecretVersionStage on cec-token-bridge/${stage}/signing-key, ` +
  `secretsmanager:GetSecretValue on cec-token-bridge/${stage}/jwks, lambda:InvokeFunction on cec-token-bridge-${stage}-rotateSigningKey, ` +
  `and dynamodb:BatchGetItem and PutItem on cec-token-bridge-${stage}-directory`

const HELP = `Starts a rotation of the signing keys and shows each step. Run it again and it goes on from where it was.
  --stage, --region    a deployed stage; without them the local one that runs
  --begin-anew         give up a rotation that has not finished
  --compromised <kid>  drop keys that have leaked, with every token of theirs; without a key id it shows which there are
  --json               prints the keys afterwards as JSON, and nothing on the way`

export const rotateCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const args = parseArguments(line)
    const stage = openStage(args.stage, args.region)
    try {
      const after = await rotate(args, stage, args.isJson ? () => undefined : say)
      if (args.isJson) say(JSON.stringify({ stage: stage.name, keys: keyList(after) }, null, 2))
    } catch (error) {
      throw new Error(failureText(error, args.stage, rights(args.stage)))
    } finally {
      stage.close()
    }
  },
}
