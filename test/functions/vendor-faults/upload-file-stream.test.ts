import { describe, it } from 'vitest'
import { always, type Case, faultsOf, NOT_FOUND, named, onTheWay } from '../../support/vendor-faults.ts'
import { uploadParts } from '../../support/vendor-world.ts'
import { CEC, cecAddress, cecValues, ofCec, onTokenByAkSk } from './cec.ts'

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
  ['uploadFileStream', { fault: 'header-on-failure' }, { ...CEC.refused, calls: calls(1, 1) }],
  ['uploadFileStream', NOT_FOUND, { ...cecAddress('chatUrl'), calls: calls(1, 1) }],
  [
    'uploadFileStream',
    always('throttled-retry-after', { seconds: 9 }),
    { ...CEC.throttled, retryAfter: '9', calls: calls(1, 1) },
  ],
  ['uploadFileStream', always('slow', { ms: 50 }), { ...UPLOADED, calls: calls(1, 1) }],
  ['uploadFileStream', always('silent'), { ...CEC.silent, calls: calls(1, 1) }],
  ['uploadFileStream', always('reset'), { ...CEC.down, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-500'), { ...VALUES, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-502'), { ...CEC.down, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-503'), { ...CEC.down, calls: calls(1, 1) }],
  ['uploadFileStream', always('html-403'), { ...CEC.refused, calls: calls(1, 1) }],
  ['uploadFileStream', always('status-418'), { ...CEC.refused, calls: calls(1, 1) }],
  ['uploadFileStream', always('throttled'), { ...CEC.throttled, retryAfter: '1', calls: calls(1, 1) }],
  ['uploadFileStream', always('invalid-json'), { ...CEC.unexpected, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside'), { ...CEC.unexpected, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside', { code: '2' }), { ...VALUES, calls: calls(1, 1) }],
  ['uploadFileStream', always('failure-inside', { code: '13' }), { ...CEC.down, calls: calls(1, 1) }],
  [
    'uploadFileStream',
    always('reply', { status: 413, body: '<html>Too large</html>' }),
    { ...VALUES, calls: calls(1, 1) },
  ],
  ['uploadFileStream', { fault: 'bearer-expired' }, { ...UPLOADED, calls: calls(2, 2) }],
  ['uploadFileStream', { fault: 'bearer-refused' }, { ...UPLOADED, calls: calls(2, 2) }],
  ['uploadFileStream', always('bearer-refused'), { ...CEC.entitlement, calls: calls(2, 2) }],
  ['uploadFileStream', always('not-purchased'), { ...CEC.chatToken, calls: calls(2, 2) }],
  ['uploadFileStream', always('huge-body'), { ...CEC.tooLong, calls: calls(1, 1) }],
  ['uploadFileStream', always('wrong-content-type'), { ...UPLOADED, calls: calls(1, 1) }],
  ['uploadFileStream', always('redirect'), { ...CEC.unexpected, calls: { ...calls(1, 1), redirected: 0 } }],
  ['uploadFileStream', always('echo'), { ...CEC.invalid, calls: calls(1, 1) }],
  ['uploadFileStream', always('echo', { status: 200 }), { ...CEC.unexpected, calls: calls(1, 1) }],
  ...onTheWay('uploadFileStream', ofCec(UPLOADED), calls(1, 1)),
]

describe('uploadFileStream under faults', () => {
  it.each(named(CASES))('$name → $expected.status $expected.code', underFault)
})
