/** Members of the wrong type, left out, or more than a caller may say. */

import { SCOPES, type Scope } from '../../lib/schemas/callers.ts'
import { type RequestParts, TENANT } from '../support/world.ts'
import { type Attack, onEach, withBearer, withBody } from './attack.ts'
import { OIAP, PAGED, type RouteName, routeOf, SCOPE_OF, type WITH_BODY } from './routes.ts'
import { PROTOTYPE_NAMES } from './world.ts'

const THEME = 'members'

/** Each member that a route cannot do without. */
const MEMBERS: Readonly<Record<(typeof WITH_BODY)[number], readonly string[]>> = {
  validate: ['Token', 'userId', 'userName', 'tenantSpaceId'],
  validateAgent: ['access_token', 'userAccount', 'tenantSpaceId'],
  agentToken: ['userAccount', 'tenantSpaceId'],
  issue: ['userId', 'userName', 'tenantSpaceId'],
  accessToken: ['userId', 'userName', 'tenantSpaceId', 'scopes'],
  revoke: ['tenantSpaceId', 'jti'],
  putUser: ['tenantSpaceId', 'userId', 'userName', 'status'],
  batchUsers: ['tenantSpaceId', 'users'],
  queryUsers: ['tenantSpaceId', 'userIds'],
  listUsers: ['tenantSpaceId'],
  applyToken: ['userId', 'userName', 'channelId', 'locale'],
  send: ['from', 'controlType'],
  sendAsync: ['from', 'controlType'],
  queryHistoryChatMessage: ['channelId', 'userId', 'limit', 'offset'],
  doLeaveMessage: ['callId', 'caller', 'leaveMessage', 'channel'],
  getsatisfactionsurveymode: [],
  saveSatisfaction: ['channel', 'userId', 'evaluation', 'comment', 'channelConfigId'],
  uploadFileStream: ['fileType', 'fileStream', 'channel'],
  downloadFileStream: ['fileId', 'fileType', 'channel'],
  appCubeToken: ['appKey'],
  oiapThirdPartyToken: ['appKey'],
  liveMessageToken: ['DeviceId', 'DeviceType', 'UserId'],
  liveImToken: ['userId'],
  liveRtcToken: ['ChannelID', 'UserID'],
  auiOldToken: ['user_id', 'device_id', 'device_type'],
  auiNewToken: ['user_id', 'device_id', 'device_type', 'im_server'],
  auiRoomToken: ['room_id', 'user_id'],
  auiAgentToken: ['user_id'],
}

const VALUES: readonly (readonly [string, unknown])[] = [
  ['left out', undefined],
  ['null', null],
  ['a number', 10010001],
  ['true', true],
  ['a list', ['10010001']],
  ['an object', { $ne: '' }],
  ['empty', ''],
]

/** Members that are lists of texts, or of anything whose entries each have a result of their own. */
const LISTS: ReadonlySet<string> = new Set(['users', 'userIds'])
const isWrong = (member: string, value: unknown): boolean => !(LISTS.has(member) && Array.isArray(value))

const wrongMembers: readonly Attack[] = Object.entries(MEMBERS).flatMap(([route, members]) =>
  members.flatMap((member) =>
    onEach(
      THEME,
      [route as RouteName],
      VALUES.filter(([, value]) => isWrong(member, value)).map(
        ([name, value]) =>
          [
            `${member}: ${name}`,
            'BODY_INVALID',
            (good: RequestParts) => withBody(good, { [member]: value }),
          ] as const,
      ),
    ),
  ),
)

/** Members that the inside of this system knows, and no caller may set. */
const MORE: readonly (readonly [RouteName, Record<string, unknown>])[] = [
  ['issue', { iss: 'https://other.invalid' }],
  ['issue', { aud: 'urn:cec:*' }],
  ['issue', { exp: 4_000_000_000 }],
  ['issue', { lifetimeSeconds: 86_400 }],
  ['issue', { ver: '9.9' }],
  ['issue', { scopes: ['users:vouch'] }],
  ['issue', { callerId: 'rival' }],
  ['accessToken', { scope: 'users:write' }],
  ['accessToken', { aud: 'urn:cec:*' }],
  ['accessToken', { exp: 4_000_000_000 }],
  ['accessToken', { lifetimeSeconds: 86_400 }],
  ['accessToken', { client_id: 'rival' }],
  ['accessToken', { ver: '9.9' }],
  ['agentToken', { userName: 'Ann' }],
  ['agentToken', { exp: 4_000_000_000 }],
  ['agentToken', { typ: 'cec-enterprise+jwt' }],
  ['revoke', { userAccount: 'a101' }],
  ['revoke', { all: true }],
  ['revoke', { userId: 'bystander' }],
  ['revoke', { all: false }],
  ['revoke', { epoch: 0 }],
  ['batchUsers', { status: 'deleted' }],
  ['batchUsers', { all: true }],
  ['queryUsers', { all: true }],
  ['queryUsers', { limit: 1000 }],
  ['listUsers', { limit: 101 }],
  ['listUsers', { limit: 0 }],
  ['listUsers', { next: `6:tenant12:${TENANT}` }],
  ['listUsers', { status: 'deleted' }],
  ['putUser', { epoch: 0 }],
  ['putUser', { pk: `6:tenant12:${TENANT}` }],
  ['putUser', { kind: 'tenant' }],
  ['putUser', { status: 'gone' }],
  ['putUser', { status: 'deleted' }], // and a name
  ['applyToken', { tenantSpaceId: TENANT }],
  ['applyToken', { appSecret: 'guess' }],
  ...(['send', 'sendAsync'] as const).map((route) => [route, { reqBody: { from: 'bystander' } }] as const),
  ['queryHistoryChatMessage', { reqBody: { userId: 'bystander' } }],
  ['queryHistoryChatMessage', { UserId: 'bystander' }],
  ['doLeaveMessage', { userId: 'bystander' }],
  ['getsatisfactionsurveymode', { userId: 'bystander' }],
  ['saveSatisfaction', { satisfication: { userId: 'bystander' } }],
  ...(['uploadFileStream', 'downloadFileStream'] as const).flatMap((route) => [
    [route, { tenantSpaceId: TENANT }] as const,
    [route, { userId: 'bystander' }] as const,
    [route, { objectKey: 'guess' }] as const,
  ]),
  ['downloadFileStream', { url: 'https://other.invalid' }],
  ...OIAP.flatMap((route) => [
    [route, { tenantSpaceId: TENANT }] as const,
    [route, { appSecret: 'guess' }] as const,
  ]),
  ['liveMessageToken', { AccessKeyId: 'guess' }],
  ['liveMessageToken', { Action: 'Other' }],
  ['liveImToken', { appKey: 'guess' }],
  ['liveImToken', { timestamp: 4_000_000_000 }],
  ['liveImToken', { nonce: '' }],
  ['liveImToken', { lifetimeSeconds: 86_400 }],
  ['liveRtcToken', { AppKey: 'guess' }],
  ['liveRtcToken', { Timestamp: 4_000_000_000 }],
  ['liveRtcToken', { Nonce: '' }],
  ['accessToken', { rtcChannelIds: ['room-1'] }],
]

