/** Values that mean something to what comes behind: a form, a header, a query, an address. Nobody is called because of one. */

import { BAD_TEXTS, SPELLINGS } from '../support/texts.ts'
import type { RequestParts } from '../support/world.ts'
import { type Attack, onEach, withBody, withHeaders } from './attack.ts'
import { ROUTES, type RouteName } from './routes.ts'
import { PROTOTYPE_NAMES, SHUT_OUT, ZOE } from './world.ts'

const THEME = 'injections'

const set = (member: string, value: unknown) => (good: RequestParts) => withBody(good, { [member]: value })
const asked = (parameter: string, value: string) => (good: RequestParts) => ({
  ...good,
  query: { ...good.query, [parameter]: value },
})

/** For a form, a header or a line of a log. */
const BREAKS: readonly (readonly [string, string])[] = [
  ['CR LF and a header', '1\r\nx-acs-action: Other'],
  ['a line break', '1\n{"code":"TOKEN_VALID"}'],
  ['NUL', '1\0'],
  ['an escape sequence', '1\u001b[2J'],
]
const FORMS: readonly (readonly [string, string])[] = [
  ['a second AppId', 'tom&AppId=live-202007159032'],
  ['a second AppId, encoded', 'tom%26AppId%3Dlive-202007159032'],
  ['an equals sign', 'tom=1'],
  ['a plus sign', 'tom+1'],
  ['a fragment', 'tom#'],
  ['a path', '../tom'],
]

/** Members whose form has no place for any of it. */
const CLOSED: Partial<Record<RouteName, readonly string[]>> = {
  liveMessageToken: ['DeviceId', 'DeviceType', 'UserId'],
  applyToken: ['userId', 'userName', 'channelId', 'locale'],
  issue: ['userId', 'userName', 'tenantSpaceId'],
  accessToken: ['userId', 'userName', 'tenantSpaceId'],
  putUser: ['userId', 'userName', 'tenantSpaceId', 'status'],
  revoke: ['jti', 'tenantSpaceId'],
  send: ['from', 'controlType'],
  uploadFileStream: ['fileType', 'fileStream', 'channel'],
  downloadFileStream: ['fileId', 'fileType', 'channel', 'multiMedia'],
}

const breaks: readonly Attack[] = Object.entries(CLOSED).flatMap(([route, members]) =>
  members.flatMap((member) =>
    onEach(
      THEME,
      [route as RouteName],
      BREAKS.map(([name, value]) => [`${name} in ${member}`, 'BODY_INVALID', set(member, value)] as const),
    ),
  ),
)

const forms: readonly Attack[] = (['DeviceId', 'DeviceType', 'UserId'] as const).flatMap((member) =>
  onEach(
    THEME,
    ['liveMessageToken'],
    FORMS.map(([name, value]) => [`${name} in ${member}`, 'BODY_INVALID', set(member, value)] as const),
  ),
)

const SUCCESS = {
  issue: ROUTES.issue.success,
  accessToken: ROUTES.accessToken.success,
  putUser: ROUTES.putUser.success,
  applyToken: ROUTES.applyToken.success,
}
const NOBODY = { issue: 'USER_UNKNOWN', accessToken: 'USER_UNKNOWN' }
const NAMING_USERS = ['issue', 'accessToken', 'putUser', 'applyToken'] as const

/** Characters that would make one id or name pass for another, or for none. */
const names: readonly Attack[] = [
  ...onEach(THEME, NAMING_USERS, [
    ...(['userId', 'userName'] as const).flatMap((member) =>
      BAD_TEXTS.map(([name, value]) => [`${member}: ${name}`, 'BODY_INVALID', set(member, value)] as const),
    ),
    ...SPELLINGS.map(([name, value]) => [`userId: ${name}`, 'BODY_INVALID', set('userId', value)] as const),
    ['a userId of 33 characters', 'BODY_INVALID', set('userId', 'a'.repeat(33))],
    ['a userName of 257 characters', 'BODY_INVALID', set('userName', 'a'.repeat(257))],
    // Somebody else, and nobody that the directory knows.
    ...[
      ['a Cyrillic letter', '1\u0430'],
      ['a full-width digit', '1001000\uff11'],
    ].map(
      ([name, value]) =>
        [`${name} in userId`, { ...SUCCESS, ...NOBODY, default: '' }, set('userId', value)] as const,
    ),
    // The same name, however a client spells it: harmless.
    [
      'userName in NFD',
      { ...SUCCESS, default: '' },
      (good) => withBody(good, { ...ZOE, userName: ZOE.userName.normalize('NFD') }),
    ],
  ]),
  ...onEach(
    THEME,
    ['send'],
    BAD_TEXTS.map(([name, value]) => [`from: ${name}`, 'BODY_INVALID', set('from', value)] as const),
  ),
  ...onEach(
    THEME,
    ['poll'],
    BAD_TEXTS.map(
      ([name, value]) => [`receiverId: ${name}`, 'QUERY_INVALID', asked('receiverId', value)] as const,
    ),
  ),
]

