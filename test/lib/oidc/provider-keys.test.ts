import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keyDiscovery } from '../../../lib/oidc/discovery.ts'
import { type ProviderKeys, providerKeys } from '../../../lib/oidc/provider-keys.ts'
import { outbound } from '../../../lib/outbound/outbound.ts'
import type { OidcAlgorithm } from '../../../lib/schemas/oidc.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'

const DISCOVERY = '/.well-known/openid-configuration'
const BOTH = [DISCOVERY, '/jwks']

let idp: IdentityProvider
let at: number
let keys: ProviderKeys
const now = () => new Date(at)

beforeAll(async () => {
  idp = await startIdentityProvider()
})
afterAll(() => idp.close())
beforeEach(() => {
  at = Date.now()
  idp.instead.clear()
  idp.requests.length = 0
  const fetchKeys = keyDiscovery(outbound({ now, random: () => 0, allowLoopbackHttp: true }))
  keys = providerKeys({ fetchKeys, now })
})

const deadline = (remainingMs = 5_000) => ({ remainingMs: () => remainingMs })
const find = (kid = idp.ecKey.kid, alg: OidcAlgorithm = 'ES256') =>
  keys({ issuer: idp.issuer }, { kid, alg }, deadline())
/** A reason names the provider. */
const of = (reason: string) => `${new URL(idp.issuer).host}: ${reason}`
const asked = () => idp.requests.splice(0)
const json = (value: unknown) => (response: ServerResponse) => void response.end(JSON.stringify(value))
const publish = (...published: unknown[]) => idp.instead.set('/jwks', json({ keys: published }))
const ecJwk = (changes: object = {}) => ({
  ...createPublicKey(idp.ecKey.key).export({ format: 'jwk' }),
  kid: 'new',
  ...changes,
})
const otherEcJwk = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const rsaJwk = (modulusLength: number, kid: string) => ({
  ...generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' }),
  kid,
})

describe('lib/oidc/provider-keys: asking', () => {
  it('finds a key by discovery, once for many who ask at a time', async () => {
    const found = await Promise.all(Array.from({ length: 20 }, () => find()))
    expect(new Set(found).size).toBe(1)
    expect(found[0]).toBeDefined()
    expect(asked()).toEqual(BOTH)
  })

  it('asks again after ten minutes, and not before', async () => {
    await find()
    at += 599_999
    await find()
    expect(asked()).toEqual(BOTH)
    at += 1
    await find()
    expect(asked()).toEqual(BOTH)
  })

  it('remembers 200 providers, and forgets the first for one more', async () => {
    const fetched: string[] = []
    const many = providerKeys({
      fetchKeys: async ({ issuer }) => {
        fetched.push(issuer)
        return []
      },
      now,
    })
    const ask = (n: number) =>
      many({ issuer: `https://idp-${n}.example.com` }, { kid: 'k', alg: 'ES256' }, deadline())
    for (let n = 0; n < 200; n++) await ask(n)
    await ask(0)
    expect(fetched).toHaveLength(200)
    await ask(200)
    await ask(1)
    expect(fetched).toHaveLength(201)
    await ask(0)
    expect(fetched).toHaveLength(202)
  })

  it('asks again when a clock was set back', async () => {
    await find()
    asked()
    at -= 3_600_000
    await find()
    expect(asked()).toEqual(BOTH)
  })

  it('no longer knows a key that was withdrawn', async () => {
    await find()
    publish(ecJwk())
    at += 600_000
    expect(await find()).toBeUndefined()
  })

  it('asks because of an unknown key at most every 30 s, and then finds a new one', async () => {
    await find()
    asked()
    at += 29_999
    await Promise.all([find('unknown'), find('unknown')])
    expect(asked()).toEqual([])
    at += 1
    await Promise.all([find('unknown'), find('unknown')])
    expect(asked()).toEqual(BOTH)
    at += 30_000
    publish(ecJwk())
    expect(await find('new')).toBeDefined()
  })

  it('finds a new key for all who ask for it while it is being fetched', async () => {
    await find()
    asked()
    at += 30_000
    publish(ecJwk())
    const found = await Promise.all([find('new'), find('new'), find('new')])
    expect(found.map((key) => key !== undefined)).toEqual([true, true, true])
    expect(asked()).toEqual(BOTH)
  })

  it('keeps each issuer’s keys apart', async () => {
    const other = await startIdentityProvider()
    await find()
    expect(
      await keys({ issuer: other.issuer }, { kid: idp.ecKey.kid, alg: 'ES256' }, deadline()),
    ).toBeUndefined()
    expect(
      await keys({ issuer: other.issuer }, { kid: other.ecKey.kid, alg: 'ES256' }, deadline()),
    ).toBeDefined()
    await other.close()
  })
})

