/** Whose token it is: issuers that are nobody's, look like a listed one, or sign for one another. */

import { mint } from '../support/mint.ts'
import { ISSUER, type RequestParts, TENANT } from '../support/world.ts'
import { type Attack, type CodeOf, codeFor, withBearer, withBody, withHeaders } from './attack.ts'
import { oidcClaims, TOKEN_KINDS } from './kinds.ts'
import { CREDENTIALS, goodWith } from './presented.ts'
import { MIGHTY_AUDIENCE } from './providers.ts'
import { BACK_ENDS, type RouteName } from './routes.ts'
import { type AttackWorld, PROTOTYPE_NAMES, SHUT_OUT } from './world.ts'

const THEME = 'OIDC issuers'
const { header } = TOKEN_KINDS.oidc
/** One route that knows providers alone, and one that knows our own access tokens as well. */
const ROUTES = ['issue', 'applyToken'] as const
const UNKNOWN = 'OIDC_ISSUER_UNKNOWN'
const NOBODYS = 'CALLER_KIND_REFUSED'
const FORGED = 'OIDC_SIGNATURE_INVALID'

/** What the listed issuer may become, truly signed by its key. */
const ISSUERS: readonly (readonly [attack: string, code: CodeOf, iss: (listed: string) => unknown])[] = [
  ['a slash behind', UNKNOWN, (listed) => `${listed}/`],
  ['upper case', UNKNOWN, (listed) => listed.toUpperCase()],
  ['a path behind', UNKNOWN, (listed) => `${listed}/realms/shop`],
  ['a way down and up', UNKNOWN, (listed) => `${listed}/x/..`],
  ['https for http', UNKNOWN, (listed) => listed.replace('http', 'https')],
  ['localhost for its address', UNKNOWN, (listed) => listed.replace('127.0.0.1', 'localhost')],
  ['its address as one number', UNKNOWN, (listed) => listed.replace('127.0.0.1', '2130706433')],
  ['its address in IPv6', UNKNOWN, (listed) => listed.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
  ['another port', UNKNOWN, (listed) => listed.replace(/\d+$/, '1')],
  ['a user in front of the host', UNKNOWN, (listed) => listed.replace('://', '://x@')],
  ['another host behind @', UNKNOWN, (listed) => `${listed}@other.invalid`],
  ['a query behind', UNKNOWN, (listed) => `${listed}?x`],
  ['a fragment behind', UNKNOWN, (listed) => `${listed}#`],
  ['a blank behind', UNKNOWN, (listed) => `${listed} `],
  ['NUL behind', UNKNOWN, (listed) => `${listed}\0`],
  ['without its scheme', UNKNOWN, (listed) => listed.replace('http:', '')],
  ['its discovery document', UNKNOWN, (listed) => `${listed}/.well-known/openid-configuration`],
  ['two by a comma', UNKNOWN, (listed) => `${listed},https://other.invalid`],
  ['nobody', UNKNOWN, () => 'https://other.invalid'],
  ['a metadata service', UNKNOWN, () => 'http://169.254.169.254/latest'],
  ['a file', UNKNOWN, () => 'file:///etc/passwd'],
  ['empty', UNKNOWN, () => ''],
  ...PROTOTYPE_NAMES.map((name) => [name, UNKNOWN, () => name] as const),
  // Our own: on the routes for pages such a token must have one of our headers.
  ['this system', { default: UNKNOWN, applyToken: 'ACCESS_TOKEN_HEADER_UNKNOWN' }, () => ISSUER],
  ['left out', NOBODYS, () => undefined],
  ['null', NOBODYS, () => null],
  ['a number', NOBODYS, () => 1],
  ['a list', NOBODYS, (listed) => [listed]],
  ['an object', NOBODYS, (listed) => ({ toString: listed })],
]

type Minted = readonly [attack: string, code: CodeOf, token: (world: AttackWorld) => string]

const TOKENS: readonly Minted[] = [
  ...ISSUERS.map(
    ([attack, code, iss]): Minted => [
      `iss: ${attack}`,
      code,
      ({ providers: { main } }) =>
        mint(header(main.ecKey.kid), oidcClaims(main.issuer, { iss: iss(main.issuer) }), main.ecKey.key),
    ],
  ),
  [
    'iss: an address that counts',
    UNKNOWN,
    ({ tokens, vendors }) => mint(header('x'), oidcClaims(vendors.vendors.cec.url), tokens.foreignKey),
  ],
  [
    "another issuer's key, under the same kid",
    FORGED,
    ({ providers: { main, rival } }) => mint(header(rival.kid), oidcClaims(main.issuer), rival.key),
  ],
  [
    'its key for another issuer, under the same kid',
    FORGED,
    ({ providers: { main, rival } }) => mint(header(rival.kid), oidcClaims(rival.issuer), main.ecKey.key),
  ],
  [
    "a key of nobody's under a known kid",
    FORGED,
    ({ providers: { main }, tokens }) =>
      mint(header(main.ecKey.kid), oidcClaims(main.issuer), tokens.foreignKey),
  ],
  [
    'an unknown kid: nobody is asked again',
    'OIDC_KEY_UNKNOWN',
    ({ providers: { main } }) => mint(header('unknown'), oidcClaims(main.issuer), main.ecKey.key),
  ],
  [
    'our own key and header, the claims of the provider',
    { default: 'OIDC_KEY_UNKNOWN', applyToken: 'ACCESS_TOKEN_CLAIMS_INVALID' },
    ({ providers: { main }, tokens }) => mint(header(tokens.kid), oidcClaims(main.issuer), tokens.trueKey),
  ],
  [
    'our own header, signed by the provider',
    { default: 'OIDC_KEY_UNKNOWN', applyToken: 'ACCESS_TOKEN_SIGNATURE_INVALID' },
    ({ providers: { main }, tokens }) => mint(header(tokens.kid), oidcClaims(main.issuer), main.ecKey.key),
  ],
]

const tokens: readonly Attack[] = ROUTES.flatMap((route) =>
  TOKENS.map(([attack, code, token]) => ({
    theme: THEME,
    attack,
    route,
    code: codeFor(code, route),
    twin: goodWith(route, CREDENTIALS.user),
    spoil: (good, world) => withBearer(good, token(world)),
  })),
)

const shutOut = (good: RequestParts, { providers: { main } }: AttackWorld): RequestParts => {
  const { userId, userName } = SHUT_OUT
  const claims = oidcClaims(main.issuer, { sub: userId, name: userName })
  return withBearer(
    withBody(good, { userId, userName }),
    mint(header(main.ecKey.kid), claims, main.ecKey.key),
  )
}

const others: readonly Attack[] = [
  ...BACK_ENDS.map(
    (route): Attack => ({
      theme: THEME,
      attack: "a user's token with every scope",
      route,
      code: NOBODYS,
      spoil: (good, { providers: { main } }) =>
        withBearer(
          good,
          mint(header(main.ecKey.kid), oidcClaims(main.issuer, { aud: MIGHTY_AUDIENCE }), main.ecKey.key),
        ),
    }),
  ),
  ...ROUTES.map(
    (route): Attack => ({
      theme: THEME,
      attack: 'a user whom the directory shuts out',
      route,
      code: codeFor({ default: 'USER_DISABLED', applyToken: 'OIDC_USER_INACTIVE' }, route),
      twin: goodWith(route, CREDENTIALS.user),
      spoil: shutOut,
    }),
  ),
  ...ROUTES.map(
    (route: RouteName): Attack => ({
      theme: THEME,
      attack: "another tenant's issuer, truly signed",
      route,
      code: 'TENANT_FORBIDDEN',
      twin: (world) => withHeaders(goodWith(route, CREDENTIALS.user)(world), { 'x-tenant-space-id': TENANT }),
      spoil: (good, { providers: { rival } }) =>
        withBearer(good, mint(header(rival.kid), oidcClaims(rival.issuer), rival.key)),
    }),
  ),
]

export const oidcIssuers: readonly Attack[] = [...tokens, ...others]
