import { describe, expect, it } from 'vitest'
import { ask, START, useUpstreams } from '../support.ts'
import { type Changes, getMessageToken, good } from './signer.ts'

const fixture = useUpstreams()

const call = (changes?: Changes) => getMessageToken(fixture.secrets.live, fixture.now, changes)
const withForm = (change: Record<string, string>) =>
  call({ form: { ...good(fixture.secrets.live), ...change } })
const INVALID = {
  RequestId: expect.any(String),
  HostId: expect.any(String),
  Code: 'InvaildParameter',
  Message: 'Invalid Parameter',
  Recommend: expect.any(String),
}

describe('tools/local/upstreams/live/get-message-token', () => {
  it('answers with tokens and a duration in milliseconds', async () => {
    const { status, json, headers } = await call()

    expect([status, headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(json).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      Result: {
        AccessToken: expect.stringMatching(/^oauth_cloud_key:/),
        AccessTokenExpiredTime: 86_400_000,
        RefreshToken: expect.stringMatching(/^oauth_cloud_key:/),
      },
    })
    expect(json.Result.RefreshToken).not.toBe(json.Result.AccessToken)
  })

  it.each([undefined, '*/*', 'text/xml'])('answers in XML to accept: %s', async (accept) => {
    const { headers, text } = await call({ headers: { accept } })

    expect(headers.get('content-type')).toBe('text/xml;charset=utf-8')
    expect(text).toMatch(/^<\?xml .*<GetMessageTokenResponse><RequestId>.*<AccessTokenExpiredTime>86400000</)
  })

  it('refuses in XML, its text escaped', async () => {
    const changes = { headers: { accept: undefined, 'x-acs-extra': '<&>' } }
    const { text } = await getMessageToken(
      { ...fixture.secrets.live, accessKeySecret: 'wrong' },
      START,
      changes,
    )

    expect(text).toContain('<Error><RequestId>')
    expect(text).toContain('<Code>SignatureDoesNotMatch</Code>')
    expect(text).toContain('x-acs-extra:&#60;&#38;&#62;')
  })

  it.each([
    ['DeviceId', 'a'.repeat(64)],
    ['DeviceId', '_-0'],
    ['DeviceType', 'ios'],
    ['DeviceType', 'android'],
    ['DeviceType', 'pc'],
    ['UserId', 'a'.repeat(32)],
    ['UserId', '_.0'],
  ])('takes %s %s', async (name, value) => {
    expect((await withForm({ [name]: value })).status).toBe(200)
  })

  it.each([
    ['AppId', ''],
    ['AppId', 'another-app'],
    ['DeviceId', ''],
    ['DeviceId', 'a'.repeat(65)],
    ['DeviceId', 'Device'],
    ['DeviceId', 'a.b'],
    ['DeviceType', ''],
    ['DeviceType', 'Web'],
    ['DeviceType', 'tv'],
    ['UserId', ''],
    ['UserId', 'a'.repeat(33)],
    ['UserId', 'Tom'],
    ['UserId', 'a-b'],
    ['UserId', 'a\n'],
  ])('refuses %s %j', async (name, value) => {
    const { status, json } = await withForm({ [name]: value })

    expect([status, json]).toEqual([400, INVALID])
  })

  it.each(['AppId', 'DeviceId', 'DeviceType', 'UserId'] as const)(
    'refuses %s absent, twice, or in the query',
    async (name) => {
      const all = good(fixture.secrets.live)
      const value = all[name]
      const pairs = Object.entries(all)
      const rest = pairs.filter(([other]) => other !== name)

      expect((await call({ form: rest })).json).toEqual(INVALID)
      expect((await call({ form: [...pairs, [name, value]] })).json).toEqual(INVALID)
      expect((await call({ form: rest, query: [[name, value]] })).json).toEqual(INVALID)
      expect((await call({ query: [[name, value]] })).json).toEqual(INVALID)
    },
  )

  it('takes other parameters in a signed query', async () => {
    expect((await call({ query: [['Other', "a b*!'()~é"]] })).status).toBe(200)
  })

  it('refuses a form under another content type', async () => {
    expect((await call({ headers: { 'content-type': 'application/json' } })).json).toEqual(INVALID)
  })

  it('refuses another version', async () => {
    const { status, json } = await call({ headers: { 'x-acs-version': '2017-01-01' } })

    expect([status, json.Code]).toEqual([400, 'InvalidVersion'])
  })

  it('refuses another action, path or method with 404', async () => {
    const { endpoint } = fixture.secrets.live
    const headers = { accept: 'application/json', 'x-acs-action': 'GetMessageToken' }

    for (const answer of [
      await call({ headers: { 'x-acs-action': 'GetMessageApp' } }),
      await ask(endpoint, { headers }),
      await ask(`${endpoint}/live`, { method: 'POST', headers }),
    ]) {
      expect([answer.status, answer.json.Code]).toEqual([404, 'InvalidAction.NotFound'])
    }
    expect(fixture.upstreams.live.calls('other')).toBe(3)
  })

  it('refuses a key that may not call it with 403', async () => {
    const { live } = fixture.secrets
    fixture.upstreams.live.putKey({ ...live, appIds: [live.appId], status: 'forbidden' })

    const { status, json } = await call()

    expect([status, json.Code]).toEqual([403, 'Forbidden'])
  })

  it('lets an account make 100 calls a second, all its keys together', async () => {
    const { live } = fixture.secrets
    const second = { ...live, accessKeyId: 'LTAIsecond' }
    const other = fixture.upstreams.addTenant('other-tenant').live
    for (const key of [live, second]) {
      fixture.upstreams.live.putKey({ ...key, appIds: [live.appId], account: 'one' })
    }
    const calls = Array.from({ length: 100 }, (_, n) => getMessageToken(n % 2 ? live : second, START))
    expect((await Promise.all(calls)).filter(({ status }) => status === 200)).toHaveLength(100)

    const { status, json } = await call()

    expect([status, json.Code]).toEqual([400, 'Throttling.User'])
    expect((await getMessageToken(other, START)).status).toBe(200)
    fixture.now += 1000
    expect((await call()).status).toBe(200)
  })
})
