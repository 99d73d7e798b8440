/** Keys and secrets that a sandbox makes while it starts, for the requests that it then asks of itself. Nothing else knows them. */

import { createHash, randomBytes } from 'node:crypto'
import { headerSegment, type TokenType } from '../jwt/format.ts'
import { type SecretSource, SecretSourceError } from '../secrets/source.ts'

/**
 * No tenant has this id: what is read for it is found nowhere. Made anew by each sandbox, since any fixed word could be the id of
 * a tenant, whose user would then be counted at each start.
 */
export const NOWHERE = randomBytes(16).toString('hex')

/** A user of no tenant. */
export const NOBODY = 'nobody'

/** Longer than any start. */
const LIFETIME_SECONDS = 300

export interface ThrowAway {
  readonly secretSource: SecretSource
  /** Of a caller that may do what `scopes` says, for a tenant that does not exist. */
  readonly callerKey: string
  /** A token with these claims, signed by the only key of the secrets above. */
  readonly token: (typ: TokenType, claims: object) => Promise<string>
}

export interface ThrowAwayOptions {
  readonly scopes: readonly string[]
  readonly issuer: string
  readonly now: Date
}

/** A key signs once every verifier knows it. */
const DAY_SECONDS = 86_400

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

export const throwAway = async ({ scopes, issuer, now }: ThrowAwayOptions): Promise<ThrowAway> => {
  const { privateKey } = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  const kid = random()
  const key = { kty, crv, x, y, kid }
  const iat = Math.floor(now.getTime() / 1000)
  const exp = iat + LIFETIME_SECONDS
  const callerKey = `ctb_${random()}`
  const sha256 = createHash('sha256').update(callerKey).digest('hex')
  const callers = [{ callerId: NOBODY, keys: [{ sha256, expiresAt: exp }], tenants: [NOWHERE], scopes }]
  const secrets: Readonly<Record<string, object>> = {
    jwks: { keys: [{ ...key, publishedAt: iat - DAY_SECONDS }] },
    'signing-key': { keys: [{ ...key, d, state: 'active' }] },
    callers: { callers, issuers: [] },
    'token-store-key': { key: randomBytes(32).toString('hex') },
  }
  return {
    callerKey,
    secretSource: {
      read: async (name) => {
        const value = secrets[name.slice(name.lastIndexOf('/') + 1)]
        if (value === undefined) throw new SecretSourceError('final', 'ResourceNotFoundException')
        return { versionId: kid, value: JSON.stringify(value) }
      },
    },
    token: async (typ, claims) => {
      const jti = randomBytes(16).toString('base64url')
      const payload = encoded({ iss: issuer, jti, ver: '0.0', iat, exp, ...claims })
      const signed = `${headerSegment(kid, typ)}.${payload}`
      const signature = await crypto.subtle.sign(SIGNATURE, privateKey, Buffer.from(signed))
      return `${signed}.${Buffer.from(signature).toString('base64url')}`
    },
  }
}

const random = (): string => randomBytes(32).toString('base64url')

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
