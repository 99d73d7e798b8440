import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, withKey, words } from '../../support/vendor-faults.ts'
import { AUI_V1_BODIES } from '../../support/vendor-world.ts'

const OF_LIVE = words('Alibaba Live')
const GOOD = { status: 200, code: 'AUI_LIVE_TOKEN_ISSUED' }
const answer = (status: number, message: string, code: string) => ({
  status,
  body: { code: status, message },
  code,
})
const DOWN = answer(503, OF_LIVE.unavailable, 'UPSTREAM_UNAVAILABLE')
const UNEXPECTED = answer(502, OF_LIVE.unexpected, 'UPSTREAM_UNEXPECTED')
const CREDENTIAL = answer(502, OF_LIVE.credential, 'UPSTREAM_CREDENTIAL')
const got = (GetMessageToken: number) => ({ GetMessageToken })

const withKeyAt = (path: string): ReturnType<typeof withKey> => {
  const parts = withKey(AUI_V1_BODIES.live)
  return (...of) => ({ ...parts(...of), routeKey: `POST ${path}` })
}
const underFault = faultsOf({
  route: 'GetMessageToken',
  handler: 'auiLiveToken',
  vendor: 'live',
  parts: withKeyAt('/api/v1/live/token'),
})

/** The call is that of `POST /live/GetMessageToken`, whose table has every fault: here is how each class is worded. */
const CASES: readonly Case[] = [
  ['GetMessageToken', always('slow', { ms: 50 }), { ...GOOD, calls: got(1) }],
  [
    'GetMessageToken',
    always('silent'),
    { ...answer(504, OF_LIVE.timeout, 'UPSTREAM_TIMEOUT'), calls: got(1) },
  ],
  ['GetMessageToken', { fault: 'status-500', times: 2 }, { ...GOOD, calls: got(3) }],
  ['GetMessageToken', always('status-500'), { ...DOWN, calls: got(3) }],
  ['GetMessageToken', always('reset'), { ...DOWN, calls: got(2) }],
  [
    'GetMessageToken',
    always('html-403'),
    { ...answer(503, OF_LIVE.refused, 'UPSTREAM_REFUSED'), calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('throttled-retry-after', { seconds: 3 }),
    { ...answer(429, OF_LIVE.throttled, 'UPSTREAM_THROTTLED'), retryAfter: '3', calls: got(1) },
  ],
  [
    'GetMessageToken',
    NOT_FOUND,
    { ...answer(502, OF_LIVE.address('endpoint'), 'UPSTREAM_ADDRESS_WRONG'), calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'SignatureDoesNotMatch' }),
    { ...CREDENTIAL, calls: got(1) },
  ],
  [
    'GetMessageToken',
    always('failure-inside', { code: 'NoPermission' }),
    { ...answer(503, OF_LIVE.permission, 'UPSTREAM_PERMISSION_MISSING'), calls: got(1) },
  ],
  ['GetMessageToken', always('invalid-json'), { ...UNEXPECTED, calls: got(1) }],
  ['GetMessageToken', always('empty-token'), { ...UNEXPECTED, calls: got(1) }],
  [
    'GetMessageToken',
    always('echo', { status: 403, code: 'SignatureDoesNotMatch' }),
    { ...CREDENTIAL, calls: got(1) },
  ],
]

describe("GetMessageToken under faults, for Alibaba's ready clients", () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
