import { describe, it } from 'vitest'
import type { LogCode } from '../../../lib/log.ts'
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

const oiap = (errorCode: number, errorMsg: string) => ({ errorCode, errorMsg })

/** The faults of one of OIAP's calls. `name` is OIAP's in what callers are told. */
const casesOf = (call: string, name: string, success: LogCode): readonly Case[] => {
  const OF_OIAP = words(name)
  const OIAP_GOOD = { status: 200, code: success }
  const OIAP_UNEXPECTED = {
    status: 502,
    body: oiap(990005020, OF_OIAP.unexpected),
    code: 'UPSTREAM_UNEXPECTED',
  }
  const OIAP_TOO_LONG = {
    status: 502,
    body: oiap(990005020, OF_OIAP.tooLong),
    code: 'UPSTREAM_UNEXPECTED',
  }
  const OIAP_REFUSED = { status: 503, body: oiap(990005035, OF_OIAP.refused), code: 'UPSTREAM_REFUSED' }
  const OIAP_DOWN = { status: 503, body: oiap(990005030, OF_OIAP.unavailable), code: 'UPSTREAM_UNAVAILABLE' }
  const OIAP_CREDENTIAL = {
    status: 502,
    body: oiap(990005023, OF_OIAP.credential),
    code: 'UPSTREAM_CREDENTIAL',
  }
  const OIAP_SETTINGS = {
    status: 502,
    body: oiap(990005023, OF_OIAP.settings('appKey and appSecret')),
    code: 'UPSTREAM_SETTINGS_REFUSED',
  }
  const OIAP_THROTTLED = { status: 429, body: oiap(990004290, OF_OIAP.throttled), code: 'UPSTREAM_THROTTLED' }
  const asked = (count: number) => ({ [call]: count })

  return [
    [call, always('zero-lifetime'), { ...OIAP_GOOD, calls: asked(1) }],
    [
      call,
      NOT_FOUND,
      {
        status: 502,
        body: oiap(990005026, OF_OIAP.address('url')),
        code: 'UPSTREAM_ADDRESS_WRONG',
        calls: asked(1),
      },
    ],
    [call, always('slow', { ms: 50 }), { ...OIAP_GOOD, calls: asked(1) }],
    [
      call,
      always('silent'),
      { status: 504, body: oiap(990005040, OF_OIAP.timeout), code: 'UPSTREAM_TIMEOUT', calls: asked(1) },
    ],
    // Never repeated by itself: the secret may have been judged, and a wrong one counts towards the lock.
    [call, { fault: 'reset' }, { ...OIAP_DOWN, calls: asked(1) }],
    [call, always('reset'), { ...OIAP_DOWN, calls: asked(1) }],
    [call, always('status-500'), { ...OIAP_DOWN, calls: asked(1) }],
    [call, always('html-403'), { ...OIAP_REFUSED, calls: asked(1) }],
    [call, always('status-418'), { ...OIAP_REFUSED, calls: asked(1) }],
    [call, always('throttled'), { ...OIAP_THROTTLED, retryAfter: '1', calls: asked(1) }],
    [
      call,
      always('throttled-retry-after', { seconds: 4 }),
      { ...OIAP_THROTTLED, retryAfter: '4', calls: asked(1) },
    ],
    [call, always('invalid-json'), { ...OIAP_UNEXPECTED, calls: asked(1) }],
    [call, always('empty-token'), { ...OIAP_UNEXPECTED, calls: asked(1) }],
    [call, always('optional-absent'), { ...OIAP_GOOD, calls: asked(1) }],
    [call, always('failure-inside', { code: 10000001 }), { ...OIAP_DOWN, calls: asked(1) }],
    [call, always('failure-inside', { code: 10000002 }), { ...OIAP_SETTINGS, calls: asked(1) }],
    [call, always('failure-inside', { code: 10000003 }), { ...OIAP_SETTINGS, calls: asked(1) }],
    [call, always('failure-inside', { code: 200800001 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
    [call, always('failure-inside', { code: 200800002 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
    [call, always('failure-inside', { code: 200800003 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
    [call, always('echo', { status: 500, code: 200800003 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
    [call, always('echo', { status: 429, code: 200800002 }), { ...OIAP_CREDENTIAL, calls: asked(1) }],
    [call, always('failure-inside', { code: 12345 }), { ...OIAP_REFUSED, calls: asked(1) }],
    [call, always('huge-body'), { ...OIAP_TOO_LONG, calls: asked(1) }],
    [call, always('wrong-content-type'), { ...OIAP_GOOD, calls: asked(1) }],
    [call, always('redirect'), { ...OIAP_UNEXPECTED, calls: { ...asked(1), redirected: 0 } }],
    [call, always('echo'), { ...OIAP_DOWN, calls: asked(1) }],
    ...onTheWay(
      call,
      { good: OIAP_GOOD, unexpected: OIAP_UNEXPECTED, tooLong: OIAP_TOO_LONG, throttled: OIAP_THROTTLED },
      asked(1),
    ),
  ]
}

describe('getAppCubeToken under faults', () => {
  const underFault = faultsOf({
    route: 'getAppCubeToken',
    handler: 'appCubeToken',
    vendor: 'oiap',
    parts: withKey(GOOD_BODIES.appCubeToken),
  })

  it.each(named(casesOf('getAppCubeToken', 'OIAP', 'APP_CUBE_TOKEN_ISSUED')))(
    '$name → $expected.status $expected.code',
    underFault,
  )
})

describe('gettoken under faults', () => {
  const underFault = faultsOf({
    route: 'gettoken',
    handler: 'oiapThirdPartyToken',
    vendor: 'oiap',
    parts: withKey(GOOD_BODIES.oiapThirdPartyToken),
  })

  it.each(named(casesOf('gettoken', 'OIAP (third-party)', 'OIAP_THIRD_PARTY_TOKEN_ISSUED')))(
    '$name → $expected.status $expected.code',
    underFault,
  )
})
