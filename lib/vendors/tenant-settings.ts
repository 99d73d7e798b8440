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

/**
 * Throws TENANT_WITHOUT_SYSTEM where the tenant has no such secret, TENANT_KMS_REFUSED where KMS does not decrypt it,
 * SECRET_UNAVAILABLE and SECRET_MALFORMED.
 */
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
      throw namedFor(displayName, error)
    }
  }

/** In the tenant's own terms, what is wrong with its secret alone. */
const namedFor = (displayName: string, error: unknown): unknown => {
  if (!(error instanceof BridgeError)) return error
  const { code, detail } = error
  const why = { detail, cause: error }
  if (code === 'SECRET_KMS_REFUSED')
    return new BridgeError(
      'TENANT_KMS_REFUSED',
      `KMS does not decrypt this tenant's settings for ${displayName}: ${NEXT}`,
      why,
    )
  return code === 'SECRET_UNAVAILABLE' && ABSENT.has(detail.reason ?? '')
    ? new BridgeError('TENANT_WITHOUT_SYSTEM', `this tenant has no settings for ${displayName}`, why)
    : error
}

/** What the operator can do, the most likely first. */
const NEXT =
  "name the secret's KMS key in the parameter secretsKmsKeyArns and deploy, allow it in the key's policy, or enable the key"

/**
 * With a policy on exact names, Secrets Manager says AccessDenied of a secret that does not exist, and InvalidRequest of
 * one that is marked for deletion.
 */
const ABSENT = new Set(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'])
