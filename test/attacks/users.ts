/** A user's own credential, used for somebody else or for another tenant: each speaks for its user of its tenant alone. */

import { type RequestParts, TENANT, USER } from '../support/world.ts'
import { type Attack, withBody, withHeaders } from './attack.ts'
import { CREDENTIALS, goodWith, type Presented } from './presented.ts'
import { PAGED, type RouteName } from './routes.ts'
import { OTHER_TENANT, PROTOTYPE_NAMES, ZOE } from './world.ts'

const THEME = 'users'
const USER_CREDENTIALS: readonly Presented[] = [CREDENTIALS.access, CREDENTIALS.user]

/** Where each route says whose request it is. */
const IDS: readonly (readonly [RouteName, member: string])[] = [
  ['issue', 'userId'],
  ['applyToken', 'userId'],
  ['send', 'from'],
  ['poll', 'receiverId'],
  ['liveMessageToken', 'UserId'],
  ['liveImToken', 'userId'],
  ['liveRtcToken', 'UserID'],
  ['auiOldToken', 'user_id'],
  ['auiNewToken', 'user_id'],
  ['auiRoomToken', 'user_id'],
  ['auiAgentToken', 'user_id'],
]
const NAMED: readonly (readonly [RouteName, member: string])[] = [
  ['issue', 'userName'],
  ['applyToken', 'userName'],
]

const OTHER_IDS: readonly (readonly [string, string])[] = [
  ['another user', ZOE.userId],
  ['nobody', 'nobody'],
  ['the back end', 'shop'],
  ['a zero in front', `0${USER.userId}`],
  ['a point and zero', `${USER.userId}.0`],
  ['one digit less', USER.userId.slice(0, -1)],
  ['one digit more', `${USER.userId}0`],
  ['hexadecimal', '0x98be11'],
  ['with its tenant', `${TENANT}:${USER.userId}`],
  ['a pattern', '*'],
  ...PROTOTYPE_NAMES.map((name) => [name, name] as const),
]
const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ['another user', ZOE.userName],
  ['lower case', 'tom'],
  ['a Cyrillic letter', 'T\u043em'],
  ['a blank within', 'T om'],
  ['a mark behind', 'Tom\u0301'],
  ['full-width letters', '\uff34\uff4f\uff4d'],
]

const asking = (route: RouteName, member: string, value: string) => (good: RequestParts) =>
  route === 'poll'
    ? { ...good, query: { ...good.query, [member]: value } }
    : withBody(good, { [member]: value })

const forOthers = (
  places: readonly (readonly [RouteName, string])[],
  values: readonly (readonly [string, string])[],
): Attack[] =>
  USER_CREDENTIALS.flatMap((credential) =>
    places
      .filter(([route]) => credential.routes.includes(route))
      .flatMap(([route, member]) =>
        values.map(([name, value]) => ({
          theme: THEME,
          attack: `${credential.name}, ${member}: ${name}`,
          route,
          code: 'USER_FORBIDDEN',
          twin: goodWith(route, credential),
          spoil: asking(route, member, value),
        })),
      ),
  )

const TENANTS: readonly (readonly [string, string])[] = [
  ['another tenant', OTHER_TENANT],
  ['both', `${TENANT},${OTHER_TENANT}`],
  ['empty', ''],
  ['a blank behind', `${TENANT} `],
  ['a pattern', '*'],
  ...PROTOTYPE_NAMES.map((name) => [name, name] as const),
]

const elsewhere: readonly Attack[] = USER_CREDENTIALS.flatMap((credential) => [
  ...PAGED.filter((route) => (credential.routes as readonly RouteName[]).includes(route)).flatMap((route) =>
    TENANTS.map(
      ([name, tenant]): Attack => ({
        theme: THEME,
        attack: `${credential.name}, X-Tenant-Space-Id: ${name}`,
        route,
        code: 'TENANT_FORBIDDEN',
        twin: (world) => withHeaders(goodWith(route, credential)(world), { 'x-tenant-space-id': TENANT }),
        spoil: (good) => withHeaders(good, { 'x-tenant-space-id': tenant }),
      }),
    ),
  ),
])

/** This route's tenant stands in the body; both tenants know a user of this id and name. */
const issuedElsewhere: Attack = {
  theme: THEME,
  attack: 'OIDC user token, tenantSpaceId: another tenant',
  route: 'issue',
  code: 'TENANT_FORBIDDEN',
  twin: goodWith('issue', CREDENTIALS.user),
  spoil: (good) => withBody(good, { tenantSpaceId: OTHER_TENANT }),
}

export const users: readonly Attack[] = [
  ...forOthers(IDS, OTHER_IDS),
  ...forOthers(NAMED, OTHER_NAMES),
  ...elsewhere,
  issuedElsewhere,
]
