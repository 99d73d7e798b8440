import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultName } from '../../tools/local/upstreams/faults.ts'
import {
  type FunctionName,
  GOOD_BODIES,
  newChatToken,
  pollParts,
  sendParts,
  startVendorWorld,
  type VendorWorld,
} from '../support/vendor-world.ts'
import { call, contextWith, type RequestParts } from '../support/world.ts'

/**
 * Every fault on every route. What is expected are literals from the vendors' documents and our README, not derived
 * from the code's own table: status and exact body in the route's error format, the calls that the emulator counted, log code.
 */

let world: VendorWorld
let chatToken: string

beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 50 } })
  chatToken = await newChatToken(world)
})
afterAll(() => {
  printMatrix()
  return world.close()
})

interface Fault {
  readonly fault: FaultName
  readonly body?: string
  readonly times?: number | 'always'
  readonly ms?: number
  readonly seconds?: number
  readonly status?: number
  readonly code?: string | number
}

interface Expected {
  readonly status: number
  /** `undefined` for a good answer, which has a test of its own. */
  readonly body?: object
  readonly calls: Readonly<Record<string, number>>
  readonly code: string
  readonly retryAfter?: string
}

type Case = readonly [on: string, fault: Fault, expected: Expected]

const always = (fault: FaultName, more: Omit<Fault, 'fault'> = {}): Fault => ({
  fault,
  times: 'always',
  ...more,
})

/** What callers are told; of a vendor that answered, with its name. */
const words = (vendor: string) => ({
  unavailable: 'not possible at the moment, try again later',
  timeout: 'the vendor did not answer in time',
  tooLong: 'expected a shorter answer',
  refused: `${vendor} refuses without a reason: check key, secret and address list of this tenant`,
  throttled: `${vendor} asks for fewer calls: try later`,
  unexpected: `${vendor} answers in a way that its documents do not describe`,
  invalid: `${vendor} does not accept the request: check its parameters`,
  entitlement: `${vendor} does not serve this tenant: check the purchase and the status of its account`,
  credential: `${vendor} refuses the credentials of this tenant: check key and secret in its settings`,
  values: `${vendor} refuses the values of the request: check channelId, userId, userName and locale`,
  settings: `${vendor} refuses the settings of this tenant: check ${vendor === 'CEC' ? 'appKey, appSecret and tokenExpireSeconds' : 'appKey and appSecret'}`,
  permission: `${vendor} does not permit this call: check that the RAM user of this tenant may do live:GetMessageToken (docs/alibaba-ram-policy.json)`,
  address: (setting: string) =>
    `${vendor} does not know the address: check ${setting} in the settings of this tenant`,
  chatToken: 'ccmessaging-token: expected one that CEC still takes, ask applyToken for another',
})
const OF_CEC = words('CEC')
const OF_OIAP = words('OIAP')
const OF_LIVE = words('Alibaba Live')

const cec = (errorCode: string, exceptionInfo: string) => ({ errorCode, exceptionInfo })

const tokens = (tokenByAkSk: number, applyToken: number) => ({ tokenByAkSk, applyToken })

const CEC_UNEXPECTED = { status: 502, body: cec('990005020', OF_CEC.unexpected), code: 'UPSTREAM_UNEXPECTED' }
const CEC_TOO_LONG = { status: 502, body: cec('990005020', OF_CEC.tooLong), code: 'UPSTREAM_UNEXPECTED' }
const CEC_REFUSED = { status: 503, body: cec('990005035', OF_CEC.refused), code: 'UPSTREAM_REFUSED' }
const CEC_DOWN = { status: 503, body: cec('990005030', OF_CEC.unavailable), code: 'UPSTREAM_UNAVAILABLE' }
const CEC_SILENT = { status: 504, body: cec('990005040', OF_CEC.timeout), code: 'UPSTREAM_TIMEOUT' }
const CEC_THROTTLED = { status: 429, body: cec('990004290', OF_CEC.throttled), code: 'UPSTREAM_THROTTLED' }
const CEC_ENTITLEMENT = {
  status: 502,
  body: cec('990005024', OF_CEC.entitlement),
  code: 'UPSTREAM_NOT_ENTITLED',
}
const CEC_INVALID = { status: 400, body: cec('990004000', OF_CEC.invalid), code: 'UPSTREAM_INVALID_REQUEST' }
const CEC_VALUES = { status: 400, body: cec('990004007', OF_CEC.values), code: 'UPSTREAM_VALUES_REFUSED' }
const CEC_SETTINGS = {
  status: 502,
  body: cec('990005023', OF_CEC.settings),
  code: 'UPSTREAM_SETTINGS_REFUSED',
}
const cecAddress = (setting: string) => ({
  status: 502,
  body: cec('990005026', OF_CEC.address(setting)),
  code: 'UPSTREAM_ADDRESS_WRONG',
})
const GOOD = { status: 200, code: 'CHAT_TOKEN_ISSUED' }

