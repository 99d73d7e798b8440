/** A good credential of each kind in a header that is not as it must be, or where nobody looks for it. */

import type { RequestParts } from '../support/world.ts'
import { type Attack, withBearer, withBody, withHeaders } from './attack.ts'
import { KEYED, PAGED, type RouteName, routeOf, USERS } from './routes.ts'
import type { AttackWorld } from './world.ts'

export interface Presented {
  readonly name: string
  readonly of: (world: AttackWorld) => string
  /** Where it belongs. */
  readonly routes: readonly RouteName[]
}

export const CREDENTIALS = {
  key: { name: 'caller key', of: ({ vendors }) => vendors.callerKey, routes: KEYED },
  backEnd: { name: 'OIDC back-end token', of: ({ credentials }) => credentials.oidcBackEnd, routes: KEYED },
  access: { name: 'access token', of: ({ credentials }) => credentials.accessToken, routes: PAGED },
  user: { name: 'OIDC user token', of: ({ credentials }) => credentials.oidcUser, routes: USERS },
} as const satisfies Record<string, Presented>

/** The good request of a route with another good credential. */
export const goodWith =
  (route: RouteName, { of }: Presented) =>
  (world: AttackWorld): RequestParts =>
    withBearer(routeOf(route).good(world), of(world))

/** An Authorization header made of the good credential: none of these is one. */
const HEADERS: readonly (readonly [attack: string, value: (good: string) => string])[] = [
  ['an empty header', () => ''],
  ['the scheme alone', () => 'Bearer '],
  ['the credential alone', (good) => good],
  ['a tab', (good) => `Bearer\t${good}`],
  ['a blank and a tab', (good) => `Bearer \t${good}`],
  ['no blank', (good) => `Bearer${good}`],
  ['the scheme with a letter that folds to one of its own', (good) => `\uff22earer ${good}`],
  ['a no-break blank', (good) => `Bearer\u00a0${good}`],
  ['a blank in front', (good) => ` Bearer ${good}`],
  ['a blank behind', (good) => `Bearer ${good} `],
  ['a line break behind', (good) => `Bearer ${good}\n`],
  ['another header behind CR LF', (good) => `Bearer ${good}\r\nx-tenant-space-id: 1`],
  ['NUL behind', (good) => `Bearer ${good}\0`],
  ['two credentials by a comma', (good) => `Bearer ${good},${good}`],
  ['two headers joined by a comma', (good) => `Bearer ${good}, Bearer ${good}`],
  ['a wrong one before it', (good) => `Bearer ctb_x, Bearer ${good}`],
  ['Basic', (good) => `Basic ${Buffer.from(`shop:${good}`).toString('base64')}`],
  ['Basic with the credential as it is', (good) => `Basic ${good}`],
  ['another scheme', (good) => `Token ${good}`],
  ['the scheme twice', (good) => `Bearer Bearer ${good}`],
  ['quotes around the credential', (good) => `Bearer "${good}"`],
  ['the scheme of proofs of possession', (good) => `DPoP ${good}`],
  ['the same credential as a parameter', (good) => `Bearer token=${good}`],
  ['an unwanted parameter behind', (good) => `Bearer ${good}, realm="x"`],
  ['half a surrogate pair behind', (good) => `Bearer ${good}\ud800`],
  ['a byte order mark in front', (good) => `\ufeffBearer ${good}`],
]

/** RFC 9110, section 11.4: the scheme in any case, and one or more blanks. Tried, and harmless. */
const OTHER_FORMS: readonly (readonly [attack: string, value: (good: string) => string])[] = [
  ['the scheme in lower case', (good) => `bearer ${good}`],
  ['the scheme in upper case', (good) => `BEARER ${good}`],
  ['the scheme in mixed case', (good) => `bEaReR ${good}`],
  ['two blanks', (good) => `Bearer  ${good}`],
  ['many blanks', (good) => `BEARER${' '.repeat(40)}${good}`],
]

const PLACES: readonly (readonly [attack: string, headers: (good: string) => Record<string, string>])[] = [
  ['no header', () => ({})],
  ['in x-api-key', (good) => ({ 'x-api-key': good })],
  ['in a cookie', (good) => ({ cookie: `authorization=Bearer ${good}; access_token=${good}` })],
  ['in proxy-authorization', (good) => ({ 'proxy-authorization': `Bearer ${good}` })],
  ['in x-forwarded-authorization', (good) => ({ 'x-forwarded-authorization': `Bearer ${good}` })],
  ['in x-original-authorization', (good) => ({ 'x-original-authorization': `Bearer ${good}` })],
  ['in x-amz-security-token', (good) => ({ 'x-amz-security-token': good })],
  ['in sec-websocket-protocol', (good) => ({ 'sec-websocket-protocol': `bearer, ${good}` })],
  ['in authorization_', (good) => ({ authorization_: `Bearer ${good}` })],
  ['in a header of the blank name', (good) => ({ '': `Bearer ${good}` })],
]

/** Without a code: what the route's good request leads to. */
type Line = readonly [
  attack: string,
  code: string | undefined,
  spoil: (good: RequestParts, own: string) => RequestParts,
]

const without = (good: RequestParts): RequestParts => withHeaders(good, { authorization: undefined })

const LINES: readonly Line[] = [
  ...OTHER_FORMS.map(
    ([attack, value]): Line => [
      attack,
      undefined,
      (good, own) => withHeaders(good, { authorization: value(own) }),
    ],
  ),
  ...HEADERS.map(
    ([attack, value]): Line => [
      attack,
      'CALLER_MALFORMED',
      (good, own) => withHeaders(good, { authorization: value(own) }),
    ],
  ),
  [
    'blanks without end',
    'CALLER_TOO_LARGE',
    (good, own) => withHeaders(good, { authorization: `Bearer ${' '.repeat(8_192)}${own}` }),
  ],
  ...PLACES.map(
    ([attack, headers]): Line => [
      attack,
      'CALLER_MISSING',
      (good, own) => withHeaders(without(good), headers(own)),
    ],
  ),
  // RFC 6750, sections 2.2 and 2.3: neither is looked at.
  [
    'in the query',
    'CALLER_MISSING',
    (good, own) => ({
      ...without(good),
      query: { ...good.query, access_token: own, authorization: `Bearer ${own}` },
    }),
  ],
  [
    'in the body',
    'CALLER_MISSING',
    (good, own) => withBody(without(good), { access_token: own, Authorization: `Bearer ${own}` }),
  ],
  [
    'a second header in another case, wrong',
    'CALLER_MALFORMED',
    (good) => withHeaders(good, { Authorization: 'Bearer ctb_x' }),
  ],
  [
    'a second header in another case, another scheme',
    'CALLER_MALFORMED',
    (good) => withHeaders(good, { Authorization: 'Basic Og==' }),
  ],
]

/** A back end's token is presented as a key is: one route will do. */
const TRIED: readonly Presented[] = [
  CREDENTIALS.key,
  CREDENTIALS.access,
  CREDENTIALS.user,
  { ...CREDENTIALS.backEnd, routes: ['accessToken'] },
]

export const presented: readonly Attack[] = TRIED.flatMap((credential) =>
  credential.routes.flatMap((route) =>
    LINES.map(
      ([attack, code, spoil]): Attack => ({
        theme: 'presented otherwise',
        attack: `${credential.name}: ${attack}`,
        route,
        code: code ?? routeOf(route).success,
        twin: goodWith(route, credential),
        spoil: (good, world) => spoil(good, credential.of(world)),
      }),
    ),
  ),
)
