/** From a browser: a back end's credential is refused there, since a page has no secrets; a user's own works. */

import type { RequestParts } from '../support/world.ts'
import { type Attack, withBearer, withHeaders } from './attack.ts'
import { CREDENTIALS, goodWith, type Presented } from './presented.ts'
import { BACK_ENDS, KEYED, PAGED, type RouteName, routeOf, USERS } from './routes.ts'

const THEME = 'browsers'

/** Sent by browsers alone, whatever the value. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['origin', 'https://shop.example'],
  ['Origin', 'null'],
  ['ORIGIN', ''],
  ['sec-fetch-site', 'same-origin'],
  ['Sec-Fetch-Dest', 'empty'],
]

const inBrowser = (good: RequestParts, [name, value]: (typeof HEADERS)[number]): RequestParts =>
  withHeaders(good, { [name]: value })

const each = (
  routes: readonly RouteName[],
  attack: (route: RouteName, header: (typeof HEADERS)[number]) => Omit<Attack, 'theme' | 'route'>,
): Attack[] =>
  routes.flatMap((route) =>
    HEADERS.map((header) => {
      const made = attack(route, header)
      return { theme: THEME, ...made, attack: `${made.attack}: ${header[0]} "${header[1]}"`, route }
    }),
  )

/** The twin comes from the same browser, with a user's token; where no user may come, from no browser. */
const refused = (credential: Presented): Attack[] =>
  each(KEYED, (route, header) => {
    const isForUsers = USERS.some((name) => name === route)
    return {
      attack: credential.name,
      code: 'CALLER_FROM_BROWSER',
      twin: (world) =>
        isForUsers
          ? inBrowser(goodWith(route, CREDENTIALS.user)(world), header)
          : goodWith(route, credential)(world),
      spoil: (good, world) => withBearer(inBrowser(good, header), credential.of(world)),
    }
  })

/** Tried, and harmless. */
const taken = (credential: Presented): Attack[] =>
  each(credential.routes, (route, header) => ({
    attack: `${credential.name}, taken`,
    code: routeOf(route).success,
    twin: goodWith(route, credential),
    spoil: (good) => inBrowser(good, header),
  }))

/** What a page has opens no route of a back end's, from a browser or not. */
const closed: readonly Attack[] = [
  ...each(BACK_ENDS, (_, header) => ({
    attack: 'OIDC user token at a route for back ends',
    code: 'CALLER_KIND_REFUSED',
    spoil: (good, { credentials }) => withBearer(inBrowser(good, header), credentials.oidcUser),
  })),
  ...each([...BACK_ENDS, 'issue'], (_, header) => ({
    attack: 'access token at a route for back ends',
    code: 'OIDC_ISSUER_UNKNOWN',
    spoil: (good, { credentials }) => withBearer(inBrowser(good, header), credentials.accessToken),
  })),
  ...each(PAGED, (_, header) => ({
    attack: 'enterprise token',
    code: 'ACCESS_TOKEN_HEADER_UNKNOWN',
    spoil: (good, { credentials }) => withBearer(inBrowser(good, header), credentials.enterpriseToken),
  })),
]

/** Node's own fetch sends it, and back ends use that. */
const mode: readonly Attack[] = KEYED.map((route) => ({
  theme: THEME,
  attack: 'caller key: sec-fetch-mode "cors", which is no browser’s alone',
  route,
  code: routeOf(route).success,
  spoil: (good) => withHeaders(good, { 'sec-fetch-mode': 'cors' }),
}))

export const browsers: readonly Attack[] = [
  ...refused(CREDENTIALS.key),
  ...refused(CREDENTIALS.backEnd),
  ...taken(CREDENTIALS.access),
  ...taken(CREDENTIALS.user),
  ...closed,
  ...mode,
]
