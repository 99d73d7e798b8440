/** Structured log lines: one JSON object a line, from a closed catalogue of codes and hand-picked fields. */

import { ERRORS, type ErrorCode } from './errors.ts'
import { METRICS, OUTCOMES, outcomeOf } from './metrics.ts'

/** What went well, or is worth knowing without having failed a request. */
type EventCode =
  | 'TOKEN_ISSUED'
  | 'ACCESS_TOKEN_ISSUED'
  | 'TOKEN_VALID'
  | 'AGENT_TOKEN_ISSUED'
  | 'AGENT_TOKEN_VALID'
  | 'TOKENS_REVOKED'
  | 'USER_WRITTEN'
  | 'USERS_WRITTEN'
  | 'USERS_SHOWN'
  | 'USERS_LISTED'
  | 'JWKS_SERVED'
  | 'SECRET_STALE_SERVED'
  | 'SECRET_CHANGED'
  | 'CALLERS_ENTRY_LEFT_OUT'
  | 'USER_IDS_SHARED'
  | 'ROTATION_STEP_DONE'
  | 'CHAT_TOKEN_ISSUED'
  | 'CHAT_RELAYED'
  | 'CHAT_CALL_RELAYED'
  | 'FILE_UPLOADED'
  | 'FILE_DOWNLOADED'
  | 'APP_CUBE_TOKEN_ISSUED'
  | 'OIAP_THIRD_PARTY_TOKEN_ISSUED'
  | 'LIVE_TOKEN_ISSUED'
  | 'LIVE_IM_TOKEN_ISSUED'
  | 'LIVE_RTC_TOKEN_ISSUED'
  | 'AUI_LIVE_TOKEN_ISSUED'
  | 'AUI_RTC_TOKEN_ISSUED'
  | 'MACHINE_TOKEN_FETCHED'
  | 'MACHINE_TOKEN_KEPT'
  | 'STORED_TOKEN_REJECTED'
  | 'VENDOR_REPLY_DEVIATES'
  | 'PREWARM_DONE'
  | 'WARM_UP_FAILED'
  | 'PRIMING_FAILED'
  | 'DOCTOR_DONE'
  | 'PROBE_DONE'
  | 'PROBE_FAILED'
  | 'PROBE_REFUSED'
  | 'PROBE_VENDOR_FAILED'

export type LogCode = EventCode | ErrorCode

/**
 * What keeps the service running rather than saying who did what. Every other line is an audit line, also one with a
 * code that is added later: marked with `audit`, and written whatever the level.
 */
const OPERATIONAL: ReadonlySet<LogCode> = new Set<LogCode>([
  'JWKS_SERVED',
  'CHAT_RELAYED',
  'SECRET_STALE_SERVED',
  'SECRET_CHANGED',
  'SECRET_MALFORMED',
  'CALLERS_ENTRY_LEFT_OUT',
  'USER_IDS_SHARED',
  'TOKEN_STORE_UNAVAILABLE',
  'MACHINE_TOKEN_KEPT',
  'VENDOR_REPLY_DEVIATES',
  'PREWARM_DONE',
  'WARM_UP_FAILED',
  'PRIMING_FAILED',
  'PROBE_DONE',
  'PROBE_FAILED',
  'PROBE_REFUSED',
  'PROBE_VENDOR_FAILED',
])

/** Some of these are also how an invocation may end: the line of a `function` is then a refusal. */
const isAuditLine = ({ code, function: ended }: LogFields): boolean =>
  !OPERATIONAL.has(code) || (ended !== undefined && code in ERRORS)

/**
 * Everything that a log line may carry. A new field is added here on purpose or not at all:
 * no token, key, secret, userName or part of a body, and userId only once it is verified.
 */
