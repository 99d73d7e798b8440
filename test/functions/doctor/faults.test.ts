import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cause } from '../../../lib/doctor/findings.ts'
import { FAULT_NAMES, type Fault, type FaultName } from '../../../tools/local/upstreams/faults.ts'
import { about, ask, causes } from '../../support/doctor-world.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'

/** What the doctor must say; undefined where nothing is wrong. */
type Causes = Partial<Readonly<Record<FaultName, Cause | undefined>>>
type More = Omit<Fault, 'fault' | 'call' | 'times'>

/** What a box on the way, the network or the fashion of an answer makes of any call. */
const ANYWHERE: Causes = {
  slow: undefined,
  silent: 'NO_ANSWER',
  reset: 'CONNECTION_LOST',
  'not-http': 'REPLY_UNEXPECTED',
  'status-500': 'VENDOR_DOWN',
  'status-404': 'ADDRESS_WRONG',
  'status-502': 'VENDOR_DOWN',
  'status-503': 'VENDOR_DOWN',
  'html-403': 'KEY_OR_ADDRESS_REFUSED',
  'status-418': 'KEY_OR_ADDRESS_REFUSED',
  throttled: 'THROTTLED',
  'throttled-retry-after': 'THROTTLED',
  'retry-after-date': 'THROTTLED',
  'invalid-json': 'REPLY_UNEXPECTED',
  'other-case': undefined,
  gzip: undefined,
  br: undefined,
  deflate: undefined,
  'gzip-bomb': 'REPLY_UNEXPECTED',
  bom: undefined,
  'huge-body': 'REPLY_UNEXPECTED',
  'wrong-content-type': undefined,
  redirect: 'REPLY_UNEXPECTED',
  reply: 'REPLY_UNEXPECTED',
}

/** The key was taken: what is refused behind the login, a box before the vendor refuses. */
const BEHIND_LOGIN: Causes = { 'html-403': 'ADDRESS_OR_FIREWALL', 'status-418': 'ADDRESS_OR_FIREWALL' }

const OIAP: Causes = {
  'empty-token': 'REPLY_UNEXPECTED',
  'quoted-token': undefined,
  'optional-absent': undefined,
  'zero-lifetime': undefined,
  'failure-inside': 'VENDOR_DOWN',
  echo: 'VENDOR_DOWN',
}

interface Call {
  readonly vendor: 'cec' | 'oiap' | 'live'
  readonly system: string
  readonly causes: Causes
  /** Faults that say more than their names. */
  readonly told?: readonly (readonly [fault: FaultName, more: More, cause: Cause | undefined])[]
}

const oiap = (system: string): Call => ({
  vendor: 'oiap',
  system,
  causes: OIAP,
  told: [
    ['failure-inside', { code: 200_800_001 }, 'KEY_UNKNOWN'],
    ['failure-inside', { code: 200_800_002 }, 'PASSWORD_WRONG'],
    ['failure-inside', { code: 200_800_003 }, 'ACCOUNT_LOCKED'],
    ['failure-inside', { code: 10_000_002 }, 'SETTINGS_REFUSED'],
    ['failure-inside', { code: 10_000_003 }, 'SETTINGS_REFUSED'],
    ['failure-inside', { code: 900_001 }, 'REPLY_UNEXPECTED'],
    ['failure-inside', { code: 900_002 }, 'REPLY_UNEXPECTED'],
    ['failure-inside', { code: 4711 }, 'KEY_OR_ADDRESS_REFUSED'],
    ['reply', { status: 401 }, 'KEY_OR_ADDRESS_REFUSED'],
  ],
})

