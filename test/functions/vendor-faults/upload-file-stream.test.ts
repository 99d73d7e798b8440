import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { uploadParts } from '../../support/vendor-world.ts'
import {
  CEC_DOWN,
  CEC_ENTITLEMENT,
  CEC_INVALID,
  CEC_REFUSED,
  CEC_SILENT,
  CEC_THROTTLED,
  CEC_TOO_LONG,
  CEC_UNEXPECTED,
  CHAT_TOKEN,
  cecAddress,
  cecValues,
  ofCec,
  onTokenByAkSk,
} from './cec.ts'

const UPLOADED = { status: 200, code: 'FILE_UPLOADED' }
const VALUES = cecValues('fileType, fileStream and the size of the file')
const calls = (tokenByAkSk: number, uploadFileStream: number) => ({ tokenByAkSk, uploadFileStream })

const underFault = faultsOf({
  route: 'uploadFileStream',
  handler: 'uploadFileStream',
  vendor: 'cec',
  parts: uploadParts,
  isChat: true,
})

/** A file is never sent twice: whether the first arrived is not known. */
const CASES: readonly Case[] = [
  ...onTokenByAkSk('uploadFileStream', UPLOADED),
  ['uploadFileStream', { fault: 'header-on-failure' }, { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['uploadFileStream', NOT_FOUND, { ...cecAddress('chatUrl'), calls: calls(1, 1) }],
  [
    'uploadFileStream',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC_THROTTLED, retryAfter: '9', calls: calls(1, 1) },
  ],
  ['uploadFileStream', always('slow', { ms: 50 }), { ...UPLOADED, calls: calls(1, 1) }],
  ['uploadFileStream', always('silent'), { ...CEC_SILENT, calls: calls(1, 1) }],
  ['uploadFileStream', always('reset'), { ...CEC_DOWN, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-500'), { ...VALUES, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-502'), { ...CEC_DOWN, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-503'), { ...CEC_DOWN, calls: calls(1, 1) }],
  ['uploadFileStream', always('html-403'), { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-418'), { ...CEC_REFUSED, calls: calls(1, 1) }],
  ['uploadFileStream', always('throttled'), { ...CEC_THROTTLED, retryAfter: '1', calls: calls(1, 1) }],
  ['uploadFileStream', always('invalid-json'), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside'), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside', { code: '2' }), { ...VALUES, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside', { code: '13' }), { ...CEC_DOWN, calls: calls(1, 1) }],
  [
    'uploadFileStream',
    always('reply', { status: 413, body: '<html>Too large</html>' }),
    { ...VALUES, calls: calls(1, 1) },
  ],
  ['uploadFileStream', { fault: 'bearer-expired' }, { ...UPLOADED, calls: calls(2, 2) }],
  ['uploadFileStream', { fault: 'bearer-refused' }, { ...UPLOADED, calls: calls(2, 2) }],
  ['uploadFileStream', always('bearer-refused'), { ...CEC_ENTITLEMENT, calls: calls(2, 2) }],
  ['uploadFileStream', always('not-purchased'), { ...CHAT_TOKEN, calls: calls(2, 2) }],
  ['uploadFileStream', always('huge-body'), { ...CEC_TOO_LONG, calls: calls(1, 1) }],
  ['uploadFileStream', always('wrong-content-type'), { ...UPLOADED, calls: calls(1, 1) }],
  ['uploadFileStream', always('redirect'), { ...CEC_UNEXPECTED, calls: { ...calls(1, 1), redirected: 0 } }],
  ['uploadFileStream', always('echo'), { ...CEC_INVALID, calls: calls(1, 1) }],
  ['uploadFileStream', always('echo', { status: 200 }), { ...CEC_UNEXPECTED, calls: calls(1, 1) }],
  ...onTheWay('uploadFileStream', ofCec(UPLOADED), calls(1, 1)),
]

describe('uploadFileStream under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
