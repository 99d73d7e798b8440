import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { furtherParts } from '../../support/vendor-world.ts'
import { CEC, cecAddress, cecValues, ofCec, onTokenByAkSk } from './cec.ts'

const RELAYED = { status: 200, code: 'CHAT_CALL_RELAYED' }
const VALUES = cecValues('its parameters')
const calls = (tokenByAkSk: number, queryHistoryChatMessage: number) => ({
  tokenByAkSk,
  queryHistoryChatMessage,
})

const underFault = faultsOf({
  route: 'queryHistoryChatMessage',
  handler: 'chatCalls',
  vendor: 'cec',
  parts: (world, chatToken) => furtherParts(world, chatToken, 'queryHistoryChatMessage'),
  isChat: true,
})

/** Of the five calls one that may be asked twice. That the others are is shown in test/functions/chat-calls.test.ts. */
const CASES: readonly Case[] = [
  ...onTokenByAkSk('queryHistoryChatMessage', RELAYED),
  ['queryHistoryChatMessage', { fault: 'header-on-failure' }, { ...CEC.refused, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', NOT_FOUND, { ...cecAddress('chatUrl'), calls: calls(1, 1) }],
  [
    'queryHistoryChatMessage',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: calls(1, 1) },
  ],
  ['queryHistoryChatMessage', always('slow', { ms: 50 }), { ...RELAYED, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('silent'), { ...CEC.silent, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('reset'), { ...CEC.down, calls: calls(1, 2) }],
  ['queryHistoryChatMessage', always('status-500'), { ...VALUES, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('status-502'), { ...CEC.down, calls: calls(1, 3) }],
  ['queryHistoryChatMessage', always('status-503'), { ...CEC.down, calls: calls(1, 3) }],
  ['queryHistoryChatMessage', always('html-403'), { ...CEC.refused, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('status-418'), { ...CEC.refused, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('invalid-json'), { ...CEC.unexpected, calls: calls(1, 1) }],
  [
    'queryHistoryChatMessage',
    always('failure-inside'),
    { ...RELAYED, body: { resultCode: '1', resultDesc: 'failed' }, calls: calls(1, 1) },
  ],
  ['queryHistoryChatMessage', { fault: 'bearer-expired' }, { ...RELAYED, calls: calls(2, 2) }],
  ['queryHistoryChatMessage', { fault: 'bearer-refused' }, { ...RELAYED, calls: calls(2, 2) }],
  ['queryHistoryChatMessage', always('bearer-refused'), { ...CEC.entitlement, calls: calls(2, 2) }],
  ['queryHistoryChatMessage', always('not-purchased'), { ...CEC.chatToken, calls: calls(2, 2) }],
  ['queryHistoryChatMessage', always('huge-body'), { ...CEC.tooLong, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('wrong-content-type'), { ...RELAYED, calls: calls(1, 1) }],
  [
    'queryHistoryChatMessage',
    always('redirect'),
    { ...CEC.unexpected, calls: { ...calls(1, 1), redirected: 0 } },
  ],
  ['queryHistoryChatMessage', always('echo'), { ...CEC.invalid, calls: calls(1, 1) }],
  ['queryHistoryChatMessage', always('echo', { status: 200 }), { ...CEC.unexpected, calls: calls(1, 1) }],
  ...onTheWay('queryHistoryChatMessage', ofCec(RELAYED), calls(1, 1)),
]

describe('queryHistoryChatMessage under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
