import { describe, expect, it } from 'vitest'
import {
  always,
  type Case,
  faultsOf,
  NOT_FOUND,
  named,
  onTheWay,
  withKey,
  words,
} from '../../support/vendor-faults.ts'
import { GOOD_BODIES } from '../../support/vendor-world.ts'

const OF_LIVE = words('Alibaba Live')
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

const underFault = faultsOf({
  route: 'GetMessageToken',
  handler: 'liveMessageToken',
  vendor: 'live',
  parts: withKey(GOOD_BODIES.liveMessageToken),
})

const CASES: readonly Case[] = [
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

describe('GetMessageToken under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
