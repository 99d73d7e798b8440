import { describe, expect, it } from 'vitest'
import { VENDORS } from '../../../../lib/vendors/registry.ts'
import { LOCAL_TENANT } from '../../../../tools/local/constants.ts'
import { startUpstreams } from '../../../../tools/local/upstreams/upstreams.ts'
import { tokenByAkSk } from './cec/calls.ts'
import { getMessageToken } from './live/signer.ts'
import { post, START, useUpstreams } from './support.ts'

const fixture = useUpstreams()

describe('startUpstreams', () => {
  it('gives a tenant secrets in the shape of Secrets Manager', () => {
    const { cec, oiap, live } = fixture.upstreams

    expect(fixture.secrets).toEqual({
      cec: {
        tokenUrl: `${cec.url}/apigovernance/api/oauth/tokenByAkSk`,
        applyTokenUrl: `${cec.url}/apiaccess/ccmessaging/applyToken`,
        chatUrl: `${cec.url}/apiaccess/ccmessaging`,
        appKey: expect.any(String),
        appSecret: expect.any(String),
        tokenExpireSeconds: 600,
      },
      oiap: {
        url: `${oiap.url}/oifde/rest/appcube/api/getAppCubeToken`,
        appKey: `oiap-${LOCAL_TENANT}`,
        appSecret: expect.any(String),
      },
      'oiap-third-party': {
        url: `${oiap.url}/oifde/rest/api/gettoken`,
        appKey: `oiap-${LOCAL_TENANT}`,
        appSecret: expect.any(String),
      },
      live: {
        endpoint: live.url,
        appId: `live-${LOCAL_TENANT}`,
        accessKeyId: expect.stringMatching(/^LTAI/),
        accessKeySecret: expect.any(String),
      },
      'live-im': {
        appId: `im-${LOCAL_TENANT}`,
        appKey: expect.any(String),
        appSign: expect.any(String),
      },
      'live-rtc': { appId: `rtc-${LOCAL_TENANT}`, appKey: expect.any(String) },
    })
  })

  it('makes secrets anew on each start', async () => {
    const second = await startUpstreams()

    expect(second.tenantSecrets(LOCAL_TENANT).cec.appSecret).not.toBe(fixture.secrets.cec.appSecret)
    await second.close()
  })

  it('throws for a tenant that it does not know', () => {
    expect(() => fixture.upstreams.tenantSecrets('nobody')).toThrow('tenant nobody: unknown to the emulators')
  })

  it('takes a tenant with given secrets, and changes it', async () => {
    const given = { cec: { tokenExpireSeconds: 3600 }, oiap: { appKey: 'tenant001', appSecret: 'given' } }
    const first = fixture.upstreams.addTenant('other-tenant', given)
    const second = fixture.upstreams.addTenant('other-tenant', { oiap: { appSecret: 'changed' } })

    expect(first).toMatchObject(given)
    expect(second).toEqual({ ...first, oiap: { ...first.oiap, appSecret: 'changed' } })
    expect(fixture.upstreams.tenantSecrets('other-tenant')).toEqual(second)
  })

  it.each(VENDORS.map(({ system }) => system))('changes the secret of %s alone', async (system) => {
    const changed = fixture.upstreams.changeSecret(LOCAL_TENANT, system)

    expect({ ...changed, [system]: undefined }).toEqual({ ...fixture.secrets, [system]: undefined })
    expect(changed[system]).not.toEqual(fixture.secrets[system])
    expect((await tokenByAkSk(changed.cec)).status).toBe(200)
    expect((await getMessageToken(changed.live, START)).status).toBe(200)
    const type = { 'content-type': 'application/json; charset=UTF-8' }
    for (const { url, appKey, appSecret } of [changed.oiap, changed['oiap-third-party']])
      expect((await post(url, { appKey, appSecret }, type)).json.errorCode).toBe(0)
  })

  it('listens on the given ports, and on none when one is taken', async () => {
    const cec = Number(new URL(fixture.upstreams.cec.url).port)
    const live = Number(new URL(fixture.upstreams.live.url).port)
    await fixture.upstreams.live.close()

    await expect(startUpstreams({ ports: { cec, live } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await fixture.upstreams.close()
    const second = await startUpstreams({ ports: { cec, live } })
    expect(second.cec.url).toBe(`http://127.0.0.1:${cec}`)
    expect(second.live.url).toBe(`http://127.0.0.1:${live}`)
    await second.close()
  })
})
