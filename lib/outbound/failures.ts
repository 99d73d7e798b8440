/** What a vendor's refusal means, and what follows: the one table of failure classes. */

import { BridgeError, type ErrorCode, type ErrorDetail } from '../errors.ts'

export type FailureClass =
  /** An explicit vendor code for a wrong or locked key. */
  | 'credential'
  /** Values of a call that consists of the tenant's settings alone. */
  | 'settings-refused'
  /** Wrong key, address list or firewall: they look alike. */
  | 'refused-unclear'
  /** The account is known and may not make this call. */
  | 'not-permitted'
  /** A service token is refused although it was fetched anew: the account, not the token. */
  | 'not-entitled'
  | 'throttled'
  | 'unavailable'
  /** The vendor does not know the path: a setting of the tenant's. */
  | 'wrong-address'
  | 'invalid-request'
  /** The request is well formed, and the vendor does not take what it says. */
  | 'values-refused'
  | 'unexpected-reply'

interface Consequence {
  readonly code: ErrorCode
  /** For the caller, behind the vendor's name: what happened. Never what the vendor said. */
  readonly message: string
  /** Which side to look at, where the vendor's module does not know it better. */
  readonly check?: string
  /** Whether the same credentials are kept from being tried again: for good, for a while, or not at all. */
  readonly blocks: 'until-changed' | 'back-off' | 'never'
}

export const CONSEQUENCES: Readonly<Record<FailureClass, Consequence>> = {
  credential: {
    code: 'UPSTREAM_CREDENTIAL',
    message: 'refuses the credentials of this tenant',
    check: 'key and secret in its settings',
    blocks: 'until-changed',
  },
  'settings-refused': {
    code: 'UPSTREAM_SETTINGS_REFUSED',
    message: 'refuses the settings of this tenant',
    check: 'every member of its secret',
    blocks: 'never',
  },
  'refused-unclear': {
    code: 'UPSTREAM_REFUSED',
    message: 'refuses without a reason',
    check: 'key, secret and address list of this tenant',
    blocks: 'back-off',
  },
  'not-permitted': {
    code: 'UPSTREAM_PERMISSION_MISSING',
    message: 'does not permit this call',
    check: 'the permissions of the account in the settings of this tenant',
    blocks: 'never',
  },
  'not-entitled': {
    code: 'UPSTREAM_NOT_ENTITLED',
    message: 'does not serve this tenant',
    check: 'the purchase and the status of its account',
    blocks: 'never',
  },
  throttled: {
    code: 'UPSTREAM_THROTTLED',
    message: 'asks for fewer calls: try later',
    blocks: 'never',
  },
  unavailable: { code: 'UPSTREAM_UNAVAILABLE', message: 'cannot be reached', blocks: 'never' },
  'wrong-address': {
    code: 'UPSTREAM_ADDRESS_WRONG',
    message: 'does not know the address',
    check: 'the address in the settings of this tenant',
    blocks: 'never',
  },
  'invalid-request': {
    code: 'UPSTREAM_INVALID_REQUEST',
    message: 'does not accept the request',
    check: 'its parameters',
    blocks: 'never',
  },
  'values-refused': {
    code: 'UPSTREAM_VALUES_REFUSED',
    message: 'refuses the values of the request',
    check: 'its parameters',
    blocks: 'never',
  },
  'unexpected-reply': {
    code: 'UPSTREAM_UNEXPECTED',
    message: 'answers in a way that its documents do not describe',
    blocks: 'never',
  },
}

export const FAILURE_CLASSES = Object.keys(CONSEQUENCES) as readonly FailureClass[]

interface Wording {
  /** A better hint than the class's own at what to look at. */
  readonly check?: string | undefined
  /** Default `the vendor`. */
  readonly vendor?: string | undefined
}

/** A vendor's refusal, classed. Carries the vendor's status and a listed code, and nothing else it said. */
export class UpstreamFailure extends BridgeError {
  readonly failure: FailureClass
  readonly #check: string | undefined

  constructor(failure: FailureClass, detail: ErrorDetail, { check, vendor = 'the vendor' }: Wording = {}) {
    const consequence = CONSEQUENCES[failure]
    const hint = check ?? consequence.check
    const told = hint === undefined ? consequence.message : `${consequence.message}: check ${hint}`
    super(consequence.code, `${vendor} ${told}`, { detail })
    this.failure = failure
    this.#check = check
  }

