import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { sendParts } from '../../support/vendor-world.ts'
import { CEC, cecAddress, ofCec, onTokenByAkSk } from './cec.ts'

const RELAYED = { status: 200, code: 'CHAT_RELAYED' }
const sends = (tokenByAkSk: number, send: number) => ({ tokenByAkSk, send })

const underFault = faultsOf({
  route: 'send',
  handler: 'chatRelay',
  vendor: 'cec',
  parts: sendParts,
  isChat: true,
})

/** A message is never sent twice: whether the first arrived is not known. */
const CASES: readonly Case[] = [
  ...onTokenByAkSk('send', RELAYED),
  ['send', { fault: 'header-on-failure' }, { ...CEC.refused, calls: sends(1, 1) }],
  ['send', NOT_FOUND, { ...cecAddress('chatUrl'), calls: sends(1, 1) }],
  [
    'send',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: sends(1, 1) },
  ],
  ['send', always('slow', { ms: 50 }), { ...RELAYED, calls: sends(1, 1) }],
  ['send', always('silent'), { ...CEC.silent, calls: sends(1, 1) }],
  ['send', always('reset'), { ...CEC.down, calls: sends(1, 1) }],
  ['send', always('status-500'), { ...CEC.down, calls: sends(1, 1) }],
  ['send', always('html-403'), { ...CEC.refused, calls: sends(1, 1) }],
  ['send', always('status-418'), { ...CEC.refused, calls: sends(1, 1) }],
  ['send', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: sends(1, 1) }],
  ['send', always('invalid-json'), { ...CEC.unexpected, calls: sends(1, 1) }],
  [
    'send',
    always('failure-inside'),
    { ...RELAYED, body: { resultCode: '1', resultDesc: 'failed' }, calls: sends(1, 1) },
  ],
  ['send', { fault: 'bearer-expired' }, { ...RELAYED, calls: sends(2, 2) }],
  ['send', { fault: 'bearer-refused' }, { ...RELAYED, calls: sends(2, 2) }],
  ['send', always('bearer-refused'), { ...CEC.entitlement, calls: sends(2, 2) }],
  ['send', always('not-purchased'), { ...CEC.chatToken, calls: sends(2, 2) }],
  ['send', always('huge-body'), { ...CEC.tooLong, calls: sends(1, 1) }],
  ['send', always('wrong-content-type'), { ...RELAYED, calls: sends(1, 1) }],
  ['send', always('redirect'), { ...CEC.unexpected, calls: { ...sends(1, 1), redirected: 0 } }],
  ['send', always('echo'), { ...CEC.invalid, calls: sends(1, 1) }],
  ['send', always('echo', { status: 200 }), { ...CEC.unexpected, calls: sends(1, 1) }],
  ...onTheWay('send', ofCec(RELAYED), sends(1, 1)),
]

describe('send under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