describe('lib/oidc/provider-keys: choosing', () => {
  it.each([
    ['the key of this kid', () => [ecJwk()], true],
    ['a key for signatures', () => [ecJwk({ use: 'sig', alg: 'ES256' })], true],
    ['it among keys of other kinds', () => [{ kty: 'OKP', kid: 'new' }, ecJwk(), null, 'x'], true],
    ['it beside an RSA key of the same kid', () => [ecJwk(), rsaJwk(2048, 'new')], true],
    ['a key for encryption', () => [ecJwk({ use: 'enc' })], false],
    ['a key for another algorithm', () => [ecJwk({ alg: 'ES384' })], false],
    ['a key of another curve', () => [ecJwk({ crv: 'P-384' })], false],
    ['a point off the curve', () => [ecJwk({ y: 'A'.repeat(43) })], false],
    ['a copy of the key', () => [ecJwk(), ecJwk({ alg: 'ES256' }), ecJwk()], true],
    ['two keys of one kid', () => [ecJwk(), { ...ecJwk(), ...otherEcJwk() }], false],
    ['a key for checking signatures alone', () => [ecJwk({ key_ops: ['verify'] })], true],
    ['a key for making signatures', () => [ecJwk({ key_ops: ['sign'] })], false],
    ['a key for no operation', () => [ecJwk({ key_ops: [] })], false],
    ['a key for encryption beside it', () => [ecJwk({ use: 'enc' }), ecJwk()], true],
    ['it beside a key for making signatures', () => [ecJwk({ key_ops: ['sign'] }), ecJwk()], true],
    ['no kid', () => [ecJwk({ kid: undefined })], false],
    ['a symmetric key', () => [{ kty: 'oct', k: 'A'.repeat(43), kid: 'new' }], false],
    ['no keys', () => [], false],
  ])('given %s', async (_, published, isFound) => {
    publish(...published())
    expect((await find('new')) !== undefined).toBe(isFound)
  })

  it.each([
    ['ES256', 'P-256', true],
    ['ES384', 'P-384', true],
    ['ES384', 'P-256', false],
    ['ES256', 'P-384', false],
  ] as const)('for %s given a key of %s: %s', async (alg, namedCurve, isFound) => {
    publish({ ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }), kid: 'new' })
    expect((await find('new', alg)) !== undefined).toBe(isFound)
  })

  it.each(['=', '=='])('a modulus with %s behind it, and an id that ends with one', async (padding) => {
    const { n, ...others } = rsaJwk(2048, '1234example=')
    publish({ ...others, n: `${n}${padding}` })
    expect(await find('1234example=', 'RS256')).toBeDefined()
    publish({ ...others, kid: 'other=', n: `${n}===` })
    at += 30_000
    expect(await find('other=', 'RS256')).toBeUndefined()
  })

  it('takes no RSA key of fewer than 2048 bits', async () => {
    publish(rsaJwk(1024, 'short'), rsaJwk(2048, 'long'))
    expect(await find('short', 'RS256')).toBeUndefined()
    expect(await find('long', 'RS256')).toBeDefined()
    expect(await find('long', 'PS256')).toBeDefined()
    expect(await find('long', 'ES256')).toBeUndefined()
  })
})

const discovery = (changes: object) =>
  json({ issuer: idp.issuer, jwks_uri: `${idp.issuer}/jwks`, ...changes })

describe('lib/oidc/provider-keys: reading', () => {
  it.each<[string, (text: string) => Buffer, string]>([
    ['a byte order mark', (text) => Buffer.from(`\u{feff}${text}`), 'identity'],
    ['gzip', gzipSync, 'gzip'],
    ['br', brotliCompressSync, 'br'],
  ])('takes documents and key sets with %s', async (_, body, encoding) => {
    const send = (value: object) => (response: ServerResponse) =>
      void response.setHeader('content-encoding', encoding).end(body(JSON.stringify(value)))
    idp.instead.set(DISCOVERY, send({ issuer: idp.issuer, jwks_uri: `${idp.issuer}/jwks` }))
    idp.instead.set('/jwks', send({ keys: [ecJwk()] }))
    expect(await find('new')).toBeDefined()
  })
})

/** What trying again does not change. */
const LASTING = ['the discovery document is of another issuer', 'jwks_uri is of another origin']

