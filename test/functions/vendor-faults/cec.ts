/** What the routes to CEC make of an answer, and what a fault of tokenByAkSk does to each of them. */

import {
  always,
  type Case,
  type Outcome,
  type Outcomes,
  onTheWay,
  words,
} from '../../support/vendor-faults.ts'

const OF_CEC = words('CEC')

const cec = (errorCode: string, exceptionInfo: string) => ({ errorCode, exceptionInfo })

/** What each class of failure becomes in CEC’s error format. */
export const CEC = {
  settings: {
    status: 502,
    body: cec('990005023', OF_CEC.settings('appKey, appSecret and tokenExpireSeconds')),
    code: 'UPSTREAM_SETTINGS_REFUSED',
  },
  unexpected: {
    status: 502,
    body: cec('990005020', OF_CEC.unexpected),
    code: 'UPSTREAM_UNEXPECTED',
  },
  tooLong: {
    status: 502,
    body: cec('990005020', OF_CEC.tooLong),
    code: 'UPSTREAM_UNEXPECTED',
  },
  refused: { status: 503, body: cec('990005035', OF_CEC.refused), code: 'UPSTREAM_REFUSED' },
  down: {
    status: 503,
    body: cec('990005030', OF_CEC.unavailable),
    code: 'UPSTREAM_UNAVAILABLE',
  },
  silent: { status: 504, body: cec('990005040', OF_CEC.timeout), code: 'UPSTREAM_TIMEOUT' },
  throttled: {
    status: 429,
    body: cec('990004290', OF_CEC.throttled),
    code: 'UPSTREAM_THROTTLED',
  },
  entitlement: {
    status: 502,
    body: cec('990005024', OF_CEC.entitlement),
    code: 'UPSTREAM_NOT_ENTITLED',
  },
  invalid: {
    status: 400,
    body: cec('990004000', OF_CEC.invalid),
    code: 'UPSTREAM_INVALID_REQUEST',
  },
  values: {
    status: 400,
    body: cec('990004007', OF_CEC.values),
    code: 'UPSTREAM_VALUES_REFUSED',
  },
  chatToken: {
    status: 401,
    body: cec('990004011', OF_CEC.chatToken),
    code: 'CHAT_TOKEN_REFUSED',
  },
} as const

/** Of another call than applyToken: `check` is what its caller should look at. */
export const cecValues = (check: string) => ({
  ...CEC.values,
  body: cec('990004007', `CEC refuses the values of the request: check ${check}`),
})

export const cecAddress = (setting: string) => ({
  status: 502,
  body: cec('990005026', OF_CEC.address(setting)),
  code: 'UPSTREAM_ADDRESS_WRONG',
})

export const ofCec = (good: Outcome): Outcomes => ({
  good,
  unexpected: CEC.unexpected,
  tooLong: CEC.tooLong,
  throttled: CEC.throttled,
})

/** Faults of tokenByAkSk, which every CEC route meets first: `call` is what the route then does with the token. */
export const onTokenByAkSk = (
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
  ['tokenByAkSk', always('silent'), { ...CEC.silent, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'reset' }, { ...good, calls: { tokenByAkSk: 2, [call]: 1 } }],
  ['tokenByAkSk', always('reset'), { ...CEC.down, calls: { tokenByAkSk: 2, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'status-500', times: 2 }, { ...good, calls: { tokenByAkSk: 3, [call]: 1 } }],
  ['tokenByAkSk', always('status-500'), { ...CEC.down, calls: { tokenByAkSk: 3, [call]: 0 } }],
  ['tokenByAkSk', always('html-403'), { ...CEC.refused, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('status-418'), { ...CEC.refused, calls: { tokenByAkSk: 1, [call]: 0 } }],
  [
    'tokenByAkSk',
    always('throttled'),
    { ...CEC.throttled, retryAfter: '1', calls: { tokenByAkSk: 1, [call]: 0 } },
  ],
  [
    'tokenByAkSk',
    always('throttled-retry-after', { seconds: 7 }),
    { ...CEC.throttled, retryAfter: '7', calls: { tokenByAkSk: 1, [call]: 0 } },
  ],
  ['tokenByAkSk', always('invalid-json'), { ...CEC.unexpected, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('empty-token'), { ...CEC.unexpected, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', { fault: 'quoted-token' }, { ...good, calls: { tokenByAkSk: 2, [call]: 2 } }],
  ['tokenByAkSk', always('numbers-for-strings'), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  ['tokenByAkSk', always('failure-inside'), { ...CEC.unexpected, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('huge-body'), { ...CEC.tooLong, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ['tokenByAkSk', always('wrong-content-type'), { ...good, calls: { tokenByAkSk: 1, [call]: 1 } }],
  [
    'tokenByAkSk',
    always('redirect'),
    { ...CEC.unexpected, calls: { tokenByAkSk: 1, [call]: 0, redirected: 0 } },
  ],
  ['tokenByAkSk', always('echo'), { ...CEC.settings, calls: { tokenByAkSk: 1, [call]: 0 } }],
  ...onTheWay('tokenByAkSk', ofCec(good), { tokenByAkSk: 1 }, { [call]: 1 }),
]
