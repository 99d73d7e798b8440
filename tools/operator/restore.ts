/** `npm run restore`: what follows a restore of the directory's table, so that nothing comes back that was ended. */

import { createHash } from 'node:crypto'
import { dynamoDirectory } from '../../lib/directory/dynamodb.ts'
import { hashedUserId } from '../../lib/schemas/log-key.ts'
import { awsSecretSource } from '../../lib/secrets/aws.ts'
import { JWKS, LOG_KEY } from '../../lib/secrets/definitions.ts'
import { readOrInitial } from '../../lib/secrets/initial.ts'
import { parsed } from '../../lib/secrets/parsed.ts'
import { failureText } from '../local/next-step.ts'
import { enterStage } from '../local/stage-environment.ts'
import type { Command, Say } from './command.ts'
import { textOfFile } from './files.ts'
import { progress } from './progress.ts'
import { type Asked, askedIn, directoryOf, USAGE } from './restore/arguments.ts'
import { type Audit, auditOf } from './restore/audit.ts'
import { type Done, restore } from './restore/run.ts'
import { stateFile } from './restore/state.ts'
import { openTables } from './restore/tables.ts'
import { knownOfStage } from './restore/tenants.ts'

const HELP = `Follows a restore of the directory's table by point-in-time recovery: docs/restore.md has every step.
  --since <moment>      what the table was restored to, such as 2026-11-29T06:00:00Z
  --audit <file>        the functions' log lines since then, one a line; the users that they delete are deleted again, and
                        those that they disable are disabled
  --from <table>        the table that was restored beside the stage's own: its items are put back into that one. Without it
                        the stage's own table was restored under its own name
  --until <moment>      with --from: a moment before the lines were exported. Users who were deleted before it come back where no
                        line deletes them. Without it whoever is deleted in the stage's own table stays deleted
  --tenants <file>      further tenants, one a line: of whom neither the tables, nor the callers, the settings or the lines know
  --revoked-key <kid>   a signing key that was dropped since then. May be repeated; those that the lines name are known
  --stage, --region     a deployed stage; without them the local one that runs
Every tenant's epoch is raised, before and after: all tokens of before end, and pages ask for new ones. Whoever is disabled in the stage's
own table stays disabled. A run that breaks off goes on where it was, by <file>.progress; one that is repeated puts no item back again.`

export const restoreCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const asked = askedIn(line)
    const { at } = asked
    const place = enterStage(at.stage, at.region)
    say(`Stage ${at.stage} (${place}):`)
    await followRestore(asked, say).catch((error: unknown) => {
      throw new Error(failureText(error, at.stage, rights(at.stage)))
    })
  },
}

const followRestore = async (asked: Asked, say: Say): Promise<void> => {
  const { at, since, auditFile, from, until, revokedKeys } = asked
  const progressFile = `${auditFile}.progress`
  const text = textOfFile(auditFile)
  const audit = auditOf(text, since)
  say(`${audit.lines} lines since then, ${audit.changes} of which say what a user was made.`)
  if (audit.audited === 0) throw new Error(NO_AUDIT_LINE)
  const directory = directoryOf(at.stage)
  const of = createHash('sha256')
    .update([directory, from, since, until?.getTime(), text].join('\n'))
    .digest('hex')
  const tables = openTables(directory)
  const shown = progress()
  const known = await knownOfStage(at)
  const logKeys = await logKeysOf(at.stage)
  try {
    const done = await restore({
      ...{ tables, audit, until, names: { directory, restored: from } },
      directory: dynamoDirectory({ table: directory, random: Math.random }),
      tenants: new Set([...asked.tenants, ...known.tenants]),
      keepUntil: known.keepUntil,
      namesOf: (userId) => [userId, ...logKeys.map((key) => hashedUserId(key, userId))],
      hasLogKey: logKeys.length > 0,
      revokedKeys: [...new Set([...revokedKeys, ...audit.revokedKeys])],
      keyEnds: await keyEnds(at.stage),
      state: stateFile(progressFile, of),
      now: () => new Date(),
      tell: shown.show,
    })
    shown.end()
    say(summary(done, audit))
    if (done.isRepeated)
      say(
        `An earlier run has done the items of these lines, and they were left alone. If the table was lost again since, delete ${progressFile} first.`,
      )
  } finally {
    tables.close()
  }
}

/** An empty file is what an export from another place or under a mistyped filter leaves. */
const NO_AUDIT_LINE =
  '--audit: expected an audit line, of any time. Nothing was done. Export them anew by step 3 of docs/restore.md. Where the stage wrote none since then, begin that export earlier: what was before --since is passed over.'

const summary = ({ tenants, put, deleted, disabled, keys, unmatched }: Done, audit: Audit): string =>
  [
    `Tenants whose tokens of before have all ended: ${tenants}.`,
    `Items put back: ${put}. Users deleted again: ${deleted}. Users disabled again: ${disabled}. Signing keys ended: ${keys}.`,
    ...(unmatched.length === 0
      ? []
      : [
          `Hashes of deleted or disabled users that no user has: ${unmatched.length} (${unmatched.slice(0, MOST_NAMED).join(', ')}). These users were entered since then, or the key of the hashes was another one: then they are back.`,
        ]),
    audit.changes > 0
      ? 'No log has a name: users who were entered or renamed since then must be sent again by their back ends.'
      : 'No line says what a user was made: check that the file has the lines of putUser and batchUsers.',
  ].join('\n')

/** How many hashes are told. */
const MOST_NAMED = 20

/** What logs hash ids with: now, and before the last change of the key. None where the stage has no such secret. */
const logKeysOf = async (stage: string): Promise<readonly string[]> => {
  const name = `cec-token-bridge/${stage}/${LOG_KEY.name}`
  const keys: string[] = []
  for (const version of ['AWSCURRENT', 'AWSPREVIOUS'] as const) {
    const read = await awsSecretSource()
      .read(name, version)
      .catch((error: { readonly reason?: string }) => {
        if (error.reason === 'ResourceNotFoundException') return undefined
        throw error
      })
    if (read !== undefined) keys.push(parsed(name, read.value, LOG_KEY.schema).key)
  }
  return keys
}

/** Of the signing keys that have retired, as the secret says it. */
const keyEnds = async (stage: string): Promise<ReadonlyMap<string, number>> => {
  const name = `cec-token-bridge/${stage}/${JWKS.name}`
  const { value } = await readOrInitial(awsSecretSource(), name, {
    stage: 'AWSCURRENT',
    initial: JWKS.initial,
  })
  const { keys } = parsed(name, value, JWKS.schema)
  return new Map(keys.flatMap(({ kid, verifyUntil }) => (verifyUntil ? [[kid, verifyUntil] as const] : [])))
}

const rights = (stage: string): string =>
  `dynamodb:Scan, GetItem, PutItem and UpdateItem on ${directoryOf(stage)} and Scan on the restored table and on ` +
  `cec-token-bridge-${stage}-callers, secretsmanager:GetSecretValue on callers, jwks and log-key of cec-token-bridge/${stage}, and ListSecrets`
