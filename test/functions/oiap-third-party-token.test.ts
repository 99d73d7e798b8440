import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaksIn, secret } from '../support/canary.ts'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, PREFIX, type RequestParts, sha256, TENANT } from '../support/world.ts'

let world: VendorWorld
let at: number
const now = () => new Date(at)
const GOOD = GOOD_BODIES.oiapThirdPartyToken
const { appKey } = GOOD

beforeAll(async () => {
  at = Date.now()
  world = await startVendorWorld({ now })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clearTokens()
  at += 3_600_000
  world.vendors.oiap.unlock(appKey)
  world.vendors.oiap.thirdParty.unlock(appKey)
  world.vendors.oiap.resetCalls()
  for (const system of ['oiap', 'oiap-third-party'] as const) world.putSettings(system)
})

const parts = (headers: Record<string, string> = {}): RequestParts => ({
  headers: { ...world.authorization, ...headers },
  body: GOOD,
})
const fresh = (name: 'oiapThirdPartyToken' | 'appCubeToken' = 'oiapThirdPartyToken') =>
  world.fresh(name, { now })
const asked = () => world.vendors.oiap.calls('gettoken')

describe('POST /oifde/rest/api/gettoken', () => {
  it('answers in OIAP’s own members, with the seconds that are left, by its own call alone', async () => {
    const sandbox = await fresh()
    const first = await call(world, sandbox, parts())
    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      errorCode: 0,
      errorMsg: '',
      authToken: expect.stringMatching(/^[\w-]{43}$/),
      expireTime: 3600,
    })
    expect(first.line).toMatchObject({ code: 'OIAP_THIRD_PARTY_TOKEN_ISSUED', tenantSpaceId: TENANT })
    at += 1_000_500
    expect((await call(world, sandbox, parts())).body).toEqual({ ...first.body, expireTime: 2599 })
    expect(asked()).toBe(1)
    expect(world.vendors.oiap.calls('getAppCubeToken')).toBe(0)
  })

  it('is one token for two sandboxes, stored so that a dump of the table is of no use', async () => {
    const first = await call(world, await fresh(), parts())
    const second = await call(world, await fresh(), parts())
    expect(second.body.authToken).toBe(first.body.authToken)
    expect(asked()).toBe(1)
    const items = await world.tokenItems()
    expect(items).toMatchObject([{ system: 'oiap-third-party', tenantSpaceId: TENANT, generation: 1 }])
    secret('third-party token', first.body.authToken)
    expect(leaksIn(JSON.stringify(items))).toEqual([])
  })

  it('is another token than AppCube’s, whose caller names the same appKey', async () => {
    const thirdParty = await call(world, await fresh(), parts())
    const appCube = await call(world, await fresh('appCubeToken'), parts())
    expect([thirdParty.status, appCube.status]).toEqual([200, 200])
    expect(appCube.body.authToken).not.toBe(thirdParty.body.authToken)
  })

  it('takes a caller key as appSecret, and refuses everything else there', async () => {
    const sandbox = await fresh()
    const withSecret = (appSecret: string): RequestParts => ({ body: { appKey, appSecret } })
    expect((await call(world, sandbox, withSecret(world.callerKey))).status).toBe(200)
    expect((await call(world, sandbox, withSecret(`ctb_${'A'.repeat(43)}`))).line.code).toBe('CALLER_UNKNOWN')
    const refused = await call(world, sandbox, withSecret('the-third-party-password'))
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        errorCode: 990004000,
        errorMsg:
          "appSecret: the secret stays in the tenant's settings, where no caller needs to hold it: leave this member out",
      },
    ])
    const twice = await call(world, sandbox, { ...parts(), body: { appKey, appSecret: world.callerKey } })
    expect([twice.status, twice.body.errorMsg]).toEqual([
      400,
      'appSecret: expected the caller key in one place, here or as Authorization',
    ])
  })

  it('renews a token that the caller says was refused, and keeps one that is another', async () => {
    const sandbox = await fresh()
    const { authToken } = (await call(world, sandbox, parts())).body
    const other = await call(world, sandbox, parts({ 'x-refused-token': sha256('another') }))
    expect(other.body.authToken).toBe(authToken)
    const renewed = await call(world, sandbox, parts({ 'x-refused-token': sha256(authToken) }))
    expect(renewed.status).toBe(200)
    expect(renewed.body.authToken).not.toBe(authToken)
    expect(asked()).toBe(2)
  })

  it('names the password in question where OIAP refuses it', async () => {
    world.putSettings('oiap-third-party', {
      appSecret: secret('old password', 'an-old-third-party-password'),
    })
    const { status, body } = await call(world, await fresh(), parts())
    expect([status, body]).toEqual([
      502,
      {
        errorCode: 990005023,
        errorMsg:
          'OIAP (third-party) refuses the credentials of this tenant: check key and secret in its settings',
      },
    ])
  })

  it('needs its own secret: that of the AppCube token is none', async () => {
    const SecretId = `${PREFIX}/tenants/${TENANT}/oiap-third-party`
    const deletion = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })
    await new SecretsManagerClient().send(deletion)
    const { status, body, line } = await call(world, await fresh(), parts())
    expect([status, body, line.code]).toEqual([
      404,
      { errorCode: 990004042, errorMsg: 'this tenant has no settings for OIAP (third-party)' },
      'TENANT_WITHOUT_SYSTEM',
    ])
    expect((await call(world, await fresh('appCubeToken'), parts())).status).toBe(200)
  })
})

