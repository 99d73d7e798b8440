/** Structured log lines: one JSON object a line, from a closed catalogue of codes and hand-picked fields. */

import type { ErrorCode } from './errors.ts'

/** What went well, or is worth knowing without having failed a request. */
type EventCode =
  | 'TOKEN_ISSUED'
  | 'ACCESS_TOKEN_ISSUED'
  | 'TOKEN_VALID'
  | 'TOKENS_REVOKED'
  | 'USER_WRITTEN'
  | 'JWKS_SERVED'
  | 'SECRET_STALE_SERVED'
  | 'ROTATION_STEP_DONE'
  | 'CHAT_TOKEN_ISSUED'
  | 'CHAT_RELAYED'
  | 'APP_CUBE_TOKEN_ISSUED'
  | 'LIVE_TOKEN_ISSUED'

export type LogCode = EventCode | ErrorCode

/**
 * Everything that a log line may carry. A new field is added here on purpose or not at all:
 * no token, key, secret, userName or part of a body, and userId only in audit lines.
 */
export interface LogFields {
  readonly code: LogCode
  readonly function?: string
  readonly requestId?: string
  readonly status?: number
  readonly durationMs?: number
  readonly bodyBytes?: number
  readonly tenantSpaceId?: string
  readonly callerId?: string
  readonly jti?: string
  readonly kid?: string
  readonly field?: string
  readonly secret?: string
  readonly reason?: string
  readonly step?: string
  readonly upstreamStatus?: number
  readonly upstreamCode?: string
  readonly retryAfterSeconds?: number
  /** userId of more than the 24 characters that CEC's chat calls take. */
  readonly isUserIdLongForChat?: boolean
  /** Name and top frames of an error that nobody foresaw; its message is left out, since it may quote data. */
  readonly errorName?: string
  readonly frames?: readonly string[]
}

export type LogLevel = 'INFO' | 'WARN' | 'ERROR'
const RANK: Record<LogLevel, number> = { INFO: 0, WARN: 1, ERROR: 2 }

export type Log = (level: LogLevel, fields: LogFields) => void

/** Writes lines of at least `minimum`. */
export const jsonLog =
  (minimum: LogLevel, now: () => Date, write: (line: string) => void): Log =>
  (level, fields) => {
    if (RANK[level] < RANK[minimum]) return
    write(JSON.stringify({ level, time: now().toISOString(), ...fields }))
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
