/** A tenant's settings for a vendor, and the rule that refused credentials are not tried again. */

import { createHash } from 'node:crypto'
import type * as z from 'zod'
import type { VendorSystem } from '../circuit-breaker/block-items.ts'
import type { Blocks } from '../circuit-breaker/blocks.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { CONSEQUENCES, UpstreamFailure } from '../outbound/failures.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { FetchMode } from '../table/fetch-mode.ts'

export interface CredentialDeps {
  readonly secrets: SecretReader
  readonly blocks: Blocks
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
export type Guard = <Result>(call: () => Promise<Result>, mode?: FetchMode) => Promise<Result>

/** A try with one set of settings. `fingerprint` stands for what the vendor judges, and tells nothing of it. */
export interface Attempt<Settings> {
  readonly settings: Settings
  readonly fingerprint: string
  readonly guard: Guard
}

/**
 * Runs attempts with a tenant's settings. A `credential` failure ends all further tries with that fingerprint; the
 * secret is then read again (at most once per 30 s), and if endpoint, key or secret changed, tried once more.
 * A `refused-unclear` failure of a call that carried nothing of a caller's backs off, 5 s doubling to 60 s (OIAP: to
 * 15 minutes), and lets one request through after each pause. Throws TENANT_WITHOUT_SYSTEM where the tenant has no such secret.
 */
export const vendorCredentials = <Settings>(
  { secrets, blocks }: CredentialDeps,
  { system, schema, judged, carriesCallerData = false }: VendorCredentials<Settings>,
) => {
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

  // The refusal is remembered before the failure is known to anybody: of requests that share one call, as those for a
  // machine token do, none slips through in between. Calls that are each user's own may be under way already.
  const guardFor =
    (tenantSpaceId: string, fingerprint: string, deadline: Deadline): Guard =>
    async (call, mode) => {
      const account = { system, tenantSpaceId, fingerprint }
      const standing = await blocks.standing(account, deadline, mode)
      if (standing !== undefined) {
        guarded.add(standing)
        throw standing
      }
      try {
        const result = await call()
        await blocks.accepted(account, deadline)
        return result
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error
        guarded.add(error)
        const { blocks: kind } = CONSEQUENCES[error.failure]
        if (kind === 'until-changed' || (kind === 'back-off' && !carriesCallerData)) {
          await blocks.refused(account, error, kind, deadline)
        }
        throw error
      }
    }

  const attemptWith = (tenantSpaceId: string, settings: Settings, deadline: Deadline): Attempt<Settings> => {
    const fingerprint = fingerprintOf(judged(settings))
    return { settings, fingerprint, guard: guardFor(tenantSpaceId, fingerprint, deadline) }
  }

  const attempts = async <Result>(
    tenantSpaceId: string,
    run: (attempt: Attempt<Settings>) => Promise<Result>,
    deadline: Deadline,
  ): Promise<Result> => {
    const first = attemptWith(tenantSpaceId, await read(tenantSpaceId, deadline, false), deadline)
    try {
      return await run(first)
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !guarded.has(error)) throw error
      if (CONSEQUENCES[error.failure].blocks === 'never') throw error
      // Where the secret cannot be read again, what the vendor said is still the better answer.
      const newer = await read(tenantSpaceId, deadline, true).catch(() => undefined)
      if (newer === undefined) throw error
      const second = attemptWith(tenantSpaceId, newer, deadline)
      if (second.fingerprint === first.fingerprint) throw error
      return run(second)
    }
  }

  return async <Result>(
    tenantSpaceId: string,
    run: (attempt: Attempt<Settings>) => Promise<Result>,
    deadline: Deadline,
  ): Promise<Result> => {
    try {
      return await attempts(tenantSpaceId, run, deadline)
    } catch (error) {
      throw error instanceof UpstreamFailure ? error.named(NAMES[system]) : error
    }
  }
}

const fingerprintOf = (judged: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(judged)).digest('hex')

// With a policy on exact names, Secrets Manager says AccessDenied of a secret that does not exist, and InvalidRequest of
// one that is marked for deletion.
const isAbsent = (error: unknown): boolean =>
  error instanceof BridgeError &&
  error.code === 'SECRET_UNAVAILABLE' &&
  ['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'].includes(
    error.detail.reason ?? '',
  )

const NAMES: Readonly<Record<VendorSystem, string>> = { cec: 'CEC', oiap: 'OIAP', live: 'Alibaba Live' }

const withoutSystem = (system: VendorSystem, cause: unknown): BridgeError =>
  new BridgeError('TENANT_WITHOUT_SYSTEM', `this tenant has no settings for ${NAMES[system]}`, {
    detail: cause instanceof BridgeError ? cause.detail : {},
    cause,
  })