const more: readonly Attack[] = MORE.flatMap(([route, members]) =>
  onEach(
    THEME,
    [route],
    [[`one more: ${JSON.stringify(members)}`, 'BODY_INVALID', (good) => withBody(good, members)]],
  ),
)

const PAGED_SCOPES: ReadonlySet<Scope> = new Set(PAGED.map((route) => SCOPE_OF[route]))

/** What an access token may be for: nothing but what a page does, and nothing that its caller may not do itself. */
const SCOPE_LISTS: readonly (readonly [string, unknown])[] = [
  ['none', []],
  ['one twice', ['chat:relay', 'chat:relay']],
  ['all, and one twice', ['chat-token:issue', 'chat:relay', 'live-token:issue', 'chat:relay']],
  ['one of a back end', ['chat:relay', 'users:write']],
  ...SCOPES.filter((scope) => !PAGED_SCOPES.has(scope)).map((scope) => [scope, [scope]] as const),
  ['all at once', ['*']],
  ['a pattern', ['chat:*']],
  ['two in one', ['chat-token:issue chat:relay']],
  ['in upper case', ['CHAT:RELAY']],
  ['with a blank', ['chat:relay ']],
  ['as text', 'chat:relay'],
  ['an object like a list', { 0: 'chat:relay', length: 1 }],
  ['a list in a list', [['chat:relay']]],
  ...PROTOTYPE_NAMES.map((name) => [name, [name]] as const),
]

const scopeLists: readonly Attack[] = onEach(
  THEME,
  ['accessToken'],
  SCOPE_LISTS.map(
    ([name, scopes]) => [`scopes: ${name}`, 'BODY_INVALID', (good) => withBody(good, { scopes })] as const,
  ),
)

/** Each key has every scope but that one. */
const beyond: readonly Attack[] = (['applyToken', 'send', 'liveMessageToken'] as const).map((route) => ({
  theme: THEME,
  attack: `scopes: ${SCOPE_OF[route]}, which the caller has not`,
  route: 'accessToken',
  code: 'SCOPE_MISSING',
  spoil: (good, { keys }) => withBearer(withBody(good, { scopes: [SCOPE_OF[route]] }), keys[`not-${route}`]),
  twin: (world) => withBody(routeOf('accessToken').good(world), { scopes: [SCOPE_OF[route]] }),
}))

type Members = Record<string, unknown>
const wrapping = (wrap: (body: Members) => unknown) => (good: RequestParts) => ({
  ...good,
  body: wrap(good.body as Members),
})

/** Table 2 of CEC's document puts applyToken's members into `reqBody`: read as if they stood alone, and never both at once. */
const wrapped: readonly Attack[] = onEach(
  THEME,
  ['applyToken'],
  [
    ['reqBody around all members: harmless', 'CHAT_TOKEN_ISSUED', wrapping((reqBody) => ({ reqBody }))],
    ['reqBody twice', 'BODY_INVALID', wrapping((reqBody) => ({ reqBody: { reqBody } }))],
    ['reqBody beside the members', 'BODY_INVALID', wrapping((reqBody) => ({ ...reqBody, reqBody }))],
    [
      'reqBody and a member beside it',
      'BODY_INVALID',
      wrapping((reqBody) => ({ reqBody, userId: 'victim' })),
    ],
    [
      'one member in reqBody',
      'BODY_INVALID',
      wrapping(({ userId, ...rest }) => ({ ...rest, reqBody: { userId } })),
    ],
    [
      'a member more in reqBody',
      'BODY_INVALID',
      wrapping((body) => ({ reqBody: { ...body, appSecret: 'guess' } })),
    ],
    ['reqBody a list', 'BODY_INVALID', wrapping((body) => ({ reqBody: [body] }))],
    ['reqBody as text', 'BODY_INVALID', wrapping((body) => ({ reqBody: JSON.stringify(body) }))],
    ['reqBody null', 'BODY_INVALID', wrapping(() => ({ reqBody: null }))],
    ['reqBody in another case', 'BODY_INVALID', wrapping((reqbody) => ({ reqbody }))],
  ],
)

export const members: readonly Attack[] = [...wrongMembers, ...more, ...scopeLists, ...beyond, ...wrapped]
