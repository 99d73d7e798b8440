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

interface Refusal {
  readonly fingerprint: string
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

  const read = async (tenantSpaceId: string, deadline: Deadline, force: boolean): Promise<Settings> => {
    try {
      const definition = { name: `tenants/${tenantSpaceId}/${system}`, schema }
      return (await secrets.read(definition, { deadline, force })).value
    } catch (error) {
      throw isAbsent(error) ? withoutSystem(system, error) : error
    }
  }

  /** Throws the refusal that stands in the way. After a pause it lets one request through and begins the next pause. */
  const admit = (tenantSpaceId: string, fingerprint: string): void => {
    const refusal = refusals.get(tenantSpaceId)
    if (refusal === undefined || refusal.fingerprint !== fingerprint) return
    const leftMs = refusal.until - now().getTime()
    if (leftMs <= 0) {
      refusal.until = now().getTime() + refusal.backOffMs
      return
    }
    const pause = Number.isFinite(leftMs) ? { retryAfterSeconds: Math.ceil(leftMs / 1000) } : {}
    throw new UpstreamFailure(refusal.failure.failure, {
      ...refusal.failure.detail,
      ...pause,
      reason: 'not tried again',
    })
  }

  const note = (tenantSpaceId: string, fingerprint: string, failure: UpstreamFailure): void => {
    const { blocks } = CONSEQUENCES[failure.failure]
    if (blocks === 'never' || (blocks === 'back-off' && carriesCallerData)) return
    const earlier = refusals.get(tenantSpaceId)
    const backOffMs =
      earlier?.fingerprint === fingerprint ? Math.min(earlier.backOffMs * 2, MAX_BACK_OFF_MS) : BACK_OFF_MS
    const until = blocks === 'until-changed' ? Number.POSITIVE_INFINITY : now().getTime() + backOffMs
    refusals.set(tenantSpaceId, { fingerprint, failure, until, backOffMs })
  }

  // The refusal is remembered before the failure is known to anybody: no request slips through in between.
  const guardFor =
    (tenantSpaceId: string, fingerprint: string): Guard =>
    async (call) => {
      admit(tenantSpaceId, fingerprint)
      try {
        const result = await call()
        if (refusals.get(tenantSpaceId)?.fingerprint === fingerprint) refusals.delete(tenantSpaceId)
        return result
      } catch (error) {
        if (error instanceof UpstreamFailure) note(tenantSpaceId, fingerprint, error)
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
      if (!(error instanceof UpstreamFailure) || CONSEQUENCES[error.failure].blocks === 'never') throw error
      const second = attemptWith(tenantSpaceId, await read(tenantSpaceId, deadline, true))
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
