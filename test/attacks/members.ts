/** Members of the wrong type, left out, or more than a caller may say. */

import { type RequestParts, TENANT } from '../support/world.ts'
import { type Attack, onEach, withBody } from './attack.ts'
import type { RouteName } from './routes.ts'

const THEME = 'members'

/** Each member that a route cannot do without. */
const MEMBERS: Partial<Record<RouteName, readonly string[]>> = {
  validate: ['Token', 'userId', 'userName', 'tenantSpaceId'],
  issue: ['userId', 'userName', 'tenantSpaceId'],
  revoke: ['tenantSpaceId', 'jti'],
  putUser: ['tenantSpaceId', 'userId', 'userName', 'status'],
  applyToken: ['userId', 'userName', 'channelId', 'locale'],
  send: ['from', 'controlType'],
  appCubeToken: ['appKey'],
  liveMessageToken: ['DeviceId', 'DeviceType', 'UserId'],
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

const wrongMembers: readonly Attack[] = Object.entries(MEMBERS).flatMap(([route, members]) =>
  members.flatMap((member) =>
    onEach(
      THEME,
      [route as RouteName],
      VALUES.map(
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
  ['revoke', { all: true }],
  ['revoke', { userId: 'bystander' }],
  ['revoke', { all: false }],
  ['revoke', { epoch: 0 }],
  ['putUser', { epoch: 0 }],
  ['putUser', { pk: `6:tenant12:${TENANT}` }],
  ['putUser', { kind: 'tenant' }],
  ['putUser', { status: 'deleted' }],
  ['applyToken', { tenantSpaceId: TENANT }],
  ['applyToken', { appSecret: 'guess' }],
  ['appCubeToken', { tenantSpaceId: TENANT }],
  ['appCubeToken', { appSecret: 'guess' }],
  ['liveMessageToken', { AccessKeyId: 'guess' }],
  ['liveMessageToken', { Action: 'Other' }],
]

const more: readonly Attack[] = MORE.flatMap(([route, members]) =>
  onEach(
    THEME,
    [route],
    [[`one more: ${JSON.stringify(members)}`, 'BODY_INVALID', (good) => withBody(good, members)]],
  ),
)

export const members: readonly Attack[] = [...wrongMembers, ...more]
