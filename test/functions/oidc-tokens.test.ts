import { createPublicKey } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { BACK_END_AUDIENCE, CLIENT, USER_AUDIENCE } from '../support/identity-provider.ts'
import { foreignKey, mint, mintHs256, mintRsa } from '../support/mint.ts'
import {
  backEnds,
  claims,
  codeOf,
  ecJwk,
  fresh,
  head,
  idp,
  list,
  parts,
  seconds,
  signed,
  useOidcWorld,
  users,
  world,
} from '../support/oidc-world.ts'
import { call, USER } from '../support/world.ts'

useOidcWorld()

describe('an ID token', () => {
  const accepting = (clientIds = [CLIENT]) => users({ audience: CLIENT, acceptIdTokens: true, clientIds })
  let idToken: string
  beforeAll(async () => {
    idToken = (await idp.signIn(USER.userId, { name: USER.userName })).idToken
  })

  it('is refused where its issuer’s entry does not say that it may', async () => {
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_AUDIENCE_WRONG')
    list(users({ audience: CLIENT }))
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_TYPE_REFUSED')
    list(backEnds({ audience: CLIENT }))
    expect(await codeOf('putUser', idToken)).toBe('OIDC_TYPE_REFUSED')
  })

  it('is taken where it does, of a configured client', async () => {
    list(accepting())
    expect(await codeOf('applyToken', idToken)).toBe('CHAT_TOKEN_ISSUED')
    list(accepting(['another-site']))
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_CLIENT_UNKNOWN')
  })

  it.each([
    ['no azp, whose sole aud is the client', { azp: undefined }, 'CHAT_TOKEN_ISSUED'],
    ['no azp among several audiences', { aud: [CLIENT, 'x'], azp: undefined }, 'OIDC_CLIENT_UNKNOWN'],
    ['an empty azp', { azp: '' }, 'OIDC_CLIENT_UNKNOWN'],
    ['another azp among several audiences', { aud: [CLIENT, 'x'], azp: 'x' }, 'OIDC_CLIENT_UNKNOWN'],
    ['its azp among several audiences', { aud: [CLIENT, 'x'], azp: CLIENT }, 'CHAT_TOKEN_ISSUED'],
  ])('with %s is %j: %s', async (_, changes, code) => {
    list(accepting())
    const { kid, key } = idp.ecKey
    const token = mint({ alg: 'ES256', kid }, { ...claims({ aud: CLIENT, azp: CLIENT }), ...changes }, key)
    expect(await codeOf('applyToken', token)).toBe(code)
  })
})

const WRONG_CLAIMS: readonly [string, string, () => Record<string, unknown>][] = [
  ['another aud', 'OIDC_AUDIENCE_WRONG', () => ({ aud: `${USER_AUDIENCE}/` })],
  ['a list without our aud', 'OIDC_AUDIENCE_WRONG', () => ({ aud: ['https://other.invalid'] })],
  ['no aud', 'OIDC_CLAIMS_INVALID', () => ({ aud: undefined })],
  ['an empty aud', 'OIDC_CLAIMS_INVALID', () => ({ aud: [] })],
  ['aud as an object', 'OIDC_CLAIMS_INVALID', () => ({ aud: { [USER_AUDIENCE]: true } })],
  ['no sub', 'OIDC_CLAIMS_INVALID', () => ({ sub: undefined })],
  ['sub as a number', 'OIDC_CLAIMS_INVALID', () => ({ sub: 10010001 })],
  ['no exp', 'OIDC_CLAIMS_INVALID', () => ({ exp: undefined })],
  ['exp as text', 'OIDC_CLAIMS_INVALID', () => ({ exp: String(seconds() + 600) })],
  ['exp beyond all dates', 'OIDC_CLAIMS_INVALID', () => ({ exp: 1e300 })],
  ['no iat', 'OIDC_CLAIMS_INVALID', () => ({ iat: undefined })],
  ['a key that its holder must prove (cnf)', 'OIDC_CLAIMS_INVALID', () => ({ cnf: { jkt: 'x' } })],
  ['expired', 'OIDC_EXPIRED', () => ({ exp: seconds() - 1 })],
  ['iat a minute ahead', 'OIDC_ISSUED_AHEAD', () => ({ iat: seconds() + 60 })],
  ['nbf a minute ahead', 'OIDC_NOT_YET_VALID', () => ({ nbf: seconds() + 60 })],
]

