/** The cached, validated, versioned reader of secrets: what every part of this system reads them through. */

import type * as z from 'zod'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { repeatedMember } from '../json-text.ts'
import type { Log } from '../log.ts'
import { describeFaults, firstFault } from '../schemas/issues.ts'
import { type SecretSource, SecretSourceError } from './source.ts'

export interface SecretLimits {
  /** How long a value is used without asking again. Jitter only shortens it. Default 300 s. */
  readonly maxAgeSeconds: number
  /** How much longer it is used while Secrets Manager cannot be reached. Default 900 s. */
  readonly maxStaleSeconds: number
  /** Least time between two forced re-reads of one secret. Default 30 s. */
  readonly forcedReadSeconds: number
  /** Least time between two tries while a stale value is served, or after a failure that is final. Default 5 s. */
  readonly retrySeconds: number
}

export const SECRET_LIMITS: SecretLimits = {
  maxAgeSeconds: 300,
  maxStaleSeconds: 900,
  forcedReadSeconds: 30,
  retrySeconds: 5,
}

const JITTER = 0.1

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
  readonly schema: z.ZodType<T>
}

export interface Secret<T> {
  readonly value: T
  readonly versionId: string
}

export interface ReadOptions {
  readonly deadline: Deadline
  /** Ask again although the value is fresh. Granted once per `forcedReadSeconds`; otherwise as without it. */
  readonly force?: boolean
}

export interface SecretReader {
  /**
   * The secret's current value. Within its age from memory; calls at the same time share one read.
   * Throws SECRET_UNAVAILABLE, SECRET_MALFORMED (names secret, field and what was expected, never the value), DEADLINE_EXCEEDED.
   * The same value is the same object until its version changes, so what is derived from it can hang on it.
   */
  readonly read: <T>(definition: SecretDefinition<T>, options: ReadOptions) => Promise<Secret<T>>
}

interface Entry {
  secret?: Secret<unknown>
  /** Epoch milliseconds before the read that brought the value. */
  askedAt: number
  freshUntil: number
  staleUntil: number
  retryAt: number
  forcedAt: number
  /** A final failure, thrown again until `retryAt`: asking again at once would only cost. */
  failure?: BridgeError
  inFlight?: {
    readonly read: Promise<Secret<unknown>>
    readonly joinableUntil: number
    readonly isForced: boolean
  }
}