describe('OIAP’s two passwords', () => {
  it.each([
    ['third-party', 'oiap-third-party', 'oiapThirdPartyToken', 'appCubeToken'],
    ['API', 'oiap', 'appCubeToken', 'oiapThirdPartyToken'],
  ] as const)('a wrong %s password blocks and locks nothing but itself', async (_, system, wrong, good) => {
    world.putSettings(system, { appSecret: secret('wrong password', `not-the-password-of-${system}`) })
    for (let n = 0; n < 8; n += 1) {
      expect((await call(world, await fresh(wrong), parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
      await world.clearTokens()
      expect((await call(world, await fresh(good), parts())).status).toBe(200)
    }
    const { oiap } = world.vendors
    const [own, other] = system === 'oiap' ? [oiap, oiap.thirdParty] : [oiap.thirdParty, oiap]
    // eight sandboxes without a memory between them: even OIAP's lock closes for the one password alone
    expect([own.wrongSecrets(appKey), other.wrongSecrets(appKey)]).toEqual([8, 0])
    expect([own.isLocked(appKey), other.isLocked(appKey)]).toEqual([true, false])
  })

  it.each([
    ['third-party', 'oiap-third-party', 'oiapThirdPartyToken', 'appCubeToken'],
    ['API', 'oiap', 'appCubeToken', 'oiapThirdPartyToken'],
  ] as const)(
    'a wrong %s password is shown once, and the other call is served',
    async (_, system, wrong, good) => {
      world.putSettings(system, { appSecret: secret('wrong password', `not-the-password-of-${system}`) })
      for (let n = 0; n < 8; n += 1) {
        expect((await call(world, await fresh(wrong), parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
        expect((await call(world, await fresh(good), parts())).status).toBe(200)
      }
      const { oiap } = world.vendors
      const [own, other] = system === 'oiap' ? [oiap, oiap.thirdParty] : [oiap.thirdParty, oiap]
      expect([own.wrongSecrets(appKey), other.wrongSecrets(appKey)]).toEqual([1, 0])
      expect([own.isLocked(appKey), other.isLocked(appKey)]).toEqual([false, false])
      world.putSettings(system)
      expect((await call(world, await fresh(wrong), parts())).status).toBe(200)
    },
  )

  it('are kept apart though both secrets are the same but for the address', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).oiap
    world.putSettings('oiap-third-party', { appSecret })
    expect((await call(world, await fresh(), parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
    expect((await call(world, await fresh('appCubeToken'), parts())).status).toBe(200)
  })

  it('are shown to no other call: a secret with the other address is not read', async () => {
    const { url } = world.vendors.tenantSecrets(TENANT).oiap
    world.putSettings('oiap-third-party', { url })
    const { status, line } = await call(world, await fresh(), parts())
    expect([status, line.code, line['field']]).toEqual([503, 'SECRET_MALFORMED', 'url'])
    expect(world.vendors.oiap.calls()).toBe(0)
    world.putSettings('oiap-third-party')
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })
})
