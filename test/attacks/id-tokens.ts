/** ID tokens, where an issuer's entry lets them in: of which client they are, and of which tenant their user is. */

import { mint } from '../support/mint.ts'
import { TENANT } from '../support/world.ts'
import { type Attack, withBearer } from './attack.ts'
import { oidcClaims, TOKEN_KINDS } from './kinds.ts'
import { SITE } from './providers.ts'
import { routeOf } from './routes.ts'
import { type AttackWorld, PROTOTYPE_NAMES } from './world.ts'

const { header } = TOKEN_KINDS.oidc

/** The rival's ID token for its site, whose client and tenant are listed. */
const idToken = ({ providers: { rival } }: AttackWorld, changes: Record<string, unknown> = {}): string =>
  mint(
    header(rival.kid, { typ: 'JWT' }),
    oidcClaims(rival.issuer, { aud: SITE, azp: SITE, org: 'acme', ...changes }),
    rival.key,
  )

const ID_TOKENS: readonly (readonly [attack: string, code: string, changes: Record<string, unknown>])[] = [
  ['azp of another client', 'OIDC_CLIENT_UNKNOWN', { azp: 'another-site' }],
  ['azp left out, aud of two', 'OIDC_CLIENT_UNKNOWN', { aud: [SITE, 'x'], azp: undefined }],
  ['azp null', 'OIDC_CLAIMS_INVALID', { azp: null }],
  ['an access token for the site', 'OIDC_TYPE_REFUSED', { typ: 'Bearer' }],
  ['azp empty', 'OIDC_CLIENT_UNKNOWN', { azp: '' }],
  ['azp in upper case', 'OIDC_CLIENT_UNKNOWN', { azp: SITE.toUpperCase() }],
  ['azp with a blank behind', 'OIDC_CLIENT_UNKNOWN', { azp: `${SITE} ` }],
  ['azp a list', 'OIDC_CLAIMS_INVALID', { azp: [SITE] }],
  ['aud of two, azp the other', 'OIDC_CLIENT_UNKNOWN', { aud: [SITE, 'x'], azp: 'x' }],
  ['aud of another client', 'OIDC_AUDIENCE_WRONG', { aud: 'another-site' }],
  ['tenant left out', 'OIDC_TENANT_UNKNOWN', { org: undefined }],
  ['tenant in another case', 'OIDC_TENANT_UNKNOWN', { org: 'Acme' }],
  ['tenant by our own id', 'OIDC_TENANT_UNKNOWN', { org: TENANT }],
  ['tenant a list of two', 'OIDC_TENANT_UNKNOWN', { org: ['acme', 'acme'] }],
  ['tenant a list in a list', 'OIDC_TENANT_UNKNOWN', { org: [['acme']] }],
  ['tenants as an object of two', 'OIDC_TENANT_UNKNOWN', { org: { acme: {}, other: {} } }],
  ...PROTOTYPE_NAMES.map((name) => [`tenant ${name}`, 'OIDC_TENANT_UNKNOWN', { org: name }] as const),
]

export const idTokens: readonly Attack[] = ID_TOKENS.map(([attack, code, changes]) => ({
  theme: 'ID tokens',
  attack,
  route: 'issue',
  code,
  twin: (world) => withBearer(routeOf('issue').good(world), idToken(world)),
  spoil: (good, world) => withBearer(good, idToken(world, changes)),
}))
