/** A tenant's settings for a vendor, and the rule that refused credentials are not tried again. */

import { createHash } from 'node:crypto'
import type * as z from 'zod'
import type { Deadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { CONSEQUENCES, UpstreamFailure } from './failures.ts'

export type VendorSystem = 'cec' | 'oiap' | 'live'

export interface CredentialDeps {
  readonly secrets: SecretReader
  readonly now: () => Date
}

export interface VendorCredentials<Settings> {
  readonly system: VendorSystem
  readonly schema: z.ZodType<Settings>
  /** What the vendor judges: endpoint, key and secret. Other settings may change without another try. */
  readonly judged: (settings: Settings) => readonly (string | undefined)[]
  /** A refusal of a call that carries a caller's data may be about those data: it is no reason to back off. */
  readonly carriesCallerData?: boolean
}

/** Wraps the one call that shows the credentials to the vendor: admits it, and remembers how it went. */
export type Guard = <Result>(call: () => Promise<Result>) => Promise<Result>

/** A try with one set of settings. `fingerprint` stands for what the vendor judges, and tells nothing of it. */
export interface Attempt<Settings> {
  readonly settings: Settings
  readonly fingerprint: string
  readonly guard: Guard
}

const BACK_OFF_MS = 5_000
const MAX_BACK_OFF_MS = 60_000
const MOST_REFUSALS = 1_000

const slot = (tenantSpaceId: string, fingerprint: string): string =>
  JSON.stringify([tenantSpaceId, fingerprint])

interface Refusal {
  readonly failure: UpstreamFailure
  /** Epoch milliseconds; infinite for credentials that stay refused until they change. */
  until: number
  backOffMs: number
}

/**
 * Runs attempts with a tenant's settings. A `credential` failure ends all further tries with that fingerprint; the
 * secret is then read again (at most once per 30 s), and if endpoint, key or secret changed, tried once more.
 * A `refused-unclear` failure of a call that carried nothing of a caller's backs off, 5 s doubling to 60 s, and lets
 * one request through after each pause. Throws TENANT_WITHOUT_SYSTEM where the tenant has no such secret.
 */
export const vendorCredentials = <Settings>(
  { secrets, now }: CredentialDeps,
  { system, schema, judged, carriesCallerData = false }: VendorCredentials<Settings>,
) => {
  const refusals = new Map<string, Refusal>()
  /** Failures of calls that showed the credentials: only these are a reason to read the secret again. */
  const guarded = new WeakSet<UpstreamFailure>()

  const read = async (tenantSpaceId: string, deadline: Deadline, force: boolean): Promise<Settings> => {
    try {
      const definition = { name: `tenants/${tenantSpaceId}/${system}`, schema }
      return (await secrets.read(definition, { deadline, force })).value
    } catch (error) {
      throw isAbsent(error) ? withoutSystem(system, error) : error
    }
  }

  /** The refusal that stands in the way. After a pause it lets one request through and begins the next pause. */
  const standing = (tenantSpaceId: string, fingerprint: string): UpstreamFailure | undefined => {
    const refusal = refusals.get(slot(tenantSpaceId, fingerprint))
    if (refusal === undefined) return undefined
    // A clock that was set back must not stretch a pause.
    const leftMs = Math.min(refusal.until - now().getTime(), refusal.backOffMs)
    if (leftMs <= 0) {
      refusal.until = now().getTime() + refusal.backOffMs
      return undefined
    }
    const pause = Number.isFinite(leftMs) ? { retryAfterSeconds: Math.ceil(leftMs / 1000) } : {}
    return new UpstreamFailure(refusal.failure.failure, {
      ...refusal.failure.detail,
      ...pause,
      reason: 'not tried again',
    })
  }

  const note = (tenantSpaceId: string, fingerprint: string, failure: UpstreamFailure): void => {
    const { blocks } = CONSEQUENCES[failure.failure]
    if (blocks === 'never' || (blocks === 'back-off' && carriesCallerData)) return
    const earlier = refusals.get(slot(tenantSpaceId, fingerprint))
    const backOffMs = earlier === undefined ? BACK_OFF_MS : Math.min(earlier.backOffMs * 2, MAX_BACK_OFF_MS)
    const pauseMs = blocks === 'until-changed' ? Number.POSITIVE_INFINITY : backOffMs
    refusals.set(slot(tenantSpaceId, fingerprint), {
      failure,
      until: now().getTime() + pauseMs,
      backOffMs: pauseMs,
    })
    const [oldest] = refusals.keys()
    if (refusals.size > MOST_REFUSALS && oldest !== undefined) refusals.delete(oldest)
  }

  // The refusal is remembered before the failure is known to anybody: of requests that share one call, as those for a
  // machine token do, none slips through in between. Calls that are each user's own may be under way already.
  const guardFor =
    (tenantSpaceId: string, fingerprint: string): Guard =>
    async (call) => {
      const refusal = standing(tenantSpaceId, fingerprint)
      if (refusal !== undefined) {
        guarded.add(refusal)
        throw refusal
      }
      try {
        const result = await call()
        refusals.delete(slot(tenantSpaceId, fingerprint))
        return result
      } catch (error) {
        if (error instanceof UpstreamFailure) {
          guarded.add(error)
          note(tenantSpaceId, fingerprint, error)
        }
        throw error
      }
    }

  const attemptWith = (tenantSpaceId: string, settings: Settings): Attempt<Settings> => {
    const fingerprint = fingerprintOf(judged(settings))
    return { settings, fingerprint, guard: guardFor(tenantSpaceId, fingerprint) }
  }

  return async <Result>(
    tenantSpaceId: string,
    run: (attempt: Attempt<Settings>) => Promise<Result>,
    deadline: Deadline,
  ): Promise<Result> => {
    const first = attemptWith(tenantSpaceId, await read(tenantSpaceId, deadline, false))
    try {
      return await run(first)
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !guarded.has(error)) throw error
      if (CONSEQUENCES[error.failure].blocks === 'never') throw error
      // Where the secret cannot be read again, what the vendor said is still the better answer.
      const newer = await read(tenantSpaceId, deadline, true).catch(() => undefined)
      if (newer === undefined) throw error
      const second = attemptWith(tenantSpaceId, newer)
      if (second.fingerprint === first.fingerprint) throw error
      return run(second)
    }
  }
}

const fingerprintOf = (judged: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(judged)).digest('hex')

// With a policy on exact names, Secrets Manager says AccessDenied of a secret that does not exist.
const isAbsent = (error: unknown): boolean =>
  error instanceof BridgeError &&
  error.code === 'SECRET_UNAVAILABLE' &&
  ['ResourceNotFoundException', 'AccessDeniedException'].includes(error.detail.reason ?? '')

const NAMES: Readonly<Record<VendorSystem, string>> = { cec: 'CEC', oiap: 'OIAP', live: 'Alibaba Live' }

const withoutSystem = (system: VendorSystem, cause: unknown): BridgeError =>
  new BridgeError('TENANT_WITHOUT_SYSTEM', `this tenant has no settings for ${NAMES[system]}`, {
    detail: cause instanceof BridgeError ? cause.detail : {},
    cause,
  })
