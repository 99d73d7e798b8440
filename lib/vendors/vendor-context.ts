/** A tenant's account at one vendor: its settings, and the rule that refused credentials are not tried again. */

import { createHash } from 'node:crypto'
import type { CircuitBreaker } from '../circuit-breaker/circuit-breaker.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import { CONSEQUENCES, UpstreamFailure } from '../outbound/failures.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { FetchMode } from '../table/fetch-mode.ts'
import type { CalledVendor, Tenant } from './profile.ts'
import { tenantSettings } from './tenant-settings.ts'

export interface VendorContextDeps {
  readonly secrets: SecretReader
  readonly breaker: CircuitBreaker
}

/** Wraps the one call that shows the credentials to the vendor: admits it, and remembers how it went. */
export type Guard = <Result>(call: () => Promise<Result>, mode?: FetchMode) => Promise<Result>

/** A try with one set of settings, within one deadline. */
export interface Attempt<Settings> extends Tenant<Settings> {
  /** Stands for what the vendor judges, and tells nothing of it. */
  readonly fingerprint: string
  readonly guard: Guard
  readonly deadline: Deadline
}

/**
 * Runs attempts with a tenant's settings. A `credential` failure ends all further tries with that fingerprint; the
 * secret is then read again (at most once per 30 s), and if what is judged has changed, tried once more. A
 * `refused-unclear` failure backs off as the vendor's breaker policy says, and lets one request through after each
 * pause. Throws TENANT_WITHOUT_SYSTEM where the tenant has no such secret, and names the vendor in its failures.
 */
export type VendorContext<Settings> = <Result>(
  tenantSpaceId: string,
  run: (attempt: Attempt<Settings>) => Promise<Result>,
  deadline: Deadline,
) => Promise<Result>

type Outcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The vendor refuses these credentials: others may do. */
  | { readonly kind: 'refused'; readonly failure: UpstreamFailure }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }

export const vendorContext = <Settings>(
  { secrets, breaker }: VendorContextDeps,
  profile: CalledVendor<Settings>,
): VendorContext<Settings> => {
  const { system, displayName, credentials } = profile
  const read = tenantSettings(secrets, profile)
  /** Failures of calls that showed the credentials: only these are a reason to read the secret again. */
  const guarded = new WeakSet<UpstreamFailure>()

  // The refusal is remembered before the failure is known to anybody: of requests that share one call, as those for a
  // service token do, none slips through in between. Calls that are each user's own may be under way already.
  const guardFor =
    (tenantSpaceId: string, fingerprint: string, deadline: Deadline): Guard =>
    async (call, mode) => {
      const account = { system, policy: credentials.breaker, tenantSpaceId, fingerprint }
      const standing = await breaker.check(account, deadline, mode)
      if (standing !== undefined) {
        guarded.add(standing)
        throw standing
      }
      const begun = breaker.begin(account)
      try {
        const result = await call()
        await breaker.recordSuccess(begun, deadline)
        return result
      } catch (error) {
        if (error instanceof UpstreamFailure) {
          guarded.add(error)
          await breaker.recordFailure(account, error, deadline)
        }
        throw error
      }
    }

  const attemptWith = (
    { tenantSpaceId, settings }: Tenant<Settings>,
    deadline: Deadline,
  ): Attempt<Settings> => {
    const fingerprint = fingerprintOf(credentials.judged(settings))
    const guard = guardFor(tenantSpaceId, fingerprint, deadline)
    return { tenantSpaceId, settings, fingerprint, guard, deadline }
  }

  /** Undefined where nothing that is judged has changed, or the secret cannot be read: the first refusal then stands. */
  const attemptAfter = async (first: Attempt<Settings>): Promise<Attempt<Settings> | undefined> => {
    const { tenantSpaceId, deadline } = first
    const settings = await read(tenantSpaceId, { deadline, force: true }).catch(() => undefined)
    if (settings === undefined) return undefined
    const second = attemptWith({ tenantSpaceId, settings }, deadline)
    return second.fingerprint === first.fingerprint ? undefined : second
  }

  /** Throws what is no failure of the vendor's. */
  const outcomeOf = async <Result>(result: Promise<Result>): Promise<Outcome<Result>> => {
    try {
      return { kind: 'done', result: await result }
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error
      const isRefused = guarded.has(error) && CONSEQUENCES[error.failure].blocks !== 'never'
      return { kind: isRefused ? 'refused' : 'failed', failure: error }
    }
  }

  return async (tenantSpaceId, run, deadline) => {
    const settings = await read(tenantSpaceId, { deadline })
    const first = attemptWith({ tenantSpaceId, settings }, deadline)
    let outcome = await outcomeOf(run(first))
    const second = outcome.kind === 'refused' ? await attemptAfter(first) : undefined
    if (second !== undefined) outcome = await outcomeOf(run(second))
    if (outcome.kind === 'done') return outcome.result
    throw outcome.failure.named(displayName)
  }
}

const fingerprintOf = (judged: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(judged)).digest('hex')
