import { describe, expect, it } from 'vitest'
import { LOCAL_TENANT } from '../../../../../tools/local/constants.ts'
import { ask, useUpstreams } from '../support.ts'
import { APPLY, applyToken, enter, newBearer, send, tokenByAkSk } from './calls.ts'

const fixture = useUpstreams()

const AUTH_FAIL = { errorCode: '0', exceptionInfo: 'auth fail! illegal or expired token info...' }

describe('tools/local/upstreams/cec/apply-token', () => {
  it('answers with a token that holds tenant, channel and user', async () => {
    const bearer = await newBearer(fixture.secrets.cec)

    const { status, json } = await applyToken(fixture.secrets.cec, bearer)

    expect([status, json]).toEqual([200, { token: expect.any(String), resultCode: '0', resultDesc: '' }])
    expect(JSON.parse(Buffer.from(json.token, 'base64').toString())).toMatchObject({
      tenantSpaceId: LOCAL_TENANT,
      channelId: APPLY.channelId,
      userId: APPLY.userId,
    })
  })

  it('refuses an AccessToken from the second it expires', async () => {
    const bearer = await newBearer(fixture.secrets.cec, '600')

    fixture.now += 599_999
    expect((await applyToken(fixture.secrets.cec, bearer)).status).toBe(200)
    fixture.now += 1
    const { status, json } = await applyToken(fixture.secrets.cec, bearer)
    expect([status, json]).toEqual([403, AUTH_FAIL])
  })

  it.each([undefined, 'Bearer unknown', 'unknown', 'Bearer  two-blanks'])(
    'refuses Authorization %s',
    async (authorization) => {
      const { status, json } = await applyToken(fixture.secrets.cec, '', APPLY, { authorization })

      expect([status, json]).toEqual([403, AUTH_FAIL])
    },
  )

  it.each([undefined, 'other'])('refuses x-app-key %s, without the text of an expiry', async (key) => {
    const bearer = await newBearer(fixture.secrets.cec)

    const { status, json } = await applyToken(fixture.secrets.cec, bearer, APPLY, { 'x-app-key': key })

    expect([status, json.errorCode]).toEqual([403, '0'])
    expect(json.exceptionInfo).not.toContain('illegal or expired')
  })

  it("refuses another app's x-app-key", async () => {
    const other = fixture.upstreams.addTenant('other-tenant')
    const bearer = await newBearer(fixture.secrets.cec)

    expect((await applyToken({ ...fixture.secrets.cec, appKey: other.cec.appKey }, bearer)).status).toBe(403)
  })

  it.each([
    ['userId', 'u'.repeat(32)],
    ['userId', '𝄞'.repeat(32)],
    ['userName', '王小明'],
    ['locale', 'zh'],
    ['locale', 'zh_CN'],
    ['locale', 'en_US'],
  ])('takes %s %s', async (member, value) => {
    const bearer = await newBearer(fixture.secrets.cec)

    expect((await applyToken(fixture.secrets.cec, bearer, { ...APPLY, [member]: value })).status).toBe(200)
  })

  it.each([
    ['userId', undefined],
    ['userId', ''],
    ['userId', 'u'.repeat(33)],
    ['userId', 10010001],
    ['userName', undefined],
    ['userName', ''],
    ['channelId', undefined],
    ['channelId', null],
    ['locale', undefined],
    ['locale', 'en-US'],
    ['locale', 'EN'],
    ['locale', 'english'],
  ])('refuses %s %s', async (member, value) => {
    const bearer = await newBearer(fixture.secrets.cec)

    const { status, json } = await applyToken(fixture.secrets.cec, bearer, { ...APPLY, [member]: value })

    expect([status, json.errorCode]).toEqual([400, '0'])
    expect(json.exceptionInfo).toContain(member)
  })

  it.each(['', '{', '[]', '"text"'])('refuses the body %j', async (body) => {
    const bearer = await newBearer(fixture.secrets.cec)

    expect((await applyToken(fixture.secrets.cec, bearer, body)).status).toBe(400)
  })

  it('refuses another method and another content type', async () => {
    const bearer = await newBearer(fixture.secrets.cec)
    const type = { 'content-type': 'text/plain' }

    expect((await ask(fixture.secrets.cec.applyTokenUrl)).status).toBe(405)
    expect((await applyToken(fixture.secrets.cec, bearer, APPLY, type)).status).toBe(400)
  })

  it('ends the older token of the same tenant, channel and user, and no other', async () => {
    const first = await enter(fixture.secrets.cec)
    const elsewhere = await enter(fixture.secrets.cec, { ...APPLY, channelId: 'channel-8' })
    const second = await enter(fixture.secrets.cec)
    const connect = { controlType: 'CONNECT' }

    expect((await send(first, connect)).status).toBe(401)
    expect((await send(second, connect)).status).toBe(200)
    expect((await send(elsewhere, { ...connect, to: 'channel-8' })).status).toBe(200)
  })

  it("keeps two tenants' users apart when their ids are equal", async () => {
    const first = await enter(fixture.secrets.cec)
    await enter(fixture.upstreams.addTenant('other-tenant').cec)

    expect((await send(first, { controlType: 'CONNECT' })).status).toBe(200)
  })

  it('lives on AccessTokens of the old secret after a change, which the new one alone extends', async () => {
    const bearer = await newBearer(fixture.secrets.cec)
    const { cec } = fixture.upstreams.changeSecret(LOCAL_TENANT, 'cec')

    expect((await applyToken(fixture.secrets.cec, bearer)).status).toBe(200)
    expect((await tokenByAkSk(fixture.secrets.cec)).status).toBe(403)
    expect((await tokenByAkSk(cec)).status).toBe(200)
  })
})
