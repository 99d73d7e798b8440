import { beforeAll, describe, expect, it } from 'vitest'
import { agentTokenVerifier } from '../../../lib/agent-token/verify.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { accessClaims, accessHeader, claims, header, mint, privateKeyOf } from '../../support/mint.ts'
import { ISSUER, TENANT } from '../../support/world.ts'
import {
  ADMITTED,
  AMPLE,
  activeKeyOf,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
} from '../signed-token/fakes.ts'
import { JTI, mintedBy } from './tokens.ts'

let ring: KeyRing
beforeAll(async () => {
  ring = await newRing()
})

const UNKNOWN = { ...ADMITTED, user: undefined }
const minted = (changes: Record<string, unknown> = {}) => mintedBy(ring, changes)
const asked = async (token: string, changes: object = {}, told: unknown[] = []) => {
  const directory = fakeDirectory(UNKNOWN)
  const deps = { secrets: fakeSecrets(ring), directory, issuer: ISSUER, now: () => NOW }
  const question = { token, userAccount: 'a101', tenantSpaceId: TENANT, ...changes }
  await agentTokenVerifier(deps)(question, AMPLE, (names) => void told.push(names))
  return directory.asked
}

describe('lib/agent-token/verify', () => {
  it('returns for a good token, tells what names it, and asks about an agent', async () => {
    const told: unknown[] = []
    const { kid } = activeKeyOf(ring)
    const names = { jti: JTI, kid, tenantSpaceId: TENANT, userId: 'a101' }
    expect(await asked(minted(), {}, told)).toEqual([{ ...names, kind: 'agent', ver: '0.0' }])
    expect(told).toEqual([names])
  })

  it.each([
    ['tenant', { tenantSpaceId: '2' }, 'TOKEN_TENANT_DIFFERS'],
    ['agent', { userAccount: 'a102' }, 'TOKEN_USER_DIFFERS'],
  ])('refuses a token of another %s than is asked about', async (_, changes, code) => {
    await expect(asked(minted(), changes)).rejects.toMatchObject({ code })
  })

  it.each([
    ['a name', { name: 'Ann' }],
    ['an audience of visitors', { aud: `urn:cec:${TENANT}` }],
    ['no tenant in the audience’s place', { aud: TENANT }],
  ])('refuses claims with %s', async (_, changes) => {
    await expect(asked(minted(changes))).rejects.toMatchObject({ code: 'TOKEN_CLAIMS_INVALID' })
  })

  it.each([
    ['a visitor', (kid: string) => [header(kid), claims({ sub: 'a101' }, NOW_SECONDS)] as const],
    ['a page', (kid: string) => [accessHeader(kid), accessClaims({ sub: 'a101' })] as const],
  ])('refuses a token of %s', async (_, parts) => {
    const key = activeKeyOf(ring)
    const token = mint(...parts(key.kid), privateKeyOf(key))
    await expect(asked(token)).rejects.toMatchObject({ code: 'TOKEN_HEADER_UNKNOWN' })
  })

  it.each([
    ['3600 s', 3600, undefined],
    ['3601 s', 3601, 'TOKEN_LIFETIME_TOO_LONG'],
  ])('with a life of %s: %s', async (_, seconds, code) => {
    const verdict = asked(minted({ exp: NOW_SECONDS + seconds })).then(
      () => undefined,
      (error) => error.code,
    )
    expect(await verdict).toBe(code)
  })
})
