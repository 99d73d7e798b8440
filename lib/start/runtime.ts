/** What a function takes from its process. Passed in, so that tests bring their own clock, randomness and log. */

import { randomBytes } from 'node:crypto'
import { processClock } from '../concurrency/sandbox-time.ts'
import { jsonLog, type Log, type LogLevel } from '../log.ts'
import type { SecretSource } from '../secrets/source.ts'

export interface Runtime {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** 0 ≤ x < 1, for jitter and for where a user's epochs begin. Never for ids. */
  readonly random: () => number
  /** 128 random bits as base64url. */
  readonly newId: () => string
  /** Writes one log line. */
  readonly writeLine: (line: string) => void
  /** Where secrets come from. Default AWS Secrets Manager. */
  readonly secretSource?: SecretSource
  /** Told of the reads of secrets that begin while the sandbox starts. They never fail. Default nobody. */
  readonly onPrefetch?: (reads: Promise<unknown>) => void
}

export const processRuntime = (): Runtime => ({
  env: process.env,
  now: processClock,
  random: Math.random,
  newId: () => randomBytes(16).toString('base64url'),
  writeLine: (line) => console.log(line),
})

export const runtimeLog = ({ env, now, writeLine }: Runtime, minimum: LogLevel): Log =>
  jsonLog({ minimum, now, write: writeLine, stage: env['STAGE'] })
