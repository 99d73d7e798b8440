import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalRequest,
  parseAuthorization,
  sign,
  stringToSign,
} from '../../../../../tools/local/upstreams/live/signature.ts'
import { authorizationOf, queryOf, type Unsigned } from './signer.ts'

/** The vector that Alibaba publishes with the rules. */
const KEY = { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' }
const VECTOR: Unsigned = {
  method: 'POST',
  host: 'ecs.cn-shanghai.aliyuncs.com',
  query: [
    ['RegionId', 'cn-shanghai'],
    ['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
  ],
  headers: {
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  },
  body: '',
}
const SIGNATURE = '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0'

/** What the emulator makes of a request that says nothing of its own signature. */
const byTheEmulator = ({ method, host, query, headers, body }: Unsigned, accessKeySecret: string): string => {
  const received = { ...headers, host }
  const request = { method, path: '/', query: queryOf(query), headers: received, body: Buffer.from(body) }
  return sign(stringToSign(canonicalRequest(request, Object.keys(received).sort())), accessKeySecret)
}

describe('tools/local/upstreams/live/signature', () => {
  it('reproduces the published vector', () => {
    expect(byTheEmulator(VECTOR, KEY.accessKeySecret)).toBe(SIGNATURE)
  })

  it('is judged by a signer that reproduces it too', () => {
    expect(authorizationOf(VECTOR, KEY)).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;' +
        `x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=${SIGNATURE}`,
    )
  })

  it('agrees with that signer on any query and body', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), text, (query, body) => {
        const request = { ...VECTOR, query, body }
        expect(authorizationOf(request, KEY)).toContain(
          `Signature=${byTheEmulator(request, KEY.accessKeySecret)}`,
        )
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['sent in another order', 'b=2&a=1', 'a=1&b=2'],
    ['with a bare name', 'a', 'a='],
    ['with an equals sign in a value', 'a=b%3Dc', 'a=b%3Dc'],
    ['with what RFC 3986 reserves', "a=!'()*", 'a=%21%27%28%29%2A'],
    ['with a plus sign, which is no blank', 'a=b+c%20d', 'a=b%2Bc%20d'],
    ['with a name twice', 'a=2&a=1', 'a=1&a=2'],
  ])('makes a query canonical %s', (_how, sent, canonical) => {
    const request = { method: 'POST', path: '/', query: sent, headers: {}, body: Buffer.alloc(0) }

    expect(canonicalRequest(request, [])).toContain(`POST\n/\n${canonical}\n`)
  })

  it('trims the values of headers', () => {
    const request = { method: 'POST', path: '/', query: '', headers: { host: ' a ' }, body: Buffer.alloc(0) }

    expect(canonicalRequest(request, ['host'])).toContain('host:a\n\nhost\n')
  })
})

describe('parseAuthorization', () => {
  const signature = 'a'.repeat(64)

  it('reads the three parts', () => {
    const text = `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature=${signature}`

    expect(parseAuthorization(text)).toEqual({
      accessKeyId: 'id',
      signedHeaders: ['host', 'x-acs-date'],
      signature,
    })
  })

  it.each([
    ['nothing', ''],
    ['another algorithm', `ACS3-HMAC-SM3 Credential=id,SignedHeaders=host,Signature=${signature}`],
    ['no key', `ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=${signature}`],
    ['no headers', `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=,Signature=${signature}`],
    [
      'headers unsorted',
      `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=x-acs-date;host,Signature=${signature}`,
    ],
    ['a header twice', `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;host,Signature=${signature}`],
    ['capital letters', `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=Host,Signature=${signature}`],
    ['a short signature', 'ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=aa'],
  ])('refuses %s', (_what, text) => {
    expect(parseAuthorization(text)).toBeUndefined()
  })
})