export interface LogFields {
  readonly code: LogCode
  readonly function?: string
  readonly requestId?: string
  readonly status?: number
  readonly durationMs?: number
  readonly bodyBytes?: number
  readonly tenantSpaceId?: string
  readonly system?: string
  readonly callerId?: string
  /** The subject: the user of a token or of an authenticated request. A keyed hash of it where the stage says so. */
  readonly userId?: string
  /** Of a revocation: whose tokens it ends. An agent and a user may have the same id. */
  readonly subjectKind?: 'user' | 'agent'
  /** The RTC channel that a token was asked for. */
  readonly channelId?: string
  /** Of a messaging token that may do more than a user's. */
  readonly role?: 'admin'
  /** What the directory was told about the user. */
  readonly userStatus?: 'active' | 'disabled' | 'deleted'
  /** How many users a request named, and how many of them could not be written. */
  readonly users?: number
  readonly usersFailed?: number
  /** Address of the client as API Gateway saw it. */
  readonly sourceIp?: string
  readonly jti?: string
  readonly kid?: string
  readonly field?: string
  /** What `field` was expected to be. Fixed sentences of schemas alone, which may name a code point, a number or known names. */
  readonly expected?: string
  readonly secret?: string
  /** The version of `secret` that the line is about, as Secrets Manager names it. */
  readonly secretVersion?: string
  readonly reason?: string
  readonly step?: string
  readonly upstreamStatus?: number
  readonly upstreamCode?: string
  readonly retryAfterSeconds?: number
  /** How many listed audiences an identity provider's token carries, where it is more than one. */
  readonly audiences?: number
  /** userId of more than the 24 characters that CEC's chat calls take. */
  readonly isUserIdLongForChat?: boolean
  /** What a run of the schedule has done: see PrewarmSummary. Of a doctor's, `found` is the number of causes. */
  readonly due?: number
  readonly found?: number
  readonly refreshed?: number
  readonly upToDate?: number
  readonly dropped?: number
  readonly failed?: number
  readonly endangered?: number
  readonly left?: number
  readonly withoutKey?: number
  readonly notListed?: number
  readonly isSweepUnfinished?: boolean
  /** Of a run of the prober: see ProbeSummary. */
  readonly asked?: number
  readonly refused?: number
  readonly vendorFailed?: number
  /** The request that the prober has asked with, as the log of the function that was asked has it. */
  readonly probedRequestId?: string
  /** Name and top frames of an error that nobody foresaw; its message is left out, since it may quote data. */
  readonly errorName?: string
  readonly frames?: readonly string[]
}

export type LogLevel = 'INFO' | 'WARN' | 'ERROR'

export interface Log {
  (level: LogLevel, fields: LogFields): void
  /** A request waits for it before its work begins. Never throws. Default: the log is ready. */
  readonly ready?: (deadline: { readonly remainingMs: () => number }) => Promise<void>
}

interface Metric {
  readonly name: string
  readonly code: LogCode
  readonly field?: keyof LogFields
}

const BY_STAGE: readonly Metric[] = METRICS

export interface LogOptions {
  readonly minimum: LogLevel
  readonly now: () => Date
  /** Takes one line, without its end. */
  readonly write: (line: string) => void
  /** The dimension of all metrics. Default `unknown`. */
  readonly stage?: string | undefined
}

/**
 * Writes lines of at least `minimum`. Audit lines, those with metrics, and whatever is at least a warning are written whatever it is: an alarm or a runbook
 * points to them. So WARN and ERROR leave out the same, which is daily business.
 */
export const jsonLog =
  ({ minimum, now, write, stage = 'unknown' }: LogOptions): Log =>
  (level, fields) => {
    const at = now()
    const metrics = embedded(fields, { level, at, stage })
    const isAudited = isAuditLine(fields)
    if (level === 'INFO' && minimum !== 'INFO' && metrics === undefined && !isAudited) return
    const line = {
      level,
      time: at.toISOString(),
      ...(isAudited ? { audit: true } : {}),
      ...fields,
      ...metrics,
    }
    write(ascii(JSON.stringify(line)))
  }

/** JSON escapes what is below a blank. What else could turn a terminal's text around or hide in it is escaped here. */
const ascii = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** CloudWatch's embedded metric format: metrics without a call, made from the log itself. Undefined for a line without. */
const embedded = (
  fields: LogFields,
  { level, at, stage }: { readonly level: LogLevel; readonly at: Date; readonly stage: string },
): object | undefined => {
  const { code, status } = fields
  const metrics = BY_STAGE.filter((metric) => metric.code === code)
  const outcome = outcomeOf({ code, status, isError: level === 'ERROR' })
  const groups = [
    { dimensions: ['stage'], names: metrics.map(({ name }) => name) },
    ...(outcome === undefined ? [] : [{ dimensions: OUTCOMES[outcome], names: [outcome] }]),
  ].filter(({ names }) => names.length > 0)
  if (groups.length === 0) return undefined
  return {
    stage,
    ...Object.fromEntries(
      metrics.map(({ name, field }) => [name, field === undefined ? 1 : (fields[field] ?? 0)]),
    ),
    ...(outcome === undefined ? {} : { [outcome]: 1 }),
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: groups.map(({ dimensions, names }) => ({
        Namespace: 'cec-token-bridge',
        Dimensions: [dimensions],
        Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
      })),
    },
  }
}

/** The fields that describe an unforeseen error without quoting it. */
export const describeUnforeseen = (error: unknown): Pick<LogFields, 'errorName' | 'frames'> =>
  error instanceof Error ? { errorName: error.name, frames: framesOf(error) } : { errorName: typeof error }

const framesOf = (error: Error): string[] =>
  (error.stack ?? '')
    // The stack begins with the message, whose lines may look like frames.
    .replace(`${error.name}: ${error.message}`, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
    .map((line) => line.trim())