  /** The same failure, with the vendor's name in its message. */
  named(vendor: string): UpstreamFailure {
    return new UpstreamFailure(this.failure, this.detail, { check: this.#check, vendor })
  }
}

/** Beside 404, statuses that speak of the path or the method, which only a wrong address brings about. */
const WRONG_ADDRESS = new Set([404, 405, 410])

/** Beside 5xx: the vendor, or a box before it, had no time for the request. */
const LATER = new Set([408, 425])

/** Where a class follows from the status alone. `undefined` for what the vendor's own code must decide. */
export const classOfStatus = (status: number): FailureClass | undefined => {
  if (WRONG_ADDRESS.has(status)) return 'wrong-address'
  if (status === 429) return 'throttled'
  if (status >= 500 || LATER.has(status)) return 'unavailable'
  return undefined
}

const MAX_PAUSE_SECONDS = 86_400

/** Whole seconds that a caller is told to wait: at least 1, at most a day. */
export const pauseSeconds = (seconds: number): number =>
  Math.min(Math.max(Math.ceil(seconds), 1), MAX_PAUSE_SECONDS)

type Header = string | string[] | undefined

/** The part of an answer that says when to come back. */
interface RetryAfter {
  readonly headers: Readonly<Record<string, Header>>
  /** Epoch milliseconds. */
  readonly sentAt: number
}

/**
 * What a `Retry-After` header says, as `pauseSeconds`; 1 without one that can be read. A date (RFC 9110, section
 * 10.2.3) is compared with the answer's own `Date`, since clocks differ, else with the time of the call.
 */
export const retryAfterSeconds = ({ headers, sentAt }: RetryAfter): number => {
  const hint = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(hint)) return pauseSeconds(Number(hint))
  const until = httpDate(hint)
  return pauseSeconds(until === undefined ? 1 : (until - (httpDate(headers['date']) ?? sentAt)) / 1000)
}

/** RFC 9110, section 5.6.7: three forms, the last of which does not say that it is GMT. */
const HTTP_DATE = /^([A-Z][a-z]+, .*\d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} .*\d\d:\d\d:\d\d \d{4})$/

/** Epoch milliseconds of a date in a header, or undefined. */
const httpDate = (header: Header): number | undefined => {
  if (typeof header !== 'string' || !HTTP_DATE.test(header)) return undefined
  const at = Date.parse(header.endsWith('GMT') ? header : `${header} GMT`)
  return Number.isNaN(at) ? undefined : at
}

/** What a vendor's module knows of a refusal beside its class. */
export interface Refusal {
  readonly failure: FailureClass
  /** The setting that holds the call's address. */
  readonly addressSetting: string
  /** The vendor's code as it may be logged. */
  readonly upstreamCode?: string | undefined
  /** Of a call that may succeed later: seconds after which to come back. Default what `Retry-After` says. */
  readonly retryAfterSeconds?: number
  readonly check?: string | undefined
}

/** The failure of a call, with the details that its class has. */
export const vendorRefusal = (
  reply: RetryAfter & { readonly status: number },
  { failure, addressSetting, upstreamCode, retryAfterSeconds: hinted, check }: Refusal,
): UpstreamFailure => {
  const isAddress = failure === 'wrong-address'
  return new UpstreamFailure(
    failure,
    {
      upstreamStatus: reply.status,
      ...(upstreamCode === undefined ? {} : { upstreamCode }),
      ...(failure === 'throttled' || (failure === 'unavailable' && reply.headers['retry-after'] !== undefined)
        ? { retryAfterSeconds: hinted ?? retryAfterSeconds(reply) }
        : {}),
      ...(isAddress ? { field: addressSetting } : {}),
    },
    { check: isAddress ? `${addressSetting} in the settings of this tenant` : check },
  )
}

/** A vendor's code as it may be logged: one that its documents list, since an unlisted one may be anything. */
export const loggableCode = (code: unknown, listed: Pick<ReadonlySet<string>, 'has'>): string =>
  listed.has(String(code)) ? String(code) : 'unlisted'
