import { describe, expect, it } from 'vitest'
import { LOCAL_TENANT } from '../../../../../tools/local/constants.ts'
import type { OiapEmulator } from '../../../../../tools/local/upstreams/oiap/server.ts'
import type { OiapSecret } from '../../../../../tools/local/upstreams/upstreams.ts'
import { ask, post, useUpstreams } from '../support.ts'

const fixture = useUpstreams()

const TYPE = 'application/json; charset=UTF-8'
const call = (
  { url, appKey, appSecret }: OiapSecret,
  body: unknown = { appKey, appSecret },
  type: string | undefined = TYPE,
) => post(url, body, { 'content-type': type })
const INTERFACES = [
  ['getAppCubeToken', 'oiap', (oiap: OiapEmulator) => oiap],
  ['gettoken', 'oiap-third-party', (oiap: OiapEmulator) => oiap.thirdParty],
] as const

describe.each(INTERFACES)('tools/local/upstreams/oiap/get-token, of %s', (name, system, of) => {
  const own = () => fixture.secrets[system]
  const guess = () => call({ ...own(), appSecret: 'wrong' })
  const emulator = () => of(fixture.upstreams.oiap)

  it('answers with a token for an hour', async () => {
    const { status, json } = await call(own())

    expect(status).toBe(200)
    expect(json).toEqual({
      errorCode: 0,
      errorMsg: '',
      authToken: expect.stringMatching(/^[\w-]{43}$/),
      expireTime: 3600,
    })
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('refuses %s with 405', async (method) => {
    const { status, headers } = await ask(own().url, { method })

    expect([status, headers.get('allow')]).toEqual([405, 'POST'])
  })

  it.each(['application/json', 'text/plain; charset=UTF-8', 'application/json; charset=GBK', ''])(
    'refuses Content-Type %j with 10000002',
    async (type) => {
      const { status, json } = await call(own(), undefined, type)

      expect([status, json.errorCode]).toEqual([200, 10000002])
    },
  )

  it.each(['application/json;charset=utf-8', 'Application/JSON ; Charset="UTF-8"'])(
    'takes Content-Type %j',
    async (type) => {
      expect((await call(own(), undefined, type)).json.errorCode).toBe(0)
    },
  )

  it.each([
    ['{', 10000002],
    ['[]', 10000002],
    ['{"appKey":"key","appSecret":7}', 10000002],
    ['{"appKey":"","appSecret":"secret"}', 10000002],
    ['{}', 10000003],
    ['{"appKey":"key"}', 10000003],
    ['{"appKey":null,"appSecret":"secret"}', 10000003],
  ])('refuses the body %s with %i', async (body, errorCode) => {
    const { status, json } = await call(own(), body)

    expect([status, json]).toEqual([200, { errorCode, errorMsg: expect.any(String) }])
  })

  it('refuses an unknown key with 200800001', async () => {
    const { status, json } = await call({ ...own(), appKey: 'unknown' })

    expect([status, json]).toEqual([200, { errorCode: 200800001, errorMsg: 'The key does not exist.' }])
    expect(emulator().wrongSecrets()).toBe(0)
  })

  it('locks an account after 5 wrong secrets, for the right one too', async () => {
    const codes = []
    for (let n = 0; n < 6; n += 1) codes.push((await guess()).json.errorCode)
    codes.push((await call(own())).json.errorCode)

    expect(codes).toEqual([...Array(5).fill(200800002), 200800003, 200800003])
    expect(emulator().isLocked(own().appKey)).toBe(true)
    expect(emulator().wrongSecrets()).toBe(6)
  })

  it('opens a lock for an administrator alone', async () => {
    for (let n = 0; n < 5; n += 1) await guess()
    const changed = fixture.upstreams.changeSecret(LOCAL_TENANT, system)[system]
    expect((await call(changed)).json.errorCode).toBe(200800003)

    emulator().unlock(changed.appKey)

    expect((await call(changed)).json.errorCode).toBe(0)
  })

  it('forgets wrong secrets after a right one', async () => {
    for (let n = 0; n < 4; n += 1) await guess()
    await call(own())
    for (let n = 0; n < 4; n += 1) await guess()

    expect((await call(own())).json.errorCode).toBe(0)
  })

  it('counts wrong secrets by key until the counters are reset, over HTTP too', async () => {
    const other = fixture.upstreams.addTenant('other-tenant')[system]
    await guess()
    await call({ ...other, appSecret: 'wrong' })
    await call({ ...other, appSecret: 'wrong' })
    const { oiap } = fixture.upstreams

    expect([emulator().wrongSecrets(), emulator().wrongSecrets(other.appKey)]).toEqual([3, 2])
    expect((await ask(`${oiap.url}/_control/calls`)).json).toEqual({
      calls: { [name]: 3 },
      wrongSecrets: { getAppCubeToken: 0, gettoken: 0, [name]: 3 },
    })
    oiap.resetCalls()
    expect([emulator().wrongSecrets(), oiap.calls()]).toEqual([0, 0])
  })
})

describe('the two passwords of a tenant with OIAP', () => {
  it.each([
    [INTERFACES[0], INTERFACES[1]],
    [INTERFACES[1], INTERFACES[0]],
  ])('are counted and locked apart', async ([, system, of], [, otherSystem, ofOther]) => {
    const { oiap } = fixture.upstreams
    const { appKey } = fixture.secrets[system]
    // the other password is a wrong one here, though the key is the same
    const { appSecret } = fixture.secrets[otherSystem]
    for (let n = 0; n < 5; n += 1) await call({ ...fixture.secrets[system], appSecret })

    expect([of(oiap).wrongSecrets(appKey), ofOther(oiap).wrongSecrets(appKey)]).toEqual([5, 0])
    expect([of(oiap).isLocked(appKey), ofOther(oiap).isLocked(appKey)]).toEqual([true, false])
    expect((await call(fixture.secrets[system])).json.errorCode).toBe(200800003)
    expect((await call(fixture.secrets[otherSystem])).json.errorCode).toBe(0)
  })
})
