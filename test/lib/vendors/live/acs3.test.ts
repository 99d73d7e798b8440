import { createHash, randomBytes } from 'node:crypto'
import OfficialClient, { $OpenApiUtil, OpenApiUtil } from '@alicloud/openapi-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Acs3Request, acs3Headers, canonicalQuery } from '../../../../lib/vendors/live/acs3.ts'
import { startUpstreams, type Upstreams } from '../../../../tools/local/upstreams/upstreams.ts'
import { secret } from '../../../support/canary.ts'
import { TENANT } from '../../../support/world.ts'

const base: Acs3Request = {
  method: 'POST',
  host: 'live.aliyuncs.com',
  action: 'GetMessageToken',
  version: '2016-11-01',
  date: new Date('2026-11-22T00:00:00.500Z'),
  nonce: 'n',
}
const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' }
const signatureOf = (headers: Record<string, string>) =>
  /Signature=([0-9a-f]{64})$/.exec(headers['authorization'] ?? '')?.[1]

describe('lib/vendors/live/acs3', () => {
  it('reproduces the published vector', () => {
    const headers = acs3Headers(
      {
        method: 'POST',
        host: 'ecs.cn-shanghai.aliyuncs.com',
        action: 'RunInstances',
        version: '2014-05-26',
        query: { ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd', RegionId: 'cn-shanghai' },
        date: new Date('2023-10-26T10:22:32Z'),
        nonce: '3156853299f313e23d1673dc12e1703d',
      },
      { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' },
    )
    expect(signatureOf(headers)).toBe('06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0')
  })

  it('agrees with the official client on 200 random requests', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    const request = fc.record({
      // The official client does not encode names: theirs are the API's own and need it never.
      query: fc.dictionary(fc.stringMatching(/^[A-Za-z][\w.~-]{0,15}$/), text, { noNullPrototype: true }),
      body: fc.string({ maxLength: 100 }),
      securityToken: fc.option(fc.stringMatching(/^[!-~]{1,40}$/), { nil: undefined }),
      nonce: fc.uuid(),
      date: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    })
    let compared = 0
    fc.assert(
      fc.property(request, ({ securityToken, ...rest }) => {
        const contentType = 'application/x-www-form-urlencoded'
        const { authorization, ...headers } = acs3Headers(
          { ...base, ...rest, contentType },
          { ...credentials, securityToken },
        )
        const theirs = { method: 'POST', pathname: '/', query: rest.query, headers }
        const hash = createHash('sha256').update(rest.body).digest('hex')
        expect(authorization).toBe(
          OpenApiUtil.getAuthorization(theirs as never, 'ACS3-HMAC-SHA256', hash, 'id', 'secret'),
        )
        compared += 1
      }),
      { numRuns: 200 },
    )
    expect(compared).toBe(200)
  })

  it('changes with every part of the request', () => {
    const changes: Partial<Acs3Request>[] = [
      {},
      { host: 'other' },
      { action: 'Other' },
      { version: '2016-11-02' },
      { nonce: 'm' },
      { date: new Date(0) },
      { body: 'a=b' },
      { query: { a: 'b' } },
      { contentType: 'text/plain' },
      { method: 'GET' },
    ]
    const signatures = changes.map((change) => signatureOf(acs3Headers({ ...base, ...change }, credentials)))
    expect(new Set(signatures).size).toBe(changes.length)
  })

  it('signs the security token of temporary credentials', () => {
    const headers = acs3Headers(base, { ...credentials, securityToken: 'sts' })
    expect(headers['x-acs-security-token']).toBe('sts')
    expect(headers['authorization']).toContain('x-acs-security-token;')
  })
})

describe('lib/vendors/live/acs3: canonicalQuery', () => {
  it.each([
    [{ a: '' }, 'a='],
    [{ b: '1', a: '2' }, 'a=2&b=1'],
    [{ 'a b': "!'()*" }, 'a%20b=%21%27%28%29%2A'],
    [{ a: '+&=/?~-._' }, 'a=%2B%26%3D%2F%3F~-._'],
    [{ a: 'é中😀' }, 'a=%C3%A9%E4%B8%AD%F0%9F%98%80'],
    [{ a: '1', A: '2', '10': '3', '9': '4' }, '10=3&9=4&A=2&a=1'],
  ])('encodes %j', (query, expected) => {
    expect(canonicalQuery(query as Record<string, string>)).toBe(expected)
  })

  it('holds unreserved characters and escapes alone, is sorted, and can be read back', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed())
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (query) => {
        const canonical = canonicalQuery(query)
        expect(canonical).toMatch(/^(?:[A-Za-z0-9~._=&-]|%[0-9A-F]{2})*$/)
        const names = canonical === '' ? [] : canonical.split('&').map((pair) => pair.split('=')[0] ?? '')
        expect(names).toEqual([...names].sort())
        const back =
          canonical === '' ? [] : canonical.split('&').map((pair) => pair.split('=').map(decodeURIComponent))
        expect(new Map(back as [string, string][])).toEqual(new Map(Object.entries(query)))
      }),
    )
  })
})

describe('the Live emulator', () => {
  let vendors: Upstreams
  beforeAll(async () => {
    vendors = await startUpstreams()
  })
  afterAll(() => vendors.close())

  const callAs = async (accessKeyId: string, accessKeySecret: string): Promise<unknown> => {
    const { endpoint, appId } = vendors.tenantSecrets(TENANT).live
    const Client = OfficialClient as unknown as new (
      config: unknown,
    ) => { callApi: (...args: unknown[]) => Promise<unknown> }
    const config = {
      accessKeyId,
      accessKeySecret,
      endpoint: new URL(endpoint).host,
      protocol: 'http',
      regionId: 'eu-central-1',
    }
    const client = new Client(new $OpenApiUtil.Config(config))
    const params = {
      action: 'GetMessageToken',
      version: '2016-11-01',
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    }
    const body = { AppId: appId, DeviceId: 'device-1', DeviceType: 'web', UserId: 'tom' }
    return client.callApi(new $OpenApiUtil.Params(params), new $OpenApiUtil.OpenApiRequest({ body }), {
      autoretry: false,
    } as never)
  }

  it('accepts the official client, and refuses it with one byte of the key changed', async () => {
    const { accessKeyId, accessKeySecret } = vendors.tenantSecrets(TENANT).live
    secret('AccessKeySecret', accessKeySecret)
    expect(await callAs(accessKeyId, accessKeySecret)).toMatchObject({
      statusCode: 200,
      body: { Result: { AccessToken: expect.any(String), AccessTokenExpiredTime: 86_400_000 } },
    })
    const changed = (accessKeySecret[0] === 'A' ? 'B' : 'A') + accessKeySecret.slice(1)
    await expect(callAs(accessKeyId, changed)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
    await expect(callAs(`${randomBytes(8).toString('hex')}`, accessKeySecret)).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    })
  })
})
