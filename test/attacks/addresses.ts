/** Addresses in every member of every route, and other hosts in headers: nobody is called because of one. */

import { type Attack, onEach, withBody, withHeaders } from './attack.ts'
import { BOUND, OIAP, ROUTES, type RouteName } from './routes.ts'

const THEME = 'addresses'

/** An address that answers and counts, and the ones that are worth calling. */
const ADDRESSES = [
  'http://169.254.169.254/latest/meta-data/',
  'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_x',
  '//other.invalid/x',
] as const

/** Every member that the route reads; where an address is a possible value, the route succeeds and calls nobody more. */
const MEMBERS: readonly (readonly [RouteName, string, string])[] = [
  ['validate', 'Token', 'TOKEN_MALFORMED'],
  ['validate', 'userId', 'TOKEN_USER_DIFFERS'],
  ['validate', 'userName', 'TOKEN_NAME_DIFFERS'],
  ['validate', 'callbackUrl', ROUTES.validate.success],
  ['validateAgent', 'access_token', 'TOKEN_MALFORMED'],
  ['validateAgent', 'userAccount', 'TOKEN_USER_DIFFERS'],
  ['validateAgent', 'callbackUrl', ROUTES.validateAgent.success],
  ['issue', 'userName', 'USER_NAME_DIFFERS'],
  ['issue', 'iss', 'BODY_INVALID'],
  ['accessToken', 'userName', 'USER_NAME_DIFFERS'],
  ['accessToken', 'scopes', 'BODY_INVALID'],
  ['accessToken', 'aud', 'BODY_INVALID'],
  ['revoke', 'jti', 'BODY_INVALID'],
  ['putUser', 'userName', ROUTES.putUser.success],
  ['putUser', 'status', 'BODY_INVALID'],
  ['applyToken', 'userName', ROUTES.applyToken.success],
  ['applyToken', 'channelId', ROUTES.applyToken.success],
  ['applyToken', 'locale', 'BODY_INVALID'],
  ['applyToken', 'applyTokenUrl', 'BODY_INVALID'],
  ['send', 'content', ROUTES.send.success],
  ['send', 'chatUrl', ROUTES.send.success],
  ...OIAP.flatMap((route) => [
    [route, 'appKey', 'TENANT_FORBIDDEN'] as const,
    [route, 'url', 'BODY_INVALID'] as const,
  ]),
  ['liveMessageToken', 'AppId', 'TENANT_FORBIDDEN'],
  ['liveMessageToken', 'UserId', 'BODY_INVALID'],
  ['liveMessageToken', 'endpoint', 'BODY_INVALID'],
  ['liveImToken', 'userId', 'BODY_INVALID'],
  ['liveRtcToken', 'ChannelID', 'BODY_INVALID'],
  ['auiOldToken', 'device_id', 'BODY_INVALID'],
  ['auiRoomToken', 'room_id', 'BODY_INVALID'],
]

const inMembers: readonly Attack[] = MEMBERS.flatMap(([route, member, code]) => [
  ...onEach(
    THEME,
    [route],
    ADDRESSES.map(
      (address) =>
        [`${address} in ${member}`, code, (good) => withBody(good, { [member]: address })] as const,
    ),
  ),
  ...onEach(
    THEME,
    [route],
    [
      [
        `an address that counts in ${member}`,
        code,
        (good, { vendors }) => withBody(good, { [member]: `${vendors.vendors.cec.url}/x` }),
      ],
    ],
  ),
])

const hosts: readonly Attack[] = onEach(
  THEME,
  BOUND.filter((route) => route !== 'poll'),
  [['another host in the headers', '', (good) => good]],
).map(({ route, ...attack }) => ({
  ...attack,
  route,
  code: ROUTES[route].success,
  spoil: (good) =>
    withHeaders(good, {
      host: '169.254.169.254',
      'x-forwarded-host': 'other.invalid',
      forwarded: 'host=other.invalid',
    }),
}))

export const addresses: readonly Attack[] = [...inMembers, ...hosts]
