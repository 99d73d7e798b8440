import { describe, expect, it } from 'vitest'
import { accessTokenIssuer } from '../../../lib/access-token/issue.ts'
import { accessTokenVerifier } from '../../../lib/access-token/verify.ts'
import { readSettings } from '../../../lib/config.ts'
import type { Admission, Directory } from '../../../lib/directory/directory.ts'
import { enterpriseTokenIssuer } from '../../../lib/enterprise-token/issue.ts'
import { enterpriseTokenVerifier } from '../../../lib/enterprise-token/verify.ts'
import { ACCESS_SCOPES, accessTokenRequest } from '../../../lib/schemas/access-token.ts'
import { JWKS } from '../../../lib/secrets/definitions.ts'
import type { SecretReader } from '../../../lib/secrets/reader.ts'
import { SIGNED_TOKEN_LIMITS } from '../../../lib/signed-token/proof.ts'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { secret } from '../../support/canary.ts'

/** The longest of everything: four bytes for each code point of a name or id, three for each character of a URL. */
const { ISSUER } = readSettings({ ISSUER: `https://${'\u4f8b'.repeat(192)}` }, ['ISSUER'])
const USER = {
  userId: '\u{20000}'.repeat(32),
  userName: '\u{20000}'.repeat(256),
  tenantSpaceId: 't'.repeat(64),
  rtcChannelIds: [...'1234'].map((digit) => digit.padEnd(64, 'x')),
}
/** Who may chat has an id of at most 24 characters: both of the largest are tried. */
const REQUESTS = [
  { ...USER, scopes: ACCESS_SCOPES.filter((scope) => scope !== 'chat:relay') },
  { ...USER, userId: '\u{20000}'.repeat(24), scopes: [...ACCESS_SCOPES] },
].map((request) => ({ ...accessTokenRequest({ USER_ID_MAX_LENGTH: 32 }).parse(request), ...request }))
const EPOCH = 999_999_999_999_999
const NOW = new Date('2026-01-01T00:00:00Z')
const deadline = { remainingMs: () => 5_000 }

const deps = async () => {
  const ring = await firstKeyRing(NOW)
  const kid = 'k'.repeat(64)
  const [key] = ring.signingKey.keys
  const [published] = ring.jwks.keys
  secret('private key', key?.d ?? '')
  const secrets = {
    read: async (definition: unknown) => ({
      value: { keys: [definition === JWKS ? { ...published, kid } : { ...key, kid }] },
    }),
  } as unknown as SecretReader
  const admission: Admission = {
    user: { userName: USER.userName, status: 'active', epoch: EPOCH },
    tenantEpoch: EPOCH,
    isTokenRevoked: false,
    isKeyRevoked: false,
  }
  const directory: Directory = {
    admission: async () => admission,
    provision: async () => undefined,
    keepUser: async () => true,
  }
  const newId = () => 'j'.repeat(22)
  const directoryMode = 'table' as const
  const limit = async () => undefined
  return {
    secrets,
    directory,
    directoryMode,
    justInTimeDays: 0,
    limit,
    issuer: ISSUER,
    lifetimeSeconds: 900,
    now: () => NOW,
    newId,
  }
}

const payloadBytes = (token: string): number => Buffer.from(token.split('.')[1] ?? '', 'base64url').length

describe('lib/signed-token/proof: the largest token that can be issued', () => {
  it('is good, of the kind for CEC', async () => {
    const all = await deps()
    const { token } = await enterpriseTokenIssuer(all)(USER, { scopes: [] }, deadline)
    expect(payloadBytes(token)).toBeLessThanOrEqual(SIGNED_TOKEN_LIMITS.payloadBytes)
    expect(token.length).toBeLessThanOrEqual(SIGNED_TOKEN_LIMITS.characters)
    await expect(enterpriseTokenVerifier(all)({ token, ...USER }, deadline)).resolves.toBeUndefined()
  })

  it.each(REQUESTS)(
    'is good, of the kind for pages, which is larger than half of what is taken',
    async (request) => {
      const all = await deps()
      const client = {
        callerId: 'c'.repeat(64),
        scopes: ACCESS_SCOPES,
        expiresAt: 4_000_000_000,
      }
      const { token } = await accessTokenIssuer(all)(request, client, deadline)
      expect(payloadBytes(token)).toBeGreaterThan(SIGNED_TOKEN_LIMITS.payloadBytes / 2)
      expect(payloadBytes(token)).toBeLessThanOrEqual(SIGNED_TOKEN_LIMITS.payloadBytes)
      expect(token.length).toBeLessThanOrEqual(SIGNED_TOKEN_LIMITS.characters)
      const holder = await accessTokenVerifier(all)(token, deadline, () => undefined)
      expect(holder).toMatchObject({ userId: request.userId, userName: request.userName })
    },
  )
})
