/** Tokens with one fault each, signed with the stage's own key, and what each verifier says of them. */

import { createPublicKey } from 'node:crypto'
import { inject } from 'vitest'
import { LOCAL_TENANT } from '../../tools/local/constants.ts'
import {
  accessClaims,
  accessHeader,
  agentClaims,
  agentHeader,
  base64url,
  claims,
  foreignKey,
  header,
  mint,
  mintHs256,
  privateKeyOf,
} from '../support/mint.ts'

const signingKey = inject('signingKey')
const key = privateKeyOf(signingKey)
const iss = 'https://local.cec-token-bridge.invalid'
const NOW = Math.floor(Date.now() / 1000)

/** A good token, but for these changes. It outlives Maven's first download. */
export const enterprise = (changes: object = {}, headerChanges: object = {}, by = key): string =>
  mint(header(signingKey.kid, { ...headerChanges }), claims({ iss, exp: NOW + 3600, ...changes }), by)

/** The payload says another name than the one that was signed. */
export const tampered = (token: string): string => {
  const [head, payload = '', signature] = token.split('.')
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [head, base64url({ ...said, name: 'Tim' }), signature].join('.')
}

/** What is published, as the secret of an HMAC: the classic confusion. */
const published = `${createPublicKey(key).export({ format: 'pem', type: 'spki' })}`

/** Each is `enterprise()`, which is good, with one fault; and what each language says. */
export const FAULTS: Readonly<Record<string, { token: string; Python: string; Java: string }>> = {
  'a payload that was tampered with': {
    token: tampered(enterprise()),
    Python: 'InvalidSignatureError',
    Java: 'Signed JWT rejected: Invalid signature',
  },
  "somebody else's signature": {
    token: enterprise({}, {}, foreignKey()),
    Python: 'InvalidSignatureError',
    Java: 'Signed JWT rejected: Invalid signature',
  },
  'another tenant': {
    token: enterprise({ aud: 'urn:cec:202007159032' }),
    Python: 'InvalidAudienceError',
    Java: 'JWT aud claim rejected',
  },
  'the audience of an agent': {
    token: enterprise({ aud: `urn:cec-agent:${LOCAL_TENANT}` }),
    Python: 'InvalidAudienceError',
    Java: 'JWT aud claim rejected',
  },
  'an end that has come': {
    token: enterprise({ iat: NOW - 300, exp: NOW }),
    Python: 'ExpiredSignatureError',
    Java: 'Expired JWT',
  },
  'another stage as issuer': {
    token: enterprise({ iss: 'https://other.cec-token-bridge.invalid' }),
    Python: 'InvalidIssuerError',
    Java: 'JWT iss claim value rejected',
  },
  'the type of an access token': {
    token: enterprise({}, { typ: 'at+jwt' }),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) at+jwt not allowed',
  },
  'the type of any JWT': {
    token: enterprise({}, { typ: 'JWT' }),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) JWT not allowed',
  },
  'no type': {
    token: enterprise({}, { typ: undefined }),
    Python: 'InvalidTokenError',
    Java: 'Required JOSE header typ (type) parameter is missing',
  },
  'a whole access token': {
    token: mint(accessHeader(signingKey.kid), accessClaims({ iss, aud: `${iss}/upstream` }), key),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) at+jwt not allowed',
  },
  "a whole agent's token": {
    token: mint(agentHeader(signingKey.kid), agentClaims({ iss }), key),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) cec-agent+jwt not allowed',
  },
  'an algorithm of its own choice': {
    token: mintHs256(header(signingKey.kid, { alg: 'HS256' }), claims({ iss }), published),
    Python: 'InvalidAlgorithmError',
    Java: 'Signed JWT rejected: Another algorithm expected, or no matching key(s) found',
  },
  'no algorithm': {
    token: `${base64url(header(signingKey.kid, { alg: 'none' }))}.${base64url(claims({ iss }))}.`,
    Python: 'InvalidAlgorithmError',
    Java: 'Invalid JWS header: Not a JWS header',
  },
  'no kid': {
    token: enterprise({}, { kid: undefined }),
    Python: 'PyJWKClientError',
    Java: 'kid is missing',
  },
  'a kid that is not published': {
    token: enterprise({}, { kid: 'A'.repeat(43) }),
    Python: 'PyJWKClientError',
    Java: 'Signed JWT rejected: Another algorithm expected, or no matching key(s) found',
  },
  'no end': {
    token: enterprise({ exp: undefined }),
    Python: 'MissingRequiredClaimError',
    Java: 'JWT missing required claims: [exp]',
  },
  'no user': {
    token: enterprise({ sub: undefined }),
    Python: 'MissingRequiredClaimError',
    Java: 'JWT missing required claims: [sub]',
  },
  'nothing of a token': {
    token: 'no-token',
    Python: 'DecodeError',
    Java: 'Invalid serialized unsecured/JWS/JWE object: Missing part delimiters',
  },
}
