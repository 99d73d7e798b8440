import { describe, expect, it } from 'vitest'
import { OidcClaims, OidcHeader, ProviderJwk } from '../../../lib/schemas/oidc.ts'

const isTaken = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown): boolean =>
  schema.safeParse(value).success

const base64url = (length: number) => 'A'.repeat(length)
const RSA = { kty: 'RSA', kid: 'k1', n: base64url(342), e: 'AQAB' }
const EC = { kty: 'EC', kid: 'k1', crv: 'P-256', x: base64url(43), y: base64url(43) }

describe('lib/schemas/oidc: ProviderJwk', () => {
  it.each([
    ['an RSA key of 2048 bits', RSA],
    ['an RSA key of 8192 bits', { ...RSA, n: base64url(1366) }],
    ['a key on P-256', EC],
    ['a key for signing, with members that nobody asked for', { ...RSA, use: 'sig', alg: 'PS256', x5c: [] }],
  ])('takes %s', (_, key) => {
    expect(isTaken(ProviderJwk, key)).toBe(true)
  })

  it.each([
    ['an RSA key of fewer than 2048 bits', { ...RSA, n: base64url(341) }],
    ['an RSA key of more than 8192 bits', { ...RSA, n: base64url(1367) }],
    ['a secret key', { kty: 'oct', kid: 'k1', k: base64url(43) }],
    ['another curve', { ...EC, crv: 'P-384' }],
    ['a key for encryption', { ...RSA, use: 'enc' }],
    ['a key for HMAC', { ...RSA, alg: 'HS256' }],
    ['a key without an id', { ...RSA, kid: undefined }],
    ['a key with an empty id', { ...RSA, kid: '' }],
  ])('refuses %s', (_, key) => {
    expect(isTaken(ProviderJwk, key)).toBe(false)
  })

  it('keeps no private member of a key', () => {
    expect(ProviderJwk.parse({ ...EC, d: base64url(43) })).toEqual(EC)
  })
})

describe('lib/schemas/oidc: OidcHeader', () => {
  const HEADER = { alg: 'RS256', kid: 'k1' }

  it.each(['RS256', 'PS256', 'ES256'])('takes %s, with typ or without', (alg) => {
    expect(isTaken(OidcHeader, { ...HEADER, alg })).toBe(true)
    expect(isTaken(OidcHeader, { ...HEADER, alg, typ: 'at+jwt' })).toBe(true)
  })

  it.each(['none', 'HS256', 'RS1', 'rs256', undefined])('refuses algorithm %s', (alg) => {
    expect(isTaken(OidcHeader, { ...HEADER, alg })).toBe(false)
  })

  it.each(['crit', 'b64', 'jku', 'jwk', 'x5u'])(
    'refuses %s, which leads to another key or meaning',
    (name) => {
      expect(isTaken(OidcHeader, { ...HEADER, [name]: [] })).toBe(false)
      expect(isTaken(OidcHeader, HEADER)).toBe(true)
    },
  )

  it('ignores certificates and their thumbprints', () => {
    expect(OidcHeader.parse({ ...HEADER, x5c: ['x'], x5t: 'x' })).toEqual(HEADER)
  })
})

describe('lib/schemas/oidc: OidcClaims', () => {
  const ISSUED_AT = 1_900_000_000
  const CLAIMS = { iss: 'i', sub: 's', aud: 'a', iat: ISSUED_AT, exp: ISSUED_AT + 300 }

  it('reads one audience as a list, and keeps claims that are looked up by name', () => {
    expect(OidcClaims.parse({ ...CLAIMS, org: 'acme' })).toMatchObject({ aud: ['a'], org: 'acme' })
    expect(OidcClaims.parse({ ...CLAIMS, aud: ['a', 'b'] }).aud).toEqual(['a', 'b'])
  })

  it('refuses a token that is bound to a key', () => {
    expect(isTaken(OidcClaims, { ...CLAIMS, cnf: { jkt: 'x' } })).toBe(false)
    expect(isTaken(OidcClaims, CLAIMS)).toBe(true)
  })

  it.each([
    ['no audience', { aud: [] }],
    ['an empty subject', { sub: '' }],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }],
    ['no end', { exp: undefined }],
    ['a client that is no text', { azp: 7 }],
  ])('refuses %s', (_, change) => {
    expect(isTaken(OidcClaims, { ...CLAIMS, ...change })).toBe(false)
  })
})
