import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { pollParts } from '../../support/vendor-world.ts'
import { CEC, cecAddress, ofCec, onTokenByAkSk } from './cec.ts'

const RELAYED = { status: 200, code: 'CHAT_RELAYED' }
const polls = (tokenByAkSk: number, poll: number) => ({ tokenByAkSk, poll })

const underFault = faultsOf({
  route: 'poll',
  handler: 'chatRelay',
  vendor: 'cec',
  parts: pollParts,
  isChat: true,
})

const CASES: readonly Case[] = [
  ...onTokenByAkSk('poll', RELAYED),
  ['poll', NOT_FOUND, { ...cecAddress('chatUrl'), calls: polls(1, 1) }],
  ['poll', always('slow', { ms: 50 }), { ...RELAYED, calls: polls(1, 1) }],
  ['poll', always('status-418'), { ...CEC.refused, calls: polls(1, 1) }],
  [
    'poll',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: polls(1, 1) },
  ],
  [
    'poll',
    always('failure-inside'),
    { ...RELAYED, body: { resultCode: '1', resultDesc: 'failed' }, calls: polls(1, 1) },
  ],
  ['poll', { fault: 'bearer-expired' }, { ...RELAYED, calls: polls(2, 2) }],
  ['poll', always('bearer-refused'), { ...CEC.entitlement, calls: polls(2, 2) }],
  ['poll', always('wrong-content-type'), { ...RELAYED, calls: polls(1, 1) }],
  ['poll', always('echo', { status: 200 }), { ...CEC.unexpected, calls: polls(1, 1) }],
  [
    'poll',
    always('silent'),
    { ...RELAYED, body: { resultCode: '0', resultDesc: '', downlinkMessages: [] }, calls: polls(1, 1) },
  ],
  ['poll', always('reset'), { ...CEC.down, calls: polls(1, 2) }],
  ['poll', always('status-500'), { ...CEC.down, calls: polls(1, 3) }],
  ['poll', always('html-403'), { ...CEC.refused, calls: polls(1, 1) }],
  ['poll', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: polls(1, 1) }],
  ['poll', always('invalid-json'), { ...CEC.unexpected, calls: polls(1, 1) }],
  ['poll', { fault: 'bearer-refused' }, { ...RELAYED, calls: polls(2, 2) }],
  ['poll', always('not-purchased'), { ...CEC.chatToken, calls: polls(2, 2) }],
  ['poll', always('huge-body'), { ...CEC.tooLong, calls: polls(1, 1) }],
  ['poll', always('redirect'), { ...CEC.unexpected, calls: { ...polls(1, 1), redirected: 0 } }],
  ['poll', always('echo'), { ...CEC.invalid, calls: polls(1, 1) }],
  ...onTheWay('poll', ofCec(RELAYED), polls(1, 1)),
]

describe('poll under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
