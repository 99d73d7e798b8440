/** What access tokens alone have: their audience, scopes and tenant. Truly signed, so that the claim itself is the fault. */

import { accessClaims, accessHeader, claims, header, mint } from '../support/mint.ts'
import { GOOD_BODIES } from '../support/vendor-world.ts'
import { ISSUER, TENANT } from '../support/world.ts'
import { type Attack, withBearer, withHeaders } from './attack.ts'
import { asTokens, TAKEN, type TokenLine } from './kinds.ts'
import { CREDENTIALS, goodWith } from './presented.ts'
import { PAGED, SCOPE_OF } from './routes.ts'
import { OTHER_TENANT, PROTOTYPE_NAMES, REVOKED_JTI, SHUT_OUT } from './world.ts'

const THEME = 'access tokens'
const INVALID = 'CLAIMS_INVALID'
const OTHER_AUDIENCE = 'AUDIENCE_WRONG'
const AUDIENCE = `${ISSUER}/upstream`
const now = () => Math.floor(Date.now() / 1000)

const CLAIMS: readonly (readonly [attack: string, fault: string, change: () => Record<string, unknown>])[] = [
  ['aud of the issuer alone', OTHER_AUDIENCE, () => ({ aud: ISSUER })],
  ['aud of another stage', OTHER_AUDIENCE, () => ({ aud: 'https://other.invalid/upstream' })],
  [
    'aud of another stage’s default issuer',
    OTHER_AUDIENCE,
    () => ({ aud: 'https://prod.cec-token-bridge.invalid/upstream' }),
  ],
  ['aud of an enterprise token', OTHER_AUDIENCE, () => ({ aud: `urn:cec:${TENANT}` })],
  ['aud with a slash behind', OTHER_AUDIENCE, () => ({ aud: `${AUDIENCE}/` })],
  ['aud in upper case', OTHER_AUDIENCE, () => ({ aud: AUDIENCE.toUpperCase() })],
  ['aud with a blank behind', OTHER_AUDIENCE, () => ({ aud: `${AUDIENCE} ` })],
  ['aud with NUL behind', OTHER_AUDIENCE, () => ({ aud: `${AUDIENCE}\0` })],
  ['aud one level up and down', OTHER_AUDIENCE, () => ({ aud: `${ISSUER}/x/../upstream` })],
  ['aud of two in one', OTHER_AUDIENCE, () => ({ aud: `${AUDIENCE},https://other.invalid/upstream` })],
  ['aud empty', OTHER_AUDIENCE, () => ({ aud: '' })],
  ['aud a list', INVALID, () => ({ aud: [AUDIENCE] })],
  ['aud a list of two', INVALID, () => ({ aud: [AUDIENCE, 'https://other.invalid/upstream'] })],
  ['aud an object', INVALID, () => ({ aud: { 0: AUDIENCE } })],
  ['no scope', INVALID, () => ({ scope: undefined })],
  ['scope empty', INVALID, () => ({ scope: '' })],
  ['scope a list', INVALID, () => ({ scope: ['chat-token:issue'] })],
  ['scope wider than a page may have', INVALID, () => ({ scope: 'chat-token:issue users:write' })],
  ['scope of access tokens', INVALID, () => ({ scope: 'chat-token:issue access-token:issue' })],
  ['scope of everything', INVALID, () => ({ scope: '*' })],
  ['scope in upper case', INVALID, () => ({ scope: 'CHAT-TOKEN:ISSUE' })],
  ['scope twice the same', INVALID, () => ({ scope: 'chat-token:issue chat-token:issue' })],
  ['scopes by two blanks', INVALID, () => ({ scope: 'chat-token:issue  chat:relay' })],
  ['scopes by a comma', INVALID, () => ({ scope: 'chat-token:issue,chat:relay' })],
  ['scopes by a tab', INVALID, () => ({ scope: 'chat-token:issue\tchat:relay' })],
  ['scope with a blank behind', INVALID, () => ({ scope: 'chat-token:issue ' })],
  ['scopes beside scope', INVALID, () => ({ scopes: ['users:write'] })],
  ['channels without their scope', INVALID, () => ({ rtcChannelIds: ['room-1'] })],
  ['the scope of channels without one', INVALID, () => ({ scope: 'rtc-token:issue' })],
  ['no channels', INVALID, () => ({ scope: 'rtc-token:issue', rtcChannelIds: [] })],
  ['channels as text', INVALID, () => ({ scope: 'rtc-token:issue', rtcChannelIds: 'room-1' })],
  ['every channel', INVALID, () => ({ scope: 'rtc-token:issue', rtcChannelIds: ['*'] })],
  ['a role', INVALID, () => ({ roles: ['admin'] })],
  ['tenantSpaceId left out', INVALID, () => ({ tenantSpaceId: undefined })],
  ['tenantSpaceId a way up', INVALID, () => ({ tenantSpaceId: `../${TENANT}` })],
  ['tenantSpaceId a list', INVALID, () => ({ tenantSpaceId: [TENANT, OTHER_TENANT] })],
  ['tenantSpaceId of a pattern', INVALID, () => ({ tenantSpaceId: '*' })],
  ['tenantSpaceId of nobody', 'USER_UNKNOWN', () => ({ tenantSpaceId: '000000000000' })],
  ...PROTOTYPE_NAMES.map(
    (name) => [`tenantSpaceId ${name}`, 'USER_UNKNOWN', () => ({ tenantSpaceId: name })] as const,
  ),
  ['client_id left out', INVALID, () => ({ client_id: undefined })],
  ['client_id empty', INVALID, () => ({ client_id: '' })],
  ['client_id a list', INVALID, () => ({ client_id: ['shop'] })],
  ['a life of 901 seconds', 'LIFETIME_TOO_LONG', () => ({ exp: now() + 901 })],
  ['a life of an hour, which enterprise tokens may have', 'LIFETIME_TOO_LONG', () => ({ exp: now() + 3600 })],
  ['a life of 901 seconds, nearly over', 'LIFETIME_TOO_LONG', () => ({ iat: now() - 900, exp: now() + 1 })],
  ['a life of 900 seconds', TAKEN, () => ({ exp: now() + 900 })],
  ['a revoked jti', 'REVOKED', () => ({ jti: REVOKED_JTI })],
  ['a user who is shut out', 'USER_INACTIVE', () => ({ sub: SHUT_OUT.userId, name: SHUT_OUT.userName })],
  ['a user whom nobody knows', 'USER_UNKNOWN', () => ({ sub: 'nobody' })],
]

