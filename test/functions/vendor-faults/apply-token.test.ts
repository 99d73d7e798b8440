import { describe, it } from 'vitest'
import {
  always,
  type Case,
  faultsOf,
  NOT_FOUND,
  named,
  onTheWay,
  withKey,
} from '../../support/vendor-faults.ts'
import { GOOD_BODIES } from '../../support/vendor-world.ts'
import { CEC, cecAddress, ofCec, onTokenByAkSk } from './cec.ts'

const GOOD = { status: 200, code: 'CHAT_TOKEN_ISSUED' }
const tokens = (tokenByAkSk: number, applyToken: number) => ({ tokenByAkSk, applyToken })

const underFault = faultsOf({
  route: 'applyToken',
  handler: 'applyToken',
  vendor: 'cec',
  parts: withKey(GOOD_BODIES.applyToken),
})

const CASES: readonly Case[] = [
  ...onTokenByAkSk('applyToken', GOOD),
  ['applyToken', always('business-failure'), { ...CEC.values, calls: tokens(1, 1) }],
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
      { ...CEC.values, calls: tokens(1, 1) },
    ],
  ),
  ...[502, 503, 504].map(
    (status): Case => [
      'applyToken',
      always('reply', { status, body: '{}' }),
      { ...CEC.down, calls: tokens(1, 3) },
    ],
  ),
  ['applyToken', always('slow', { ms: 50 }), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('silent'), { ...CEC.silent, calls: tokens(1, 1) }],
  ['applyToken', { fault: 'reset' }, { ...GOOD, calls: tokens(1, 2) }],
  ['applyToken', always('reset'), { ...CEC.down, calls: tokens(1, 2) }],
  // The document's "business failure": values that are refused once are refused again.
  ['applyToken', { fault: 'status-500' }, { ...CEC.values, calls: tokens(1, 1) }],
  ['applyToken', always('status-500'), { ...CEC.values, calls: tokens(1, 1) }],
  ['applyToken', always('html-403'), { ...CEC.refused, calls: tokens(1, 1) }],
  ['applyToken', always('status-418'), { ...CEC.refused, calls: tokens(1, 1) }],
  ['applyToken', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: tokens(1, 1) }],
  [
    'applyToken',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: tokens(1, 1) },
  ],
  ['applyToken', always('invalid-json'), { ...CEC.unexpected, calls: tokens(1, 1) }],
  ['applyToken', always('empty-token'), { ...CEC.unexpected, calls: tokens(1, 1) }],
  ['applyToken', always('quoted-token'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('optional-absent'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('numbers-for-strings'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('failure-inside'), { ...CEC.values, calls: tokens(1, 1) }],
  ['applyToken', { fault: 'bearer-expired' }, { ...GOOD, calls: tokens(2, 2) }],
  ['applyToken', { fault: 'bearer-refused' }, { ...GOOD, calls: tokens(2, 2) }],
  ['applyToken', always('bearer-refused'), { ...CEC.entitlement, calls: tokens(2, 2) }],
  ['applyToken', always('not-purchased'), { ...CEC.entitlement, calls: tokens(2, 2) }],
  ['applyToken', always('huge-body'), { ...CEC.tooLong, calls: tokens(1, 1) }],
  ['applyToken', always('wrong-content-type'), { ...GOOD, calls: tokens(1, 1) }],
  ['applyToken', always('redirect'), { ...CEC.unexpected, calls: { ...tokens(1, 1), redirected: 0 } }],
  ['applyToken', always('echo'), { ...CEC.invalid, calls: tokens(1, 1) }],
  ...onTheWay('applyToken', ofCec(GOOD), tokens(1, 1)),
]

describe('applyToken under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