const WRONG_TOKENS: readonly [string, string, () => string][] = [
  ...WRONG_CLAIMS.flatMap(([fault, code, changes]): [string, string, () => string][] => [
    [`${fault}, true key`, code, () => signed(head(), claims(changes()))],
    [`${fault}, foreign key`, 'OIDC_SIGNATURE_INVALID', () => mint(head(), claims(changes()), foreignKey())],
  ]),
  ['iss with a slash more', 'OIDC_ISSUER_UNKNOWN', () => signed(head(), claims({ iss: `${idp.issuer}/` }))],
  [
    'iss in other case',
    'OIDC_ISSUER_UNKNOWN',
    () => signed(head(), claims({ iss: idp.issuer.toUpperCase() })),
  ],
  ['iss of nobody', 'OIDC_ISSUER_UNKNOWN', () => signed(head(), claims({ iss: 'https://idp.invalid' }))],
  ['iss as a list', 'CALLER_KIND_REFUSED', () => signed(head(), claims({ iss: [idp.issuer] }))],
  ['no iss', 'CALLER_KIND_REFUSED', () => signed(head(), claims({ iss: undefined }))],
  ['claims that are no JSON', 'CALLER_KIND_REFUSED', () => signed(head(), '{"iss":')],
  ['typ JWT', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: 'JWT' }), claims())],
  ['no typ', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: undefined }), claims())],
  [
    'typ of an enterprise token',
    'OIDC_TYPE_REFUSED',
    () => signed(head({ typ: 'cec-enterprise+jwt' }), claims()),
  ],
  ['typ of a logout token', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: 'logout+jwt' }), claims())],
  ['alg none', 'OIDC_HEADER_INVALID', () => signed(head({ alg: 'none' }), claims())],
  [
    'HS256 keyed with the public key',
    'OIDC_HEADER_INVALID',
    () => mintHs256(head({ alg: 'HS256' }), claims(), String(ecJwk().x)),
  ],
  ['alg ES384 with a key of P-256', 'OIDC_KEY_UNKNOWN', () => signed(head({ alg: 'ES384' }), claims())],
  ['alg ES512', 'OIDC_HEADER_INVALID', () => signed(head({ alg: 'ES512' }), claims())],
  ['no alg', 'OIDC_HEADER_INVALID', () => signed(head({ alg: undefined }), claims())],
  ['no kid', 'OIDC_HEADER_INVALID', () => signed(head({ kid: undefined }), claims())],
  ['crit', 'OIDC_HEADER_INVALID', () => signed(head({ crit: ['exp'] }), claims())],
  ['b64 false', 'OIDC_HEADER_INVALID', () => signed(head({ b64: false }), claims())],
  ['jku', 'OIDC_HEADER_INVALID', () => signed(head({ jku: `${idp.issuer}/jwks` }), claims())],
  ['jwk', 'OIDC_HEADER_INVALID', () => signed(head({ jwk: ecJwk() }), claims())],
  ['x5u', 'OIDC_HEADER_INVALID', () => signed(head({ x5u: `${idp.issuer}/cert` }), claims())],
  ['an unknown kid', 'OIDC_KEY_UNKNOWN', () => signed(head({ kid: 'unknown' }), claims())],
  ['the kid of another key', 'OIDC_KEY_UNKNOWN', () => signed(head({ kid: idp.rsaKey.kid }), claims())],
  [
    'PS256 with a key for RS256',
    'OIDC_KEY_UNKNOWN',
    () => mintRsa(head({ alg: 'PS256', kid: idp.rsaKey.kid }), claims(), idp.rsaKey.key, true),
  ],
  ['padding', 'CALLER_MALFORMED', () => `${signed(head(), claims())}=`],
  ['two parts', 'CALLER_MALFORMED', () => signed(head(), claims()).replace(/\.[^.]*$/, '')],
  ['no signature', 'CALLER_MALFORMED', () => signed(head(), claims()).replace(/[^.]*$/, '')],
  ['more than 8 KiB', 'CALLER_TOO_LARGE', () => signed(head(), claims({ pad: 'A'.repeat(6_200) }))],
]

describe('a spoilt token of the identity provider', () => {
  it.each(WRONG_TOKENS)('is answered with one generic 401 for %s', async (_, code, token) => {
    const { status, body, line } = await call(world, await fresh('applyToken'), parts('applyToken', token()))
    expect([status, body, line.code]).toEqual([
      401,
      { errorCode: '990004010', exceptionInfo: 'expected a valid credential' },
      code,
    ])
  })

  it.each(WRONG_TOKENS)('is answered alike by a route of our own for %s', async (_, code, token) => {
    const { status, body, line } = await call(
      world,
      await fresh('issueEnterpriseToken'),
      parts('issueEnterpriseToken', token()),
    )
    expect([status, body, line.code]).toEqual([
      401,
      { code: 'UNAUTHENTICATED', message: 'expected a valid credential' },
      code,
    ])
  })

  it.each([
    ['without a fault', () => signed(head(), claims())],
    ['with both of our audiences', () => signed(head(), claims({ aud: [USER_AUDIENCE, BACK_END_AUDIENCE] }))],
    ['with its type in upper case', () => signed(head({ typ: 'AT+JWT' }), claims())],
    ['with its whole media type', () => signed(head({ typ: 'application/at+jwt' }), claims())],
    ['with our audience among others', () => signed(head(), claims({ aud: ['x', USER_AUDIENCE] }))],
    ['with a thumbprint of a certificate', () => signed(head({ x5t: 'x' }), claims())],
    [
      'by a clock that is 4 s ahead',
      () => signed(head(), claims({ iat: seconds() + 4, nbf: seconds() + 4 })),
    ],
    ['with claims of its own', () => signed(head(), claims({ scope: 'anything', roles: ['x'] }))],
    ['in RS256', () => mintRsa(head({ alg: 'RS256', kid: idp.rsaKey.kid }), claims(), idp.rsaKey.key, false)],
    ['with 6,000 bytes of claims', () => signed(head(), claims({ pad: 'A'.repeat(5_800) }))],
  ])('has a twin that is taken: %s', async (_, token) => {
    expect(await codeOf('applyToken', token())).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is taken in PS256 by a key that names no algorithm', async () => {
    const jwk = { ...createPublicKey(idp.rsaKey.key).export({ format: 'jwk' }), kid: 'any' }
    idp.instead.set('/jwks', (response) => response.end(JSON.stringify({ keys: [jwk] })))
    const token = mintRsa(head({ alg: 'PS256', kid: 'any' }), claims(), idp.rsaKey.key, true)
    expect(await codeOf('applyToken', token)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('ends at exp, to the second', async () => {
    const exp = seconds() + 600
    const token = signed(head(), claims({ exp }))
    const at = async (ms: number) => {
      const handler = await fresh('applyToken', { now: () => new Date(ms) })
      return (await call(world, handler, parts('applyToken', token))).line.code
    }
    expect(await at(exp * 1000 - 1)).toBe('CHAT_TOKEN_ISSUED')
    expect(await at(exp * 1000)).toBe('OIDC_EXPIRED')
  })
})
