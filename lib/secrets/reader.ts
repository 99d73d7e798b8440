/** The cached, validated, versioned reader of secrets: what every part of this system reads them through. */

import { createHash } from 'node:crypto'
import type * as z from 'zod/mini'
import { boundedMap } from '../concurrency/bounded-map.ts'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { cacheTime } from '../concurrency/sandbox-time.ts'
import { BridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Remark } from '../schemas/remarks.ts'
import { failedRead, STAND_INS } from './failure.ts'
import {
  freshnessOf,
  heldSecret,
  mayForce,
  SECRET_LIMITS,
  type Secret,
  type SecretEntry,
  type SecretLimits,
} from './freshness.ts'
import { readOrInitial } from './initial.ts'
import { parsed } from './parsed.ts'
import type { SecretSource, SecretVersion } from './source.ts'

export interface SecretReaderDeps {
  readonly source: SecretSource
  /** First part of every name, such as `cec-token-bridge/prod`. */
  readonly prefix: string
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly log: Log
  readonly limits?: SecretLimits
}

/** A secret by the rest of its name, and the shape it must have. */
export interface SecretDefinition<T> {
  readonly name: string
  readonly schema: z.ZodMiniType<T>
  /** The text that counts while nothing was ever written into the secret. Default none: reading fails then. */
  readonly initial?: string
  /** What the log is told of a value that is taken all the same, once for each version. Default nothing. */
  remarks?(value: T): readonly Remark[]
}

export interface ReadOptions {
  readonly deadline: Deadline
  /** Ask again although the value is fresh. Granted once per `forcedReadSeconds`; otherwise as without it. */
  readonly force?: boolean
}

export interface SecretReader {
  /**
   * The secret's current value. Within its age from memory; calls at the same time share one read.
   * Throws SECRET_UNAVAILABLE, SECRET_KMS_REFUSED, SECRET_MALFORMED (names secret, field and what was expected, never the value), DEADLINE_EXCEEDED.
   * The same value is the same object until its version changes, so what is derived from it can hang on it.
   */
  readonly read: <T>(definition: SecretDefinition<T>, options: ReadOptions) => Promise<Secret<T>>
}

interface Entry extends SecretEntry {
  readonly name: string
  /** Of the version that was taken last, also where it is held no more: of its text a digest alone. */
  taken?: string
  inFlight?: ReadInFlight
}

interface ReadInFlight {
  readonly read: Promise<Secret<unknown>>
  /** By the sandbox's time. */
  readonly joinableUntil: number
  readonly isForced: boolean
}

/** One or two kilobytes each with what is parsed of it, 64 KB at the worst. The one used longest ago goes. */
const MOST_SECRETS = 5_000

/** The source ends a read by itself within a few seconds; one that took longer was frozen in between. */
const LONGEST_READ_MS = 10_000

