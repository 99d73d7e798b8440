import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { downloadParts } from '../../support/vendor-world.ts'
import {
  CEC_DOWN,
  CEC_ENTITLEMENT,
  CEC_INVALID,
  CEC_REFUSED,
  CEC_SILENT,
  CEC_THROTTLED,
  CEC_UNEXPECTED,
  CHAT_TOKEN,
  cecAddress,
  cecValues,
  ofCec,
  onTokenByAkSk,
} from './cec.ts'

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
  ['downloadFileStream', { fault: 'header-on-failure' }, { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['downloadFileStream', NOT_FOUND, { ...cecAddress('chatUrl'), calls: calls(1, 1) }],
  [
    'downloadFileStream',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC_THROTTLED, retryAfter: '9', calls: calls(1, 1) },
  ],
  ['downloadFileStream', always('slow', { ms: 50 }), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('silent'), { ...CEC_SILENT, calls: calls(1, 1) }],
  ['downloadFileStream', always('reset'), { ...CEC_DOWN, calls: calls(1, 2) }],
  ['downloadFileStream', always('status-500'), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', always('status-502'), { ...CEC_DOWN, calls: calls(1, 3) }],
  ['downloadFileStream', always('status-503'), { ...CEC_DOWN, calls: calls(1, 3) }],
  ['downloadFileStream', always('html-403'), { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['downloadFileStream', always('status-418'), { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['downloadFileStream', always('throttled'), { ...CEC_THROTTLED, retryAfter: '1', calls: calls(1, 1) }],
  ['downloadFileStream', always('invalid-json'), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside'), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside', { code: '2' }), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', always('failure-inside', { code: '13' }), { ...VALUES, calls: calls(1, 1) }],
  ['downloadFileStream', { fault: 'bearer-expired' }, { ...DOWNLOADED, calls: calls(2, 2) }],
  ['downloadFileStream', { fault: 'bearer-refused' }, { ...DOWNLOADED, calls: calls(2, 2) }],
  ['downloadFileStream', always('bearer-refused'), { ...CEC_ENTITLEMENT, calls: calls(2, 2) }],
  ['downloadFileStream', always('not-purchased'), { ...CHAT_TOKEN, calls: calls(2, 2) }],
  ['downloadFileStream', always('huge-body'), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('wrong-content-type'), { ...DOWNLOADED, calls: calls(1, 1) }],
  ['downloadFileStream', always('redirect'), { ...CEC_UNEXPECTED, calls: { ...calls(1, 1), redirected: 0 } }],
  ['downloadFileStream', always('echo'), { ...CEC_INVALID, calls: calls(1, 1) }],
  ['downloadFileStream', always('echo', { status: 200 }), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ...onTheWay('downloadFileStream', { ...ofCec(DOWNLOADED), tooLong: TOO_LARGE }, calls(1, 1)),
]

describe('downloadFileStream under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