/** What a system makes of an answer. */
interface Outcomes {
  readonly good: Outcome
  readonly unexpected: Outcome
  readonly tooLong: Outcome
  readonly throttled: Outcome
}
type Outcome = Omit<Expected, 'calls' | 'retryAfter'>

/** What boxes and fashions make of an answer, on every call alike. `onward` is what follows a good one. */
const onTheWay = (
  on: string,
  { good, unexpected, tooLong, throttled }: Outcomes,
  calls: Expected['calls'],
  onward: Expected['calls'] = {},
): readonly Case[] => {
  const none = Object.fromEntries(Object.keys(onward).map((name) => [name, 0]))
  return [
    ...(['gzip', 'br', 'deflate', 'bom', 'other-case'] as const).map(
      (fault): Case => [on, always(fault), { ...good, calls: { ...calls, ...onward } }],
    ),
    [on, always('gzip-bomb'), { ...tooLong, calls: { ...calls, ...none } }],
    [on, always('not-http'), { ...unexpected, calls: { ...calls, ...none } }],
    [
      on,
      always('retry-after-date', { seconds: 3600 }),
      { ...throttled, retryAfter: '3600', calls: { ...calls, ...none } },
    ],
  ]
}

const ofCec = (good: Outcome): Outcomes => ({
  good,
  unexpected: CEC_UNEXPECTED,
  tooLong: CEC_TOO_LONG,
  throttled: CEC_THROTTLED,
})