const CALLS: Readonly<Record<string, Call>> = {
  tokenByAkSk: {
    vendor: 'cec',
    system: 'cec',
    causes: {
      'empty-token': 'REPLY_UNEXPECTED',
      // taken as it came, and then refused where it is used
      'quoted-token': 'NOT_BOUGHT',
      'zero-lifetime': undefined,
      'numbers-for-strings': undefined,
      'failure-inside': 'REPLY_UNEXPECTED',
      echo: 'SETTINGS_REFUSED',
    },
    told: [
      ['reply', { status: 401 }, 'KEY_OR_ADDRESS_REFUSED'],
      ['reply', { status: 405 }, 'ADDRESS_WRONG'],
    ],
  },
  applyToken: {
    vendor: 'cec',
    system: 'cec',
    causes: {
      ...BEHIND_LOGIN,
      // the document's "business failure"
      'status-500': 'CHANNEL_REFUSED',
      'business-failure': 'CHANNEL_REFUSED',
      'failure-inside': 'CHANNEL_REFUSED',
      'empty-token': 'REPLY_UNEXPECTED',
      'quoted-token': undefined,
      'optional-absent': undefined,
      'numbers-for-strings': undefined,
      'bearer-expired': 'NOT_BOUGHT',
      'bearer-refused': 'NOT_BOUGHT',
      'not-purchased': 'NOT_BOUGHT',
      echo: 'REQUEST_REFUSED',
    },
    told: [['reply', { status: 410 }, 'ADDRESS_WRONG']],
  },
  poll: {
    vendor: 'cec',
    system: 'cec',
    causes: {
      ...BEHIND_LOGIN,
      // a poll hangs by its nature, and one in a chat that nobody has begun may be refused
      silent: undefined,
      'failure-inside': undefined,
      echo: undefined,
      'renewed-chat-token': undefined,
      'header-on-failure': 'ADDRESS_OR_FIREWALL',
      'bearer-expired': 'NOT_BOUGHT',
      'bearer-refused': 'NOT_BOUGHT',
      'not-purchased': 'CHAT_REFUSED',
    },
  },
  getAppCubeToken: oiap('oiap'),
  gettoken: oiap('oiap-third-party'),
  GetMessageToken: {
    vendor: 'live',
    system: 'live',
    causes: {
      'throttled-acs-retry-after': 'THROTTLED',
      'throttled-ratelimit': 'THROTTLED',
      'empty-token': 'REPLY_UNEXPECTED',
      'quoted-token': undefined,
      'zero-lifetime': undefined,
      'failure-inside': 'VENDOR_DOWN',
      echo: 'REQUEST_REFUSED',
    },
    told: [
      ...(
        [
          ['InvalidAccessKeyId.NotFound', 'KEY_UNKNOWN'],
          ['InvalidAccessKeyId.Inactive', 'KEY_DISABLED'],
          ['InvalidAccessKeyId.Other', 'KEY_REFUSED'],
          ['Forbidden.AccessKeyDisabled', 'KEY_DISABLED'],
          ['SignatureDoesNotMatch', 'KEY_SECRET_WRONG'],
          ['IncompleteSignature', 'KEY_REFUSED'],
          ['InvalidSecurityToken.Expired', 'TEMPORARY_KEY_REFUSED'],
          ['InvalidSecurityToken.Malformed', 'TEMPORARY_KEY_REFUSED'],
          ['InvalidSecurityToken.MismatchWithAccessKey', 'TEMPORARY_KEY_REFUSED'],
          ['InvalidSecurityToken.Other', 'TEMPORARY_KEY_REFUSED'],
          ['MissingSecurityToken', 'TEMPORARY_KEY_REFUSED'],
          ['Forbidden', 'ACTION_MISSING'],
          ['Forbidden.RAM', 'ACTION_MISSING'],
          ['NoPermission', 'ACTION_MISSING'],
          ['InvaildParameter', 'REQUEST_REFUSED'],
          ['InvalidTimeStamp.Expired', 'CLOCK'],
          ['SignatureNonceUsed', 'VENDOR_DOWN'],
          ['ServiceUnavailable', 'VENDOR_DOWN'],
          ['Throttling.Api', 'THROTTLED'],
          ['Something.New', 'REPLY_UNEXPECTED'],
        ] as const
      ).map(([code, cause]) => ['failure-inside', { code }, cause] as const),
      ['reply', { status: 401 }, 'KEY_OR_ADDRESS_REFUSED'],
    ],
  },
}

const CASES = Object.entries(CALLS).flatMap(([call, { vendor, system, causes: own, told = [] }]) => {
  const named = Object.entries({ ...ANYWHERE, ...own }) as [FaultName, Cause | undefined][]
  return [...named.map(([fault, cause]) => [fault, {}, cause] as const), ...told].map(
    ([fault, more, cause]) => ({ call, vendor, system, fault, more, cause, name: nameOf(fault, more) }),
  )
})

function nameOf(fault: FaultName, { code, status }: More): string {
  return [fault, code, status].filter((part) => part !== undefined).join(' ')
}

let world: VendorWorld
beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 20 } })
})
afterAll(() => world.close())

/** A silent vendor is waited for as long as the function may. */
const SHORT_OF_TIME_MS = 2_800

describe('functions/doctor under faults', () => {
  it.each(CASES)('$name on $call → $cause', async ({ call, vendor, system, fault, more, cause }) => {
    const emulator = world.vendors[vendor]
    const ms = fault === 'silent' ? SHORT_OF_TIME_MS : 20_000
    await world.clearTokens()
    emulator.fail({ call, fault, times: 'always', ms: 20, ...more })
    const diagnosis = await ask(world, about(system), { ms })
    emulator.clearFaults()
    expect(causes(diagnosis)).toEqual(cause === undefined ? [] : [`${system}: ${cause}`])
    // The twin: the same without the fault, where nobody has seen one
    await world.clearTokens()
    expect(causes(await ask(world, about(system)))).toEqual([])
  })

  it('has a row for every fault that an emulator can have on every call that the doctor makes', () => {
    const missing = Object.entries(CALLS).flatMap(([call, { vendor, causes: own }]) =>
      FAULT_NAMES.filter((fault) => !(fault in ANYWHERE) && !(fault in own)).filter((fault) =>
        isMade(vendor, call, fault),
      ),
    )
    expect(missing).toEqual([])
  })
})

const isMade = (vendor: Call['vendor'], call: string, fault: FaultName): boolean => {
  const emulator = world.vendors[vendor]
  try {
    emulator.fail({ call, fault })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  } finally {
    emulator.clearFaults()
  }
}
