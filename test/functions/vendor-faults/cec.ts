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

const CEC_SETTINGS = {
  status: 502,
  body: cec('990005023', OF_CEC.settings('appKey, appSecret and tokenExpireSeconds')),
  code: 'UPSTREAM_SETTINGS_REFUSED',
}
export const CEC_UNEXPECTED = {
  status: 502,
  body: cec('990005020', OF_CEC.unexpected),
  code: 'UPSTREAM_UNEXPECTED',
}
export const CEC_TOO_LONG = {
  status: 502,
  body: cec('990005020', OF_CEC.tooLong),
  code: 'UPSTREAM_UNEXPECTED',
}
export const CEC_REFUSED = { status: 503, body: cec('990005035', OF_CEC.refused), code: 'UPSTREAM_REFUSED' }
export const CEC_DOWN = {
  status: 503,
  body: cec('990005030', OF_CEC.unavailable),
  code: 'UPSTREAM_UNAVAILABLE',
}
export const CEC_SILENT = { status: 504, body: cec('990005040', OF_CEC.timeout), code: 'UPSTREAM_TIMEOUT' }
export const CEC_THROTTLED = {
  status: 429,
  body: cec('990004290', OF_CEC.throttled),
  code: 'UPSTREAM_THROTTLED',
}
export const CEC_ENTITLEMENT = {
  status: 502,
  body: cec('990005024', OF_CEC.entitlement),
  code: 'UPSTREAM_NOT_ENTITLED',
}
export const CEC_INVALID = {
  status: 400,
  body: cec('990004000', OF_CEC.invalid),
  code: 'UPSTREAM_INVALID_REQUEST',
}
export const CEC_VALUES = {
  status: 400,
  body: cec('990004007', OF_CEC.values),
  code: 'UPSTREAM_VALUES_REFUSED',
}
/** Of another call than applyToken: `check` is what its caller should look at. */
export const cecValues = (check: string) => ({
  ...CEC_VALUES,
  body: cec('990004007', `CEC refuses the values of the request: check ${check}`),
})
export const CHAT_TOKEN = {
  status: 401,
  body: cec('990004011', OF_CEC.chatToken),
  code: 'CHAT_TOKEN_REFUSED',
}
export const cecAddress = (setting: string) => ({
  status: 502,
  body: cec('990005026', OF_CEC.address(setting)),
  code: 'UPSTREAM_ADDRESS_WRONG',
})
export const ofCec = (good: Outcome): Outcomes => ({
  good,
  unexpected: CEC_UNEXPECTED,
  tooLong: CEC_TOO_LONG,
  throttled: CEC_THROTTLED,
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