/** Faults of tokenByAkSk, which every CEC route meets first: `call` is what the route then does with the token. */
const onTokenByAkSk = (
  call: string,
  good: { readonly status: number; readonly code: string },
): readonly Case[] => [
  // No life of 0 s: as long as was asked for.
  ['tokenByAkSk', always('zero-lifetime'), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  [
    'tokenByAkSk',
    always('reply', { status: 404, body: '{}' }),
    { ...cecAddress('tokenUrl'), calls: { tokenByAkSk: 1, [call]: 0 } },
  ],
  ['tokenByAkSk', always('slow', { ms: 50 }), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  ['tokenByAkSk', always('silent'), { ...CEC_SILENT, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'reset' }, { ...good, calls: { tokenByAkSk: 2, [call]: 1 } }],
  ['tokenByAkSk', always('reset'), { ...CEC_DOWN, calls: { tokenByAkSk: 2, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'status-500', times: 2 }, { ...good, calls: { tokenByAkSk: 3, [call]: 1 } }],
  ['tokenByAkSk', always('status-500'), { ...CEC_DOWN, calls: { tokenByAkSk: 3, [call]: 0 } }],
  ['tokenByAkSk', always('html-403'), { ...CEC_REFUSED, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('status-418'), { ...CEC_REFUSED, calls: { tokenByAkSk: 1, [call]: 0 } }],
  [
    'tokenByAkSk',
    always('throttled'),
    { ...CEC_THROTTLED, retryAfter: '1', calls: { tokenByAkSk: 1, [call]: 0 } },
  ],
  [
    'tokenByAkSk',
    always('throttled-retry-after', { seconds: 7 }),
    { ...CEC_THROTTLED, retryAfter: '7', calls: { tokenByAkSk: 1, [call]: 0 } },
  ],
  ['tokenByAkSk', always('invalid-json'), { ...CEC_UNEXPECTED, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('empty-token'), { ...CEC_UNEXPECTED, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'quoted-token' }, { ...good, calls: { tokenByAkSk: 2, [call]: 2 } }],
  ['tokenByAkSk', always('numbers-for-strings'), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  ['tokenByAkSk', always('failure-inside'), { ...CEC_UNEXPECTED, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('huge-body'), { ...CEC_TOO_LONG, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('wrong-content-type'), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  [
    'tokenByAkSk',
    always('redirect'),
    { ...CEC_UNEXPECTED, calls: { tokenByAkSk: 1, [call]: 0, redirected: 0 } },
  ],
  ['tokenByAkSk', always('echo'), { ...CEC_SETTINGS, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ...onTheWay('tokenByAkSk', ofCec(good), { tokenByAkSk: 1 }, { [call]: 1 }),
]

const NOT_FOUND = always('reply', { status: 404, body: '<html>Not Found</html>' })

const APPLY_TOKEN: readonly Case[] = [
  ...onTokenByAkSk('applyToken', GOOD),
  ['applyToken', always('business-failure'), { ...CEC_VALUES, calls: tokens(1, 1) }],
  ['applyToken', NOT_FOUND, { ...cecAddress('applyTokenUrl'), calls: tokens(1, 1) }],
  ...[405, 410].map(
    (status): Case => [
      'applyToken',
      always('reply', { status, body: '{}' }),
      { ...cecAddress('applyTokenUrl'), calls: tokens(1, 1) },
    ],
  ),
  ...['"1"', '1', '"1","token":"a-token"'].map(
    (resultCode): Case => [
      'applyToken',
      always('reply', { body: `{"resultCode":${resultCode}}` }),
      { ...CEC_VALUES, calls: tokens(1, 1) },
    ],
  ),
  ...[502, 503, 504].map(
    (status): Case => [
      'applyToken',
      always('reply', { status, body: '{}' }),
      { ...CEC_DOWN, calls: tokens(1, 3) },
    ],
  ),
  ['applyToken', always('slow', { ms: 50 }), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('silent'), { ...CEC_SILENT, calls: tokens(1, 1) }],
  ['applyToken', { fault: 'reset' }, { ...GOOD, calls: tokens(1, 2) }],
  ['applyToken', always('reset'), { ...CEC_DOWN, calls: tokens(1, 2) }],
  // The document's "business failure": values that are refused once are refused again.
  ['applyToken', { fault: 'status-500' }, { ...CEC_VALUES, calls: tokens(1, 1) }],
  ['applyToken', always('status-500'), { ...CEC_VALUES, calls: tokens(1, 1) }],
  ['applyToken', always('html-403'), { ...CEC_REFUSED, calls: tokens(1, 1) }],
  ['applyToken', always('status-418'), { ...CEC_REFUSED, calls: tokens(1, 1) }],
  ['applyToken', always('throttled'), { ...CEC_THROTTLED, retryAfter: '1', calls: tokens(1, 1) }],
  [
    'applyToken',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC_THROTTLED, retryAfter: '9', calls: tokens(1, 1) },
  ],
  ['applyToken', always('invalid-json'), { ...CEC_UNEXPECTED, calls: tokens(1, 1) }],
  ['applyToken', always('empty-token'), { ...CEC_UNEXPECTED, calls: tokens(1, 1) }],
  ['applyToken', always('quoted-token'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('optional-absent'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('numbers-for-strings'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('failure-inside'), { ...CEC_VALUES, calls: tokens(1, 1) }],
  ['applyToken', { fault: 'bearer-expired' }, { ...GOOD, calls: tokens(2, 2) }],
  ['applyToken', { fault: 'bearer-refused' }, { ...GOOD, calls: tokens(2, 2) }],
  ['applyToken', always('bearer-refused'), { ...CEC_ENTITLEMENT, calls: tokens(2, 2) }],
  ['applyToken', always('not-purchased'), { ...CEC_ENTITLEMENT, calls: tokens(2, 2) }],
  ['applyToken', always('huge-body'), { ...CEC_TOO_LONG, calls: tokens(1, 1) }],
  ['applyToken', always('wrong-content-type'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('redirect'), { ...CEC_UNEXPECTED, calls: { ...tokens(1, 1), redirected: 0 } }],
  ['applyToken', always('echo'), { ...CEC_INVALID, calls: tokens(1, 1) }],
  ...onTheWay('applyToken', ofCec(GOOD), tokens(1, 1)),
]

const RELAYED = { status: 200, code: 'CHAT_RELAYED' }
const CHAT_TOKEN = { status: 401, body: cec('990004011', OF_CEC.chatToken), code: 'CHAT_TOKEN_REFUSED' }
const sends = (tokenByAkSk: number, send: number) => ({ tokenByAkSk, send })
const polls = (tokenByAkSk: number, poll: number) => ({ tokenByAkSk, poll })

/** A message is never sent twice: whether the first arrived is not known. */
const SEND: readonly Case[] = [
  ...onTokenByAkSk('send', RELAYED),
  ['send', { fault: 'header-on-failure' }, { ...CEC_REFUSED, calls: sends(1, 1) }],
  ['send', NOT_FOUND, { ...cecAddress('chatUrl'), calls: sends(1, 1) }],
  [
    'send',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC_THROTTLED, retryAfter: '9', calls: sends(1, 1) },
  ],
  ['send', always('slow', { ms: 50 }), { ...RELAYED, calls: sends(1, 1) }],
  ['send', always('silent'), { ...CEC_SILENT, calls: sends(1, 1) }],
  ['send', always('reset'), { ...CEC_DOWN, calls: sends(1, 1) }],
  ['send', always('status-500'), { ...CEC_DOWN, calls: sends(1, 1) }],
  ['send', always('html-403'), { ...CEC_REFUSED, calls: sends(1, 1) }],
  ['send', always('status-418'), { ...CEC_REFUSED, calls: sends(1, 1) }],
  ['send', always('throttled'), { ...CEC_THROTTLED, retryAfter: '1', calls: sends(1, 1) }],
  ['send', always('invalid-json'), { ...CEC_UNEXPECTED, calls: sends(1, 1) }],
  [
    'send',
    always('failure-inside'),
    { ...RELAYED, body: { resultCode: '1', resultDesc: 'failed' }, calls: sends(1, 1) },
  ],
  ['send', { fault: 'bearer-expired' }, { ...RELAYED, calls: sends(2, 2) }],
  ['send', { fault: 'bearer-refused' }, { ...RELAYED, calls: sends(2, 2) }],
  ['send', always('bearer-refused'), { ...CEC_ENTITLEMENT, calls: sends(2, 2) }],
  ['send', always('not-purchased'), { ...CHAT_TOKEN, calls: sends(2, 2) }],
  ['send', always('huge-body'), { ...CEC_TOO_LONG, calls: sends(1, 1) }],
  ['send', always('wrong-content-type'), { ...RELAYED, calls: sends(1, 1) }],
  ['send', always('redirect'), { ...CEC_UNEXPECTED, calls: { ...sends(1, 1), redirected: 0 } }],
  ['send', always('echo'), { ...CEC_INVALID, calls: sends(1, 1) }],
  ['send', always('echo', { status: 200 }), { ...CEC_UNEXPECTED, calls: sends(1, 1) }],
  ...onTheWay('send', ofCec(RELAYED), sends(1, 1)),
]

const POLL: readonly Case[] = [
  ...onTokenByAkSk('poll', RELAYED),
  ['poll', NOT_FOUND, { ...cecAddress('chatUrl'), calls: polls(1, 1) }],
  ['poll', always('slow', { ms: 50 }), { ...RELAYED, calls: polls(1, 1) }],
  ['poll', always('status-418'), { ...CEC_REFUSED, calls: polls(1, 1) }],
  [
    'poll',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC_THROTTLED, retryAfter: '9', calls: polls(1, 1) },
  ],
  [
    'poll',
    always('failure-inside'),
    { ...RELAYED, body: { resultCode: '1', resultDesc: 'failed' }, calls: polls(1, 1) },
  ],
  ['poll', { fault: 'bearer-expired' }, { ...RELAYED, calls: polls(2, 2) }],
  ['poll', always('bearer-refused'), { ...CEC_ENTITLEMENT, calls: polls(2, 2) }],
  ['poll', always('wrong-content-type'), { ...RELAYED, calls: polls(1, 1) }],
  ['poll', always('echo', { status: 200 }), { ...CEC_UNEXPECTED, calls: polls(1, 1) }],
  [
    'poll',
    always('silent'),
    { ...RELAYED, body: { resultCode: '0', resultDesc: '', downlinkMessages: [] }, calls: polls(1, 1) },
  ],
  ['poll', always('reset'), { ...CEC_DOWN, calls: polls(1, 2) }],
  ['poll', always('status-500'), { ...CEC_DOWN, calls: polls(1, 3) }],
  ['poll', always('html-403'), { ...CEC_REFUSED, calls: polls(1, 1) }],
  ['poll', always('throttled'), { ...CEC_THROTTLED, retryAfter: '1', calls: polls(1, 1) }],
  ['poll', always('invalid-json'), { ...CEC_UNEXPECTED, calls: polls(1, 1) }],
  ['poll', { fault: 'bearer-refused' }, { ...RELAYED, calls: polls(2, 2) }],
  ['poll', always('not-purchased'), { ...CHAT_TOKEN, calls: polls(2, 2) }],
  ['poll', always('huge-body'), { ...CEC_TOO_LONG, calls: polls(1, 1) }],
  ['poll', always('redirect'), { ...CEC_UNEXPECTED, calls: { ...polls(1, 1), redirected: 0 } }],
  ['poll', always('echo'), { ...CEC_INVALID, calls: polls(1, 1) }],
  ...onTheWay('poll', ofCec(RELAYED), polls(1, 1)),
]

const oiap = (errorCode: number, errorMsg: string) => ({ errorCode, errorMsg })
const OIAP_GOOD = { status: 200, code: 'APP_CUBE_TOKEN_ISSUED' }
const OIAP_UNEXPECTED = {
  status: 502,
  body: oiap(990005020, OF_OIAP.unexpected),
  code: 'UPSTREAM_UNEXPECTED',
}
const OIAP_TOO_LONG = {
  status: 502,
  body: oiap(990005020, OF_OIAP.tooLong),
  code: 'UPSTREAM_UNEXPECTED',
}
const OIAP_REFUSED = { status: 503, body: oiap(990005035, OF_OIAP.refused), code: 'UPSTREAM_REFUSED' }
const OIAP_DOWN = { status: 503, body: oiap(990005030, OF_OIAP.unavailable), code: 'UPSTREAM_UNAVAILABLE' }
const OIAP_CREDENTIAL = {
  status: 502,
  body: oiap(990005023, OF_OIAP.credential),
  code: 'UPSTREAM_CREDENTIAL',
}
const OIAP_SETTINGS = {
  status: 502,
  body: oiap(990005023, OF_OIAP.settings),
  code: 'UPSTREAM_SETTINGS_REFUSED',
}
const OIAP_THROTTLED = { status: 429, body: oiap(990004290, OF_OIAP.throttled), code: 'UPSTREAM_THROTTLED' }
const asked = (getAppCubeToken: number) => ({ getAppCubeToken })

const APP_CUBE: readonly Case[] = [
  ['getAppCubeToken', always('zero-lifetime'), { ...OIAP_GOOD, calls: asked(1) }],
  [
    'getAppCubeToken',
    NOT_FOUND,
    {
      status: 502,
      body: oiap(990005026, OF_OIAP.address('url')),
      code: 'UPSTREAM_ADDRESS_WRONG',
      calls: asked(1),
    },
  ],
  ['getAppCubeToken', always('slow', { ms: 50 }), { ...OIAP_GOOD, calls: asked(1) }],
  [
    'getAppCubeToken',
    always('silent'),
    { status: 504, body: oiap(990005040, OF_OIAP.timeout), code: 'UPSTREAM_TIMEOUT', calls: asked(1) },
  ],
  // Never repeated by itself: the secret may have been judged, and a wrong one counts towards the lock.
  ['getAppCubeToken', { fault: 'reset' }, { ...OIAP_DOWN, calls: asked(1) }],
  ['getAppCubeToken', always('reset'), { ...OIAP_DOWN, calls: asked(1) }],
  ['getAppCubeToken', always('status-500'), { ...OIAP_DOWN, calls: asked(1) }],
  ['getAppCubeToken', always('html-403'), { ...OIAP_REFUSED, calls: asked(1) }],
  ['getAppCubeToken', always('status-418'), { ...OIAP_REFUSED, calls: asked(1) }],
  ['getAppCubeToken', always('throttled'), { ...OIAP_THROTTLED, retryAfter: '1', calls: asked(1) }],
  [
    'getAppCubeToken',
    always('throttled-retry-after', { seconds: 4 }),
    { ...OIAP_THROTTLED, retryAfter: '4', calls: asked(1) },
  ],
  ['getAppCubeToken', always('invalid-json'), { ...OIAP_UNEXPECTED, calls: asked(1) }],
  ['getAppCubeToken', always('empty-token'), { ...OIAP_UNEXPECTED, calls: asked(1) }],
  ['getAppCubeToken', always('optional-absent'), { ...OIAP_GOOD, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 10000001 }), { ...OIAP_DOWN, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 10000002 }), { ...OIAP_SETTINGS, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 10000003 }), { ...OIAP_SETTINGS, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 200800001 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 200800002 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
  ['getAppCubeToken', always('failure-inside', { code: 200800003 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
  [
    'getAppCubeToken',
    always('echo', { status: 500, code: 200800003 }),
    { ...OIAP_CREDENTIAL, calls: asked(1) },
  ],
  [
    'getAppCubeToken',
    always('echo', { status: 429, code: 200800002 }),
    { ...OIAP_CREDENTIAL, calls: asked(1) },
  ],
  ['getAppCubeToken', always('failure-inside', { code: 12345 }), { ...OIAP_REFUSED, calls: asked(1) }],
  ['getAppCubeToken', always('huge-body'), { ...OIAP_TOO_LONG, calls: asked(1) }],
  ['getAppCubeToken', always('wrong-content-type'), { ...OIAP_GOOD, calls: asked(1) }],
  ['getAppCubeToken', always('redirect'), { ...OIAP_UNEXPECTED, calls: { ...asked(1), redirected: 0 } }],
  ['getAppCubeToken', always('echo'), { ...OIAP_DOWN, calls: asked(1) }],
  ...onTheWay(
    'getAppCubeToken',
    { good: OIAP_GOOD, unexpected: OIAP_UNEXPECTED, tooLong: OIAP_TOO_LONG, throttled: OIAP_THROTTLED },
    asked(1),
  ),
]

const live = (Code: string, Message: string) => ({
  RequestId: expect.stringMatching(/^[0-9a-f]{16}$/),
  Code: `TokenBridge.${Code}`,
  Message,
})
const LIVE_GOOD = { status: 200, code: 'LIVE_TOKEN_ISSUED' }
const LIVE_UNEXPECTED = {
  status: 502,
  body: live('VENDOR_REPLY', OF_LIVE.unexpected),
  code: 'UPSTREAM_UNEXPECTED',
}
const LIVE_TOO_LONG = {
  status: 502,
  body: live('VENDOR_REPLY', OF_LIVE.tooLong),
  code: 'UPSTREAM_UNEXPECTED',
}
const LIVE_REFUSED = { status: 503, body: live('VENDOR_REFUSAL', OF_LIVE.refused), code: 'UPSTREAM_REFUSED' }
const LIVE_PERMISSION = {
  status: 503,
  body: live('VENDOR_REFUSAL', OF_LIVE.permission),
  code: 'UPSTREAM_PERMISSION_MISSING',
}
/** Of temporary credentials above all; each ends the tries with these credentials. */
const STS_AND_KEY_CODES = [
  'InvalidSecurityToken.Expired',
  'InvalidSecurityToken.Malformed',
  'InvalidSecurityToken.MismatchWithAccessKey',
  'InvalidSecurityToken.Something',
  'MissingSecurityToken',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidAccessKeyId.Something',
  'Forbidden.AccessKeyDisabled',
]
const LIVE_DOWN = {
  status: 503,
  body: live('UNAVAILABLE', OF_LIVE.unavailable),
  code: 'UPSTREAM_UNAVAILABLE',
}
const LIVE_CREDENTIAL = {
  status: 502,
  body: live('VENDOR_CREDENTIAL', OF_LIVE.credential),
  code: 'UPSTREAM_CREDENTIAL',
}
const LIVE_INVALID = {
  status: 400,
  body: live('MALFORMED', OF_LIVE.invalid),
  code: 'UPSTREAM_INVALID_REQUEST',
}
const LIVE_THROTTLED = { status: 429, body: live('THROTTLED', OF_LIVE.throttled), code: 'UPSTREAM_THROTTLED' }
const got = (GetMessageToken: number) => ({ GetMessageToken })

const LIVE: readonly Case[] = [
  ['GetMessageToken', always('zero-lifetime'), { ...LIVE_GOOD, calls: got(1) }],
  [
    'GetMessageToken',
    NOT_FOUND,
    {
      status: 502,
      body: live('VENDOR_ADDRESS', OF_LIVE.address('endpoint')),
      code: 'UPSTREAM_ADDRESS_WRONG',
      calls: got(1),
    },
  ],
  ['GetMessageToken', always('slow', { ms: 50 }), { ...LIVE_GOOD, calls: got(1) }],
  [
    'GetMessageToken',
    always('silent'),
    { status: 504, body: live('TIMEOUT', OF_LIVE.timeout), code: 'UPSTREAM_TIMEOUT', calls: got(1) },
  ],
  ['GetMessageToken', { fault: 'reset' }, { ...LIVE_GOOD, calls: got(2) }],
  ['GetMessageToken', always('reset'), { ...LIVE_DOWN, calls: got(2) }],
  ['GetMessageToken', { fault: 'status-500', times: 2 }, { ...LIVE_GOOD, calls: got(3) }],
  ['GetMessageToken', always('status-500'), { ...LIVE_DOWN, calls: got(3) }],
  ['GetMessageToken', always('html-403'), { ...LIVE_REFUSED, calls: got(1) }],
  ['GetMessageToken', always('status-418'), { ...LIVE_REFUSED, calls: got(1) }],
  ['GetMessageToken', always('throttled'), { ...LIVE_THROTTLED, retryAfter: '1', calls: got(1) }],
  [
    'GetMessageToken',
    always('throttled', { status: 400, code: 'Throttling.Api' }),
    { ...LIVE_THROTTLED, retryAfter: '1', calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('throttled-retry-after', { seconds: 3 }),
    { ...LIVE_THROTTLED, retryAfter: '3', calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('throttled-acs-retry-after', { ms: 2500 }),
    { ...LIVE_THROTTLED, retryAfter: '3', calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('throttled-ratelimit', { ms: 1500 }),
    { ...LIVE_THROTTLED, retryAfter: '2', calls: got(1) },
  ],
  ['GetMessageToken', always('invalid-json'), { ...LIVE_UNEXPECTED, calls: got(1) }],
  ['GetMessageToken', always('empty-token'), { ...LIVE_UNEXPECTED, calls: got(1) }],
  ['GetMessageToken', always('failure-inside'), { ...LIVE_DOWN, calls: got(1) }],
  ...['Forbidden', 'Forbidden.RAM', 'NoPermission'].map(
    (code): Case => [
      'GetMessageToken',
      always('failure-inside', { code }),
      { ...LIVE_PERMISSION, calls: got(1) },
    ],
  ),
  ...STS_AND_KEY_CODES.map(
    (code): Case => [
      'GetMessageToken',
      always('failure-inside', { code }),
      { ...LIVE_CREDENTIAL, calls: got(1) },
    ],
  ),
  ...['Throttling.Foo', 'Throttling.User.Bar'].map(
    (code): Case => [
      'GetMessageToken',
      always('failure-inside', { code }),
      { ...LIVE_THROTTLED, retryAfter: '1', calls: got(1) },
    ],
  ),
  [
    'GetMessageToken',
    always('failure-inside', { code: 'InvaildParameter' }),
    { ...LIVE_INVALID, calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'SignatureDoesNotMatch' }),
    { ...LIVE_CREDENTIAL, calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'InvalidAccessKeyId.NotFound' }),
    { ...LIVE_CREDENTIAL, calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'Something.New' }),
    { ...LIVE_UNEXPECTED, calls: got(1) },
  ],
  [
    'GetMessageToken',
    { fault: 'failure-inside', code: 'SignatureNonceUsed' },
    { ...LIVE_GOOD, calls: got(2) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'SignatureNonceUsed' }),
    { ...LIVE_DOWN, calls: got(2) },
  ],
  [
    'GetMessageToken',
    always('echo', { status: 503, code: 'InvalidAccessKeyId.Inactive' }),
    { ...LIVE_CREDENTIAL, calls: got(1) },
  ],
  ['GetMessageToken', always('huge-body'), { ...LIVE_TOO_LONG, calls: got(1) }],
  ['GetMessageToken', always('wrong-content-type'), { ...LIVE_GOOD, calls: got(1) }],
  ['GetMessageToken', always('redirect'), { ...LIVE_UNEXPECTED, calls: { ...got(1), redirected: 0 } }],
  ['GetMessageToken', always('echo'), { ...LIVE_INVALID, calls: got(1) }],
  ...onTheWay(
    'GetMessageToken',
    { good: LIVE_GOOD, unexpected: LIVE_UNEXPECTED, tooLong: LIVE_TOO_LONG, throttled: LIVE_THROTTLED },
    got(1),
  ),
  [
    'GetMessageToken',
    always('echo', { status: 403, code: 'SignatureDoesNotMatch' }),
    { ...LIVE_CREDENTIAL, calls: got(1) },
  ],
]

interface RouteCases {
  readonly route: string
  readonly handler: FunctionName
  readonly vendor: 'cec' | 'oiap' | 'live'
  readonly parts: () => RequestParts
  readonly cases: readonly Case[]
}

const withKey = (body: object) => () => ({ headers: world.authorization, body })

const ROUTES: readonly RouteCases[] = [
  {
    route: 'applyToken',
    handler: 'applyToken',
    vendor: 'cec',
    parts: withKey(GOOD_BODIES.applyToken),
    cases: APPLY_TOKEN,
  },
  {
    route: 'send',
    handler: 'chatRelay',
    vendor: 'cec',
    parts: () => sendParts(world, chatToken),
    cases: SEND,
  },
  {
    route: 'poll',
    handler: 'chatRelay',
    vendor: 'cec',
    parts: () => pollParts(world, chatToken),
    cases: POLL,
  },
  {
    route: 'getAppCubeToken',
    handler: 'appCubeToken',
    vendor: 'oiap',
    parts: withKey(GOOD_BODIES.appCubeToken),
    cases: APP_CUBE,
  },
  {
    route: 'GetMessageToken',
    handler: 'liveMessageToken',
    vendor: 'live',
    parts: withKey(GOOD_BODIES.liveMessageToken),
    cases: LIVE,
  },
]

const rows: string[][] = []
const describeFault = ({ fault, times = 1, ms, seconds, status, code }: Fault): string =>
  [
    fault,
    times === 'always' ? '' : `×${times}`,
    ...[ms && `${ms} ms`, seconds && `${seconds} s`, status, code].filter(Boolean),
  ]
    .filter(Boolean)
    .join(' ')

const printMatrix = (): void => {
  const header = [
    'route',
    'call at fault',
    'fault',
    'status',
    'log code',
    'Retry-After',
    'calls counted by the emulator',
  ]
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  console.log([line(header), ...rows.map(line), `${rows.length} cases`].join('\n'))
}

describe.each(ROUTES)('$route under faults', ({ route, handler, vendor, parts, cases }) => {
  it.each(
    cases.map(([on, fault, expected]) => ({ on, fault, expected, name: `${describeFault(fault)} on ${on}` })),
  )('$name → $expected.status $expected.code', async ({ on, fault, expected }) => {
    // Prepare: a new sandbox and an empty table, since tokens and some faults are remembered
    await world.clearTokens()
    const emulator = world.vendors[vendor]
    const sandbox = await world.fresh(handler)
    emulator.resetCalls()
    emulator.fail({ call: on, ...fault })
    // Act
    const context = contextWith(fault.fault === 'silent' ? 2_500 : 10_000)
    const { status, body, line, headers } = await call(world, sandbox, parts(), context)
    emulator.clearFaults()
    // A page goes on with the token that an answer brings, a failure's included: the old one is dead.
    chatToken = headers['ccmessaging-token'] ?? chatToken
    // Assess
    const counted = Object.fromEntries(
      Object.keys(expected.calls).map((name) => [name, emulator.calls(name)]),
    )
    expect({ status, code: line.code, calls: counted, retryAfter: headers['retry-after'] }).toEqual({
      status: expected.status,
      code: expected.code,
      calls: expected.calls,
      retryAfter: expected.retryAfter,
    })
    if (expected.body !== undefined) expect(body).toEqual(expected.body)
    if (expected.status === 504) expect(context.getRemainingTimeInMillis()).toBeGreaterThanOrEqual(1_000)
    const counts = Object.entries(counted)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
    rows.push([
      route,
      on,
      describeFault(fault),
      String(status),
      line.code,
      headers['retry-after'] ?? '',
      counts,
    ])
    // The twin: the same request without the fault, where nobody has seen one
    await world.clearTokens()
    const twin = await call(world, await world.fresh(handler), parts())
    expect(twin.status).toBe(200)
  })
})