/** One reader per function: its memory lives as long as the sandbox. Uses no timers; a sandbox freezes between requests. */
export const secretReader = (deps: SecretReaderDeps): SecretReader => {
  const { source, prefix, now, random, log, limits = SECRET_LIMITS } = deps
  const entries = new Map<string, Entry>()

  const entryOf = (name: string): Entry => {
    const known = entries.get(name)
    if (known !== undefined) return known
    const never = Number.NEGATIVE_INFINITY
    const entry: Entry = {
      askedAt: never,
      freshUntil: never,
      staleUntil: never,
      retryAt: never,
      forcedAt: never,
    }
    entries.set(name, entry)
    return entry
  }

  const load = async <T>(
    name: string,
    { schema }: SecretDefinition<T>,
    entry: Entry,
  ): Promise<Secret<unknown>> => {
    const askedAt = now().getTime()
    try {
      const { value, versionId } = await source.read(name, 'AWSCURRENT')
      // A read that was frozen on its way must not take the place of a later one.
      if (entry.secret !== undefined && askedAt < entry.askedAt) return entry.secret
      if (versionId !== entry.secret?.versionId)
        entry.secret = { value: parsed(name, value, schema), versionId }
      entry.askedAt = askedAt
      entry.freshUntil = askedAt + limits.maxAgeSeconds * 1000 * (1 - JITTER * random())
      entry.staleUntil = entry.freshUntil + limits.maxStaleSeconds * 1000
      delete entry.failure
      return entry.secret
    } catch (error) {
      return standIn(name, entry, error)
    }
  }

  /** What may be served instead of a failed read; throws where nothing may. */
  const standIn = (name: string, entry: Entry, error: unknown): Secret<unknown> => {
    const at = now().getTime()
    const isMalformed = error instanceof BridgeError
    const isTransient = error instanceof SecretSourceError && error.failure === 'transient'
    const reason = error instanceof SecretSourceError ? error.reason : 'Malformed'
    if (!isMalformed && !isTransient) delete entry.secret
    if (entry.secret !== undefined && at < (isTransient ? entry.staleUntil : entry.freshUntil)) {
      if (isTransient) entry.retryAt = at + limits.retrySeconds * 1000
      const code = isMalformed ? 'SECRET_MALFORMED' : 'SECRET_STALE_SERVED'
      log('WARN', { ...(isMalformed ? error.detail : {}), code, secret: name, reason })
      return entry.secret
    }
    const failure = isMalformed ? error : unreadable(name, reason, error)
    if (!isTransient) {
      entry.failure = failure
      entry.retryAt = at + limits.retrySeconds * 1000
    }
    throw failure
  }

  /** The value in memory, where it may be used without asking. Throws a failure that is too young to ask again. */
  const remembered = (entry: Entry, force: boolean): Secret<unknown> | undefined => {
    const at = now().getTime()
    if (force && at - entry.forcedAt >= limits.forcedReadSeconds * 1000) return undefined
    // One that is under way is for all who want it: what is in memory is what they have found wrong.
    if (force && entry.inFlight?.isForced && at < entry.inFlight.joinableUntil) return undefined
    if (entry.secret !== undefined && at < entry.freshUntil) return entry.secret
    if (at >= entry.retryAt) return undefined
    if (entry.failure !== undefined) throw entry.failure
    return at < entry.staleUntil ? entry.secret : undefined
  }

  const readOnce = <T>(
    name: string,
    definition: SecretDefinition<T>,
    entry: Entry,
    isForced: boolean,
  ): Promise<Secret<unknown>> => {
    const at = now().getTime()
    // A sandbox may freeze with a read under way: what it brings hours later is not for those who ask then.
    if (entry.inFlight !== undefined && at < entry.inFlight.joinableUntil) return entry.inFlight.read
    const read = load(name, definition, entry)
    const inFlight = { read, joinableUntil: at + LONGEST_READ_MS, isForced }
    entry.inFlight = inFlight
    const done = () => {
      if (entry.inFlight === inFlight) delete entry.inFlight
    }
    // Also keeps a failure from being unhandled when whoever waited has stopped at a deadline.
    read.then(done, done)
    return read
  }

  return {
    read: async <T>(definition: SecretDefinition<T>, { deadline, force = false }: ReadOptions) => {
      const name = `${prefix}/${definition.name}`
      const entry = entryOf(name)
      const known = remembered(entry, force)
      if (known !== undefined) return known as Secret<T>
      if (force) entry.forcedAt = now().getTime()
      return (await withinDeadline(readOnce(name, definition, entry, force), deadline)) as Secret<T>
    },
  }
}

/** The source ends a read by itself within a few seconds; one that took longer was frozen in between. */
const LONGEST_READ_MS = 10_000

const unreadable = (secret: string, reason: string, cause: unknown): BridgeError =>
  new BridgeError('SECRET_UNAVAILABLE', `secret ${secret} cannot be read (${reason})`, {
    detail: { secret, reason },
    cause,
  })

/** How long a read that nobody asked for yet may take. */
const PREFETCH_MS = 5_000

/**
 * Starts reading while the sandbox starts: that time has full CPU and nobody waits for it.
 * A failure is the first request's to report: it asks again, except within `retrySeconds` of one that is final.
 */
export const prefetch = (reader: SecretReader, definitions: readonly SecretDefinition<object>[]): void => {
  for (const definition of definitions) {
    reader.read(definition, { deadline: { remainingMs: () => PREFETCH_MS } }).catch(() => undefined)
  }
}

/** Parses and checks a secret's text. Throws SECRET_MALFORMED. */
export const parsed = <T>(name: string, text: string, schema: z.ZodType<T>): T => {
  const result = schema.safeParse(fromJson(name, text))
  if (result.success) return result.data
  throw malformed(name, firstFault(result.error), describeFaults(result.error))
}

const fromJson = (name: string, text: string): unknown => {
  let value: unknown
  try {
    // Editors put a byte order mark or blanks of other scripts around it, which JSON does not allow.
    value = JSON.parse(text.trim())
  } catch {
    // The parser's own message quotes the text: it must not become a cause.
    throw malformed(name, { field: '(whole)', expected: 'expected JSON' }, '(whole): expected JSON')
  }
  // Pasted behind the first, the second would win without a word.
  const expected = 'expected each member once'
  if (repeatedMember(text) !== undefined)
    throw malformed(name, { field: '(whole)', expected }, `(whole): ${expected}`)
  return value
}

const malformed = (secret: string, fault: ReturnType<typeof firstFault>, faults: string): BridgeError =>
  new BridgeError('SECRET_MALFORMED', `secret ${secret}: ${faults}`, { detail: { secret, ...fault } })