describe('lib/oidc/provider-keys: a provider that cannot be trusted', () => {
  const FAULTS: [string, string, (response: ServerResponse) => void, reason: string][] = [
    ['a redirect', DISCOVERY, (r) => void r.writeHead(302, { location: '/jwks' }).end(), 'status 302'],
    ['an outage', DISCOVERY, (r) => void r.writeHead(500).end(), 'status 500'],
    ['no JSON', DISCOVERY, (r) => void r.end('<html>'), 'no discovery document'],
    [
      'a document without jwks_uri',
      DISCOVERY,
      (r) => discovery({ jwks_uri: undefined })(r),
      'no discovery document',
    ],
    [
      'a document of another issuer',
      DISCOVERY,
      (r) => discovery({ issuer: `${idp.issuer}/` })(r),
      'the discovery document is of another issuer',
    ],
    [
      'keys of another origin',
      DISCOVERY,
      (r) => discovery({ jwks_uri: 'https://other.invalid/jwks' })(r),
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    [
      'keys on another port',
      DISCOVERY,
      (r) => discovery({ jwks_uri: 'http://127.0.0.1:1/jwks' })(r),
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    [
      'keys behind a password',
      DISCOVERY,
      (r) => discovery({ jwks_uri: idp.issuer.replace('//', '//user:password@') })(r),
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    [
      'keys at no URL',
      DISCOVERY,
      (r) => discovery({ jwks_uri: '/jwks' })(r),
      'jwks_uri is of another origin: name it as jwksUri in the entry',
    ],
    [
      'a document of 70 KB',
      DISCOVERY,
      (r) => discovery({ pad: 'A'.repeat(70_000) })(r),
      'UPSTREAM_UNEXPECTED',
    ],
    [
      'a document whose names are in another case',
      DISCOVERY,
      json({ Issuer: 'https://x.invalid', JWKS_URI: 'https://x.invalid/jwks' }),
      'no discovery document',
    ],
    ['a key set whose name is in another case', '/jwks', json({ Keys: [] }), 'no key set'],
    ['an answer that is no HTTP', DISCOVERY, (r) => void r.socket?.end('SSH-2.0\r\n'), 'UPSTREAM_UNEXPECTED'],
    ['a redirected key set', '/jwks', (r) => void r.writeHead(307, { location: '/x' }).end(), 'status 307'],
    ['a key set that is none', '/jwks', json([]), 'no key set'],
    ['101 keys', '/jwks', json({ keys: Array(101).fill({}) }), 'no key set'],
    ['a key set of 300 KB', '/jwks', json({ keys: [], pad: 'A'.repeat(300_000) }), 'UPSTREAM_UNEXPECTED'],
    ['a closed connection', '/jwks', (r) => void r.destroy(), 'UPSTREAM_UNAVAILABLE'],
  ]

  it.each(FAULTS)('is not, with %s; 5 s later it is asked again', async (_, path, answer, reason) => {
    idp.instead.set(path, answer)
    await expect(find()).rejects.toMatchObject({
      code: LASTING.some((one) => reason.startsWith(one))
        ? 'OIDC_PROVIDER_MISCONFIGURED'
        : 'OIDC_KEYS_UNAVAILABLE',
      detail: { reason: of(reason) },
    })
    idp.instead.clear()
    asked()
    at += 4_999
    await expect(find()).rejects.toMatchObject({ detail: { reason: of(reason) } })
    expect(asked()).toEqual([])
    at += 1
    expect(await find()).toBeDefined()
  })

  it('is given up when it is silent, while there is time to say so', async () => {
    idp.instead.set(DISCOVERY, () => undefined)
    const silent = keys({ issuer: idp.issuer }, { kid: idp.ecKey.kid, alg: 'ES256' }, deadline(1_300))
    await expect(silent).rejects.toMatchObject({ detail: { reason: of('UPSTREAM_TIMEOUT') } })
  })

  it('serves the keys that are known while it fails, and says so of those that are not', async () => {
    await find()
    at += 30_000
    idp.instead.set('/jwks', (response) => void response.writeHead(404).end())
    await expect(find('unknown')).rejects.toMatchObject({ detail: { reason: of('status 404') } })
    expect(await find()).toBeDefined()
    asked()
    at += 29_999
    await expect(find('unknown')).rejects.toMatchObject({ detail: { reason: of('status 404') } })
    expect(asked()).toEqual([])
    at += 600_000
    await expect(find()).rejects.toMatchObject({ detail: { reason: of('status 404') } })
    at += 5_000
    idp.instead.clear()
    expect(await find()).toBeDefined()
    expect(await find('unknown')).toBeUndefined()
  })
})
