/** Tokens by hand: any header, any claims, any key. Independent of the code under test. */

import {
  constants,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { PrivateJwk } from '../../lib/schemas/key-secrets.ts'
import { ISSUER, TENANT, USER } from './world.ts'

/** Of text and bytes as they are, of anything else as JSON. */
export const base64url = (value: string | Buffer | object): string =>
  (Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  ).toString('base64url')

export const privateKeyOf = ({ kty, crv, x, y, d }: PrivateJwk): KeyObject =>
  createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' })

export const foreignKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** A good token's claims, changed and with members left out. */
export const claims = (changes: Record<string, unknown> = {}, nowSeconds = Math.floor(Date.now() / 1000)) => {
  const all: Record<string, unknown> = {
    iss: ISSUER,
    aud: `urn:cec:${TENANT}`,
    sub: USER.userId,
    name: USER.userName,
    jti: randomBytes(16).toString('base64url'),
    ver: '0.0',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    ...changes,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

export const header = (kid: string, changes: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ alg: 'ES256', kid, typ: 'cec-enterprise+jwt', ...changes }).filter(
      ([, value]) => value !== undefined,
    ),
  )

/** Signs exactly these two values, as ES256 signs whatever the header claims. */
export const mint = (head: object | string, payload: object | string, key: KeyObject): string => {
  const input = `${base64url(head)}.${base64url(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** The order n of P-256 (SEC 2, section 2.4.2): r and s of a signature are 1 to n − 1. */
export const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** The same token with another signature: 32 bytes of r, 32 of s. */
export const withSignature = (token: string, r: bigint, s: bigint): string => {
  const hex = [r, s].map((number) => number.toString(16).padStart(64, '0')).join('')
  return `${token.slice(0, token.lastIndexOf('.') + 1)}${Buffer.from(hex, 'hex').toString('base64url')}`
}

/** r and s of a token's signature. */
export const signatureOf = (token: string): { r: bigint; s: bigint } => {
  const hex = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url').toString('hex')
  return { r: BigInt(`0x${hex.slice(0, 64)}`), s: BigInt(`0x${hex.slice(64)}`) }
}

/** The other signature that every ECDSA signature has, n − s in place of s, which holds as well. */
export const signatureTwin = (token: string): string => {
  const { r, s } = signatureOf(token)
  return withSignature(token, r, P256_ORDER - s)
}

/** Signs as RS256 or PS256 does, with an RSA key. */
export const mintRsa = (head: object, payload: object, key: KeyObject, isPss: boolean): string => {
  const input = `${base64url(head)}.${base64url(payload)}`
  const padding = isPss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  return `${input}.${sign('sha256', Buffer.from(input), { key, ...padding }).toString('base64url')}`
}

/** HMAC with a public value as the key: the classic confusion of algorithms. */
export const mintHs256 = (head: object, payload: object, key: string): string => {
  const input = `${base64url(head)}.${base64url(payload)}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

/** A good access token's claims, changed and with members left out. */
export const accessClaims = (changes: Record<string, unknown> = {}) =>
  claims({
    aud: `${ISSUER}/upstream`,
    tenantSpaceId: TENANT,
    scope: 'chat-token:issue chat:relay live-token:issue',
    client_id: 'shop',
    ...changes,
  })

/** An agent token's claims, changed and with members left out. */
export const agentClaims = (changes: Record<string, unknown> = {}) =>
  claims({ aud: `urn:cec-agent:${TENANT}`, sub: 'a101', name: undefined, ...changes })

/** The header of an agent token, changed and with members left out. */
export const agentHeader = (kid: string, changes: Record<string, unknown> = {}) =>
  header(kid, { typ: 'cec-agent+jwt', ...changes })

/** The header of an access token, changed and with members left out. */
export const accessHeader = (kid: string, changes: Record<string, unknown> = {}) =>
  header(kid, { typ: 'at+jwt', ...changes })
