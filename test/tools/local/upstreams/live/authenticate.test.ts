import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LOCAL_TENANT } from '../../../../../tools/local/constants.ts'
import { START, useUpstreams } from '../support.ts'
import { type Changes, getMessageToken } from './signer.ts'

const fixture = useUpstreams()
const MINUTE = 60_000

const call = (changes?: Changes) => getMessageToken(fixture.secrets.live, fixture.now, changes)
const refusal = async (changes?: Changes) => {
  const { status, json } = await call(changes)
  return [status, json.Code]
}

describe('tools/local/upstreams/live/authenticate', () => {
  it.each(['x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])(
    'refuses a request without %s',
    async (name) => {
      expect(await refusal({ headers: { [name]: undefined } })).toEqual([400, 'IncompleteSignature'])
    },
  )

  it.each([
    'content-type',
    'x-acs-action',
    'x-acs-version',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-content-sha256',
  ])('refuses a request that leaves %s unsigned', async (name) => {
    expect(await refusal({ leaveOut: [name] })).toEqual([400, 'IncompleteSignature'])
  })

  it('refuses an unsigned x-acs header that nobody asked for', async () => {
    const changes = { headers: { 'x-acs-extra': 'yes' }, leaveOut: ['x-acs-extra'] }

    expect(await refusal(changes)).toEqual([400, 'IncompleteSignature'])
    expect((await call({ headers: { 'x-acs-extra': 'yes' } })).status).toBe(200)
  })

  it('refuses a signed header that was not sent', async () => {
    const tamper: Changes['tamper'] = ({ headers }) => {
      delete headers['x-acs-extra']
    }

    expect(await refusal({ headers: { 'x-acs-extra': 'yes' }, tamper })).toEqual([400, 'IncompleteSignature'])
  })

  it('refuses a request without Authorization', async () => {
    const tamper: Changes['tamper'] = ({ headers }) => {
      delete headers['authorization']
    }

    expect(await refusal({ tamper })).toEqual([400, 'IncompleteSignature'])
  })

  it.each([
    ['the signature', (r: { headers: Record<string, string> }) => flipLast(r.headers, 'authorization')],
    ['the nonce', (r: { headers: Record<string, string> }) => flipLast(r.headers, 'x-acs-signature-nonce')],
    [
      'the body hash',
      (r: { headers: Record<string, string> }) => flipLast(r.headers, 'x-acs-content-sha256'),
    ],
    [
      'the body',
      (r: { body: string }) => {
        r.body = r.body.replace('DeviceType=web', 'DeviceType=wex')
      },
    ],
    [
      'the query',
      (r: { url: string }) => {
        r.url += '?a=b'
      },
    ],
    [
      'the content type',
      (r: { headers: Record<string, string> }) => {
        r.headers['content-type'] += ';charset=utf-8'
      },
    ],
  ] as [string, NonNullable<Changes['tamper']>][])(
    'refuses a request with %s changed after signing',
    async (_what, tamper) => {
      expect(await refusal({ tamper })).toEqual([400, 'SignatureDoesNotMatch'])
    },
  )

  it('refuses a query that is not percent-encoded', async () => {
    const tamper: Changes['tamper'] = (request) => {
      request.url += '?a=%ZZ'
    }

    expect(await refusal({ tamper })).toEqual([400, 'IncompleteSignature'])
  })

  it('refuses a body hash that is signed and false', async () => {
    const headers = { 'x-acs-content-sha256': 'a'.repeat(64) }

    expect(await refusal({ headers })).toEqual([400, 'SignatureDoesNotMatch'])
  })

  it('refuses a wrong secret and echoes the string to sign with the AccessKeyId', async () => {
    const { accessKeyId } = fixture.secrets.live

    const { json } = await getMessageToken({ ...fixture.secrets.live, accessKeySecret: 'wrong' }, fixture.now)

    expect(json).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      HostId: new URL(fixture.secrets.live.endpoint).host,
      Code: 'SignatureDoesNotMatch',
      Message: expect.stringContaining('server string to sign is:ACS3-HMAC-SHA256\n'),
      Recommend: expect.stringMatching(/^https:\/\/.*q=SignatureDoesNotMatch/),
    })
    expect(json.Message).toContain(accessKeyId)
  })

  it.each([
    [-15 * MINUTE, 200],
    [15 * MINUTE, 200],
    [-15 * MINUTE - 1000, 400],
    [15 * MINUTE + 1000, 400],
  ])('answers a clock that is off by %i ms with %i', async (skew, status) => {
    const answer = await getMessageToken(fixture.secrets.live, START + skew)

    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.json.Code).toBe('InvalidTimeStamp.Expired')
    expect(answer.headers.get('date')).toBe(new Date(START).toUTCString())
  })

  it.each(['2026-01-15T12:00:00.000Z', '2026-01-15 12:00:00', '2026-13-15T12:00:00Z', '1768478400'])(
    'refuses the date %s as ill-formed',
    async (date) => {
      expect(await refusal({ headers: { 'x-acs-date': date } })).toEqual([400, 'InvalidTimeStamp.Format'])
    },
  )

  it('refuses a nonce that the key has used, until half an hour later', async () => {
    const headers = { 'x-acs-signature-nonce': randomUUID() }
    const other = fixture.upstreams.addTenant('other-tenant').live
    expect((await call({ headers })).status).toBe(200)

    expect(await refusal({ headers })).toEqual([400, 'SignatureNonceUsed'])
    expect((await getMessageToken(other, START, { headers })).status).toBe(200)
    fixture.now += 30 * MINUTE
    expect((await call({ headers })).status).toBe(200)
  })

  it('leaves the nonce of an ill-signed request unused', async () => {
    const headers = { 'x-acs-signature-nonce': randomUUID() }
    await getMessageToken({ ...fixture.secrets.live, accessKeySecret: 'wrong' }, START, { headers })

    expect((await call({ headers })).status).toBe(200)
  })

  it('refuses an unknown key with 404', async () => {
    const { status, json } = await getMessageToken(
      { ...fixture.secrets.live, accessKeyId: 'LTAIunknown' },
      START,
    )

    expect([status, json.Code]).toEqual([404, 'InvalidAccessKeyId.NotFound'])
  })

  it('refuses an inactive key', async () => {
    const { live } = fixture.secrets
    fixture.upstreams.live.putKey({ ...live, appIds: [live.appId], status: 'inactive' })

    expect(await refusal()).toEqual([400, 'InvalidAccessKeyId.Inactive'])
  })

  it('takes an STS key with its security token, until it expires', async () => {
    const { live } = fixture.upstreams.useStsKey(LOCAL_TENANT, START + MINUTE)
    const code = async (secret: typeof live) => (await getMessageToken(secret, fixture.now)).json.Code
    const { securityToken, ...bare } = live

    expect(securityToken).toBeDefined()
    expect(await code(live)).toBeUndefined()
    expect(await code(bare)).toBe('MissingSecurityToken')
    expect(await code({ ...live, securityToken: 'other' })).toBe('InvalidSecurityToken.MismatchWithAccessKey')
    expect(await code({ ...fixture.secrets.live })).toBe('InvalidAccessKeyId.NotFound')
    fixture.now += MINUTE
    expect(await code(live)).toBe('InvalidSecurityToken.Expired')
  })

  it('refuses a security token that was left unsigned', async () => {
    const { live } = fixture.upstreams.useStsKey(LOCAL_TENANT)
    const { json } = await getMessageToken(live, START, { leaveOut: ['x-acs-security-token'] })

    expect(json.Code).toBe('IncompleteSignature')
  })

  it('refuses a security token beside a key that has none', async () => {
    const changes = { headers: { 'x-acs-security-token': 'token' } }

    expect(await refusal(changes)).toEqual([400, 'InvalidSecurityToken.MismatchWithAccessKey'])
  })
})

/** The last character is a hex digit in every header that this is used on. */
const flipLast = (headers: Record<string, string>, name: string): void => {
  const value = headers[name] ?? ''
  headers[name] = value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')
}
