import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { secretReader } from '../../../lib/secrets/reader.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import { tenantSettings } from '../../../lib/vendors/tenant-settings.ts'

const deadline = { remainingMs: () => 5_000 }
const VENDOR = { system: 'any', displayName: 'Any Vendor', schema: z.strictObject({ key: z.string() }) }

/** Reads of a secret that holds this text, or that cannot be read for this reason. */
const readerOf = (value: string | SecretSourceError, names: string[] = []) => {
  const source = {
    read: async (name: string) => {
      names.push(name)
      if (typeof value !== 'string') throw value
      return { value, versionId: 'v1' }
    },
  }
  const now = () => new Date('2026-09-21T12:00:00Z')
  return secretReader({ source, prefix: 'test', now, random: () => 0.5, log: () => undefined })
}
const read = (value: string | SecretSourceError, names: string[] = []) =>
  tenantSettings(readerOf(value, names), VENDOR)('t1', { deadline })

describe('lib/vendors/tenant-settings', () => {
  it('reads the secret of the tenant and the system, as the schema says', async () => {
    const names: string[] = []
    expect(await read('{"key":"one"}', names)).toEqual({ key: 'one' })
    expect(names).toEqual(['test/tenants/t1/any'])
  })

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'])(
    'says TENANT_WITHOUT_SYSTEM, with the vendor’s name, for %s',
    async (reason) => {
      await expect(read(new SecretSourceError('final', reason))).rejects.toMatchObject({
        code: 'TENANT_WITHOUT_SYSTEM',
        message: 'this tenant has no settings for Any Vendor',
        detail: { secret: 'test/tenants/t1/any', reason },
      })
    },
  )

  it.each(['AccessDeniedException', 'InvalidRequestException', 'DecryptionFailure'])(
    'says KMS, and what to do next, where that is the reason of %s',
    async (reason) => {
      await expect(read(new SecretSourceError('kms', reason))).rejects.toMatchObject({
        code: 'TENANT_KMS_REFUSED',
        message:
          "KMS does not decrypt this tenant's settings for Any Vendor: name the secret's KMS key in the parameter " +
          "secretsKmsKeyArns and deploy, allow it in the key's policy, or enable the key",
        detail: { secret: 'test/tenants/t1/any', reason },
      })
    },
  )

  it.each(['ThrottlingException', 'InternalServiceError'])(
    'says SECRET_UNAVAILABLE for %s',
    async (reason) => {
      await expect(read(new SecretSourceError('transient', reason))).rejects.toMatchObject({
        code: 'SECRET_UNAVAILABLE',
        detail: { reason },
      })
    },
  )

  it('says SECRET_MALFORMED for settings that the schema refuses', async () => {
    await expect(read('{"key":1}')).rejects.toMatchObject({ code: 'SECRET_MALFORMED' })
  })
})
