import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { downloadParts } from '../../support/vendor-world.ts'
import { CEC, cecAddress, cecValues, ofCec, onTokenByAkSk } from './cec.ts'

const DOWNLOADED = { status: 200, code: 'FILE_DOWNLOADED' }
const VALUES = cecValues('fileId, fileType and multiMedia')
const TOO_LARGE = {
  status: 502,
  body: {
    errorCode: '990005027',
    exceptionInfo:
      'CEC sends a file that is too large to be passed on: expected a file of at most 2097152 bytes, ask the agent for a smaller one',
  },
  code: 'UPSTREAM_FILE_TOO_LARGE',
}
const calls = (tokenByAkSk: number, downloadFileStream: number) => ({ tokenByAkSk, downloadFileStream })

const underFault = faultsOf({
  route: 'downloadFileStream',
  handler: 'downloadFileStream',
  vendor: 'cec',
  parts: downloadParts,
  isChat: true,
})

/** A file may be fetched twice: nothing changes by it. */
const CASES: readonly Case[] = [
  ...onTokenByAkSk('downloadFileStream', DOWNLOADED),
  ['downloadFileStream', { fault: 'header-on-failure' }, { ...CEC.refused, calls: calls(1, 1) }],
  ['downloadFileStream', NOT_FOUND, { ...cecAddress('chatUrl'), calls: calls(1, 1) }],
  [
    'downloadFileStream',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: calls(1, 1) },
  ],
  ['downloadFileStream', always('slow', { ms: 50 }), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('silent'), { ...CEC.silent, calls: calls(1, 1) }],
  ['downloadFileStream', always('reset'), { ...CEC.down, calls: calls(1, 2) }],
  ['downloadFileStream', always('status-500'), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', always('status-502'), { ...CEC.down, calls: calls(1, 3) }],
  ['downloadFileStream', always('status-503'), { ...CEC.down, calls: calls(1, 3) }],
  ['downloadFileStream', always('html-403'), { ...CEC.refused, calls: calls(1, 1) }],
  ['downloadFileStream', always('status-418'), { ...CEC.refused, calls: calls(1, 1) }],
  ['downloadFileStream', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: calls(1, 1) }],
  ['downloadFileStream', always('invalid-json'), { ...CEC.unexpected, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside'), { ...CEC.unexpected, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside', { code: '2' }), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside', { code: '13' }), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', { fault: 'bearer-expired' }, { ...DOWNLOADED, calls: calls(2, 2) }],
  ['downloadFileStream', { fault: 'bearer-refused' }, { ...DOWNLOADED, calls: calls(2, 2) }],
  ['downloadFileStream', always('bearer-refused'), { ...CEC.entitlement, calls: calls(2, 2) }],
  ['downloadFileStream', always('not-purchased'), { ...CEC.chatToken, calls: calls(2, 2) }],
  ['downloadFileStream', always('huge-body'), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('wrong-content-type'), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('redirect'), { ...CEC.unexpected, calls: { ...calls(1, 1), redirected: 0 } }],
  ['downloadFileStream', always('echo'), { ...CEC.invalid, calls: calls(1, 1) }],
  ['downloadFileStream', always('echo', { status: 200 }), { ...CEC.unexpected, calls: calls(1, 1) }],
  ...onTheWay('downloadFileStream', { ...ofCec(DOWNLOADED), tooLong: TOO_LARGE }, calls(1, 1)),
]

describe('downloadFileStream under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