const known: readonly Attack[] = [
  ...onEach(
    THEME,
    ['issue', 'accessToken'],
    [
      ...PROTOTYPE_NAMES.map((name) => [`${name} as userId`, 'USER_UNKNOWN', set('userId', name)] as const),
      ['the userId in another case', 'USER_UNKNOWN', set('userId', 'ZOE')],
      [
        'a key of the directory as userId',
        // Too long for a user who may chat.
        { default: 'USER_UNKNOWN', accessToken: 'BODY_INVALID' },
        set('userId', '4:user12:2020071590318:10010001'),
      ],
      ['a user who is shut out', 'USER_DISABLED', (good) => withBody(good, SHUT_OUT)],
      ['userName in another case', 'USER_NAME_DIFFERS', set('userName', 'TOM')],
      ['__proto__ as userName', 'USER_NAME_DIFFERS', set('userName', '__proto__')],
    ],
  ),
  ...onEach(
    THEME,
    ['send'],
    [
      ['a second sender in another case', 'BODY_INVALID', set('From', 'victim')],
      ['CONNECT in lower case', 'BODY_INVALID', set('controlType', 'connect')],
      ['__proto__ as controlType', 'BODY_INVALID', set('controlType', '__proto__')],
    ],
  ),
  ...onEach(
    THEME,
    ['poll'],
    [
      ['CR LF in receiverId', 'QUERY_INVALID', asked('receiverId', '10010001\r\nx: 1')],
      ['a receiverId of 25 characters', 'QUERY_INVALID', asked('receiverId', '1'.repeat(25))],
      ['an empty receiverId', 'QUERY_INVALID', asked('receiverId', '')],
      ['CR LF in channel', 'QUERY_INVALID', asked('channel', 'WEB\r\nx: 1')],
      // Tried, and harmless: CEC is asked with the two documented ones alone.
      ['one more parameter', ROUTES.poll.success, asked('appKey', 'mine')],
      ['receiverId in another case', ROUTES.poll.success, asked('ReceiverId', 'victim')],
      ['the parameter of a library against caches', ROUTES.poll.success, asked('_', '1767225600000')],
      [
        '__proto__ as a parameter',
        ROUTES.poll.success,
        (good) => ({
          ...good,
          query: JSON.parse('{"__proto__":"1","receiverId":"10010001","channel":"WEB"}'),
        }),
      ],
    ],
  ),
  ...onEach(
    THEME,
    ['send', 'poll'],
    [
      [
        'CR LF in the chat token',
        'CHAT_TOKEN_REFUSED',
        (good) => withHeaders(good, { 'ccmessaging-token': 'a\r\nx-app-key: mine' }),
      ],
      [
        'a chat token outside ASCII',
        'CHAT_TOKEN_REFUSED',
        (good) => withHeaders(good, { 'ccmessaging-token': 't\u043eken' }),
      ],
      [
        'a chat token of 4,097 characters',
        'CHAT_TOKEN_REFUSED',
        (good) => withHeaders(good, { 'ccmessaging-token': 'a'.repeat(4097) }),
      ],
      ['an empty chat token', 'CHAT_TOKEN_REFUSED', (good) => withHeaders(good, { 'ccmessaging-token': '' })],
      [
        'no chat token',
        'CHAT_TOKEN_REFUSED',
        (good) => withHeaders(good, { 'ccmessaging-token': undefined }),
      ],
    ],
  ),
]

/** What the vendor alone can judge reaches it as one value, and it refuses it: another user's messages are not to be had. */
const judged: readonly Attack[] = [
  ['a second receiverId in receiverId', '1&receiverId=10010001', 'poll'],
  ["another user's receiverId", '10010002', 'poll'],
].map(([attack = '', value = '']) => ({
  theme: THEME,
  attack,
  route: 'poll',
  code: 'UPSTREAM_INVALID_REQUEST',
  calls: { cec: 1 },
  spoil: asked('receiverId', value),
}))

export const injections: readonly Attack[] = [...breaks, ...forms, ...names, ...known, ...judged]
