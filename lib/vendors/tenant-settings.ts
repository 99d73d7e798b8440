/** A tenant's settings for one vendor, from its secret. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { VendorProfile } from './profile.ts'

export interface SettingsReading {
  readonly deadline: Deadline
  /** Whether the secret is read again although it is known, at most once per 30 s. Default false. */
  readonly force?: boolean
}

/** Throws TENANT_WITHOUT_SYSTEM where the tenant has no such secret, SECRET_UNAVAILABLE and SECRET_MALFORMED. */
export const tenantSettings =
  <Settings>(
    secrets: SecretReader,
    { system, displayName, schema }: Pick<VendorProfile<Settings>, 'system' | 'displayName' | 'schema'>,
  ) =>
  async (tenantSpaceId: string, { deadline, force = false }: SettingsReading): Promise<Settings> => {
    try {
      const definition = { name: `tenants/${tenantSpaceId}/${system}`, schema }
      return (await secrets.read(definition, { deadline, force })).value
    } catch (error) {
      throw isAbsent(error) ? withoutSystem(displayName, error) : error
    }
  }

/**
 * With a policy on exact names, Secrets Manager says AccessDenied of a secret that does not exist, and InvalidRequest of
 * one that is marked for deletion.
 */
const ABSENT = new Set(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'])

const isAbsent = (error: unknown): error is BridgeError =>
  error instanceof BridgeError && error.code === 'SECRET_UNAVAILABLE' && ABSENT.has(error.detail.reason ?? '')

const withoutSystem = (displayName: string, cause: BridgeError): BridgeError =>
  new BridgeError('TENANT_WITHOUT_SYSTEM', `this tenant has no settings for ${displayName}`, {
    detail: cause.detail,
    cause,
  })