/** One reader per function: its memory lives as long as the sandbox. Uses no timers; a sandbox freezes between requests. */
export const secretReader = (deps: SecretReaderDeps): SecretReader => {
  const { source, prefix, random, log, limits = SECRET_LIMITS } = deps
  const entries = boundedMap<string, Entry>(MOST_SECRETS, {
    mayEvict: ({ inFlight }) => inFlight === undefined,
  })
  const now = cacheTime(deps.now)

  const entryOf = (name: string): Entry => {
    const entry = entries.get(name) ?? { name }
    entries.set(name, entry)
    return entry
  }

  const taken = (
    entry: Entry,
    { schema, remarks }: SecretDefinition<unknown>,
    version: SecretVersion,
  ): Secret<unknown> => {
    const { versionId, value: text } = version
    const value = parsed(entry.name, text, schema)
    for (const { level, ...fields } of remarks?.(value) ?? []) log(level, { ...fields, secret: entry.name })
    // Not of a first one: a start takes what Secrets Manager says is in force.
    if (entry.taken !== undefined)
      log('INFO', { code: 'SECRET_CHANGED', secret: entry.name, secretVersion: versionId })
    entry.taken = digestOf(version)
    return { value, versionId }
  }

  const load = async (entry: Entry, definition: SecretDefinition<unknown>): Promise<Secret<unknown>> => {
    const askedAt = now()
    let version: SecretVersion | undefined
    try {
      version = await readOrInitial(source, entry.name, {
        stage: 'AWSCURRENT',
        initial: definition.initial,
      })
      const { held } = entry
      // A read that was frozen on its way must not take the place of a later one.
      if (held !== undefined && askedAt < held.askedAt) return held.secret
      const secret =
        held !== undefined && digestOf(version) === entry.taken
          ? held.secret
          : taken(entry, definition, version)
      entry.held = heldSecret(secret, askedAt, { limits, random })
      delete entry.pause
      return secret
    } catch (error) {
      return standIn(entry, error, version?.versionId)
    }
  }

  /** What may be served instead of a failed read; throws where nothing may. */
  const standIn = (entry: Entry, error: unknown, versionId?: string): Secret<unknown> => {
    const at = now()
    const { kind, reason, failure } = failedRead(entry.name, error, versionId)
    if (STAND_INS[kind].length === 0) delete entry.held
    const freshness = freshnessOf({ held: entry.held }, at)
    const until = at + limits.retrySeconds * 1000
    if ('secret' in freshness && STAND_INS[kind].includes(freshness.state)) {
      // A failure that was final stays the answer until a read succeeds.
      if (kind === 'transient') entry.pause = { ...entry.pause, until }
      const code = kind === 'malformed' ? 'SECRET_MALFORMED' : 'SECRET_STALE_SERVED'
      const detail = kind === 'malformed' ? failure.detail : { secretVersion: freshness.secret.versionId }
      log('WARN', { ...detail, code, secret: entry.name, reason })
      return freshness.secret
    }
    if (kind !== 'transient') entry.pause = { until, failure }
    throw failure
  }

  const readOnce = (
    entry: Entry,
    definition: SecretDefinition<unknown>,
    isForced: boolean,
  ): Promise<Secret<unknown>> => {
    // A sandbox may freeze with a read under way: what it brings hours later is not for those who ask then.
    if (isJoinable(entry.inFlight, now())) return entry.inFlight.read
    const read = load(entry, definition)
    const inFlight = { read, joinableUntil: now() + LONGEST_READ_MS, isForced }
    entry.inFlight = inFlight
    const done = () => {
      if (entry.inFlight === inFlight) delete entry.inFlight
    }
    // Also keeps a failure from being unhandled when whoever waited has stopped at a deadline.
    read.then(done, done)
    return read
  }

  /** The value in memory where that may be used, otherwise what a read brings. */
  const current = async (
    entry: Entry,
    definition: SecretDefinition<unknown>,
    { deadline, force = false }: ReadOptions,
  ): Promise<Secret<unknown>> => {
    const at = now()
    // A forced read under way is for all who force one: what is in memory is what they have found wrong.
    const isForced = force && (mayForce(entry, at, limits) || isJoinable(entry.inFlight, at, true))
    const freshness = freshnessOf(entry, at)
    if (!isForced && freshness.state === 'fresh') return freshness.secret
    if (!isForced && freshness.state === 'retry-later') {
      if (freshness.outcome instanceof BridgeError) throw freshness.outcome
      return freshness.outcome
    }
    if (force) entry.forcedAt = at
    return withinDeadline(readOnce(entry, definition, force), deadline)
  }

  return {
    // An entry's value has passed the schema of its name, so it is a T.
    read: async <T>(definition: SecretDefinition<T>, options: ReadOptions) =>
      (await current(entryOf(`${prefix}/${definition.name}`), definition, options)) as Secret<T>,
  }
}

/** Of the value too: a secret that was deleted and made again may have another one under the same version id. */
const digestOf = ({ versionId, value }: SecretVersion): string =>
  createHash('sha256').update(`${versionId} ${value}`).digest('base64url')

const isJoinable = (read: ReadInFlight | undefined, at: number, forced = false): read is ReadInFlight =>
  read !== undefined && at < read.joinableUntil && (read.isForced || !forced)

/** How long a read that nobody asked for yet may take. */
const PREFETCH_MS = 5_000

/**
 * Starts reading while the sandbox starts: that time has full CPU and nobody waits for it. Resolves when all has been read.
 * A failure is the first request's to report: it asks again, except within `retrySeconds` of one that is final.
 */
export const prefetch = async (
  reader: SecretReader,
  definitions: readonly SecretDefinition<object>[],
): Promise<void> => {
  const deadline = { remainingMs: () => PREFETCH_MS }
  await Promise.allSettled(definitions.map((definition) => reader.read(definition, { deadline })))
}
