/** The command line of `npm run restore`. */

import { TenantSpaceId } from '../../../lib/schemas/ids.ts'
import {
  parseCommandLine,
  STAGE_OPTIONS,
  type StageArguments,
  stageArguments,
  usageError,
} from '../arguments.ts'
import { textOfFile } from '../files.ts'

export const USAGE =
  'npm run restore -- --since <moment> --audit <file> [--from <table>] [--until <moment>] [--tenants <file>] [--revoked-key <kid>] [--stage <stage>] [--region <region>]'

const OPTIONS = {
  ...STAGE_OPTIONS,
  since: { type: 'string' },
  audit: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  tenants: { type: 'string' },
  'revoked-key': { type: 'string', multiple: true },
} as const

export interface Asked {
  readonly at: StageArguments
  readonly since: number
  readonly auditFile: string
  readonly from: string | undefined
  readonly until: Date | undefined
  readonly tenants: readonly string[]
  readonly revokedKeys: readonly string[]
}

/** The table of a stage's directory. */
export const directoryOf = (stage: string): string => `cec-token-bridge-${stage}-directory`

/** Throws UsageError for what it does not know, and a sentence for a file that cannot be read. */
export const askedIn = (line: readonly string[]): Asked => {
  const { values } = parseCommandLine(line, { options: OPTIONS, usage: USAGE })
  const at = stageArguments(values, USAGE)
  const since = momentOf('since', values.since)
  if (since > Date.now()) throw usageError('--since: expected a moment that has passed.', USAGE)
  const until = values.until === undefined ? undefined : new Date(momentOf('until', values.until))
  if (until !== undefined && (values.from === undefined || until.getTime() < since || until > new Date()))
    throw usageError('--until: goes with --from, and is a moment after --since that has passed.', USAGE)
  if (values.audit === undefined || values.audit === '-')
    throw usageError('--audit: name the file of the log lines.', USAGE)
  // A table may be named by its ARN as well.
  if (values.from?.split('/').at(-1) === directoryOf(at.stage))
    throw usageError(
      "--from: expected another table than the stage's own directory. Where that was restored under its own name, leave --from out.",
      USAGE,
    )
  const revokedKeys = values['revoked-key'] ?? []
  if (!revokedKeys.every((kid) => KEY_ID.test(kid)))
    throw usageError(
      '--revoked-key: expected the id of a key: 43 letters, digits, underscores or hyphens.',
      USAGE,
    )
  return {
    ...{ at, since, auditFile: values.audit, from: values.from, until, revokedKeys },
    tenants: values.tenants === undefined ? [] : tenantsIn(values.tenants),
  }
}

/** An RFC 7638 thumbprint. */
const KEY_ID = /^[A-Za-z0-9_-]{43}$/

const momentOf = (name: string, text = ''): number => {
  const moment = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(moment))
    throw usageError(`--${name}: expected a moment, such as 2026-11-29T06:00:00Z.`, USAGE)
  return moment
}

const tenantsIn = (file: string): readonly string[] => {
  const lines = textOfFile(file).split('\n')
  const at = lines.findIndex((line) => !namesIn(line).every((name) => TenantSpaceId.safeParse(name).success))
  if (at >= 0)
    throw usageError(
      `--tenants: line ${at + 1}: expected 1 to 64 letters, digits, underscores or hyphens.`,
      USAGE,
    )
  return lines.flatMap(namesIn)
}

const namesIn = (line: string): readonly string[] => line.split(/\s+/).filter(Boolean)