/** Neither kind is good as the other, though one key signs both. */
const OTHER_KIND: readonly TokenLine[] = [
  [
    "an enterprise token's claims under at+jwt",
    { access: INVALID },
    ({ kid, key }) => mint(accessHeader(kid), claims(), key),
  ],
  [
    "an enterprise token's claims and our aud under at+jwt",
    { access: INVALID },
    ({ kid, key }) => mint(accessHeader(kid), claims({ aud: AUDIENCE }), key),
  ],
  [
    "an access token's claims under the other typ",
    { access: 'HEADER_UNKNOWN' },
    ({ kid, key }) => mint(header(kid), accessClaims(), key),
  ],
  [
    "an access token's claims under our typ",
    { enterprise: INVALID },
    ({ kid, key }) => mint(header(kid), accessClaims(), key),
  ],
  [
    "an enterprise token's claims under at+jwt",
    { enterprise: 'HEADER_UNKNOWN' },
    ({ kid, key }) => mint(accessHeader(kid), claims(), key),
  ],
]

const lines: readonly TokenLine[] = CLAIMS.map(([attack, access, change]) => [
  attack,
  { access },
  (forge) => mint(forge.header(), forge.claims(change()), forge.key),
])

/** The claims that give these scopes: the one for RTC comes with its channels. */
const granting = (scope: string) => ({
  scope,
  ...(scope.includes('rtc-token:issue') ? { rtcChannelIds: [GOOD_BODIES.liveRtcToken.ChannelID] } : {}),
})

/** On every route for pages: a token with all other scopes, and one of the other tenant for this one. */
const perRoute: readonly Attack[] = PAGED.flatMap((route) => {
  const others = PAGED.map((name) => SCOPE_OF[name]).filter((scope) => scope !== SCOPE_OF[route])
  const scope = [...new Set(others)].join(' ')
  const own = granting(SCOPE_OF[route])
  const minted =
    (changes: object): Attack['spoil'] =>
    (good, { tokens: { kid, trueKey } }) =>
      withBearer(good, mint(accessHeader(kid), accessClaims({ ...changes }), trueKey))
  const twin = goodWith(route, CREDENTIALS.access)
  return [
    {
      theme: THEME,
      attack: `access token: scope ${scope}`,
      route,
      code: 'SCOPE_MISSING',
      twin,
      spoil: minted(granting(scope)),
    },
    {
      theme: THEME,
      attack: "access token: another tenant's, X-Tenant-Space-Id this one's",
      route,
      code: 'TENANT_FORBIDDEN',
      twin: (world) => withHeaders(twin(world), { 'x-tenant-space-id': TENANT }),
      spoil: minted({ ...own, tenantSpaceId: OTHER_TENANT }),
    },
    {
      theme: THEME,
      attack: 'access token: revoked',
      route,
      code: 'ACCESS_TOKEN_REVOKED',
      twin,
      spoil: minted({ ...own, jti: REVOKED_JTI }),
    },
  ]
})

export const accessTokens: readonly Attack[] = [...asTokens(THEME, [...lines, ...OTHER_KIND]), ...perRoute]
