/** What a vendor's refusal means, and what follows: the one table of failure classes. */

import { BridgeError, type ErrorCode, type ErrorDetail } from '../errors.ts'

export type FailureClass =
  /** An explicit vendor code for a wrong or locked key. */
  | 'credential'
  /** Wrong key, address list or firewall: they look alike. */
  | 'refused-unclear'
  /** A machine token is refused although it was fetched anew: the account, not the token. */
  | 'not-entitled'
  | 'throttled'
  | 'unavailable'
  | 'invalid-request'
  | 'unexpected-reply'

interface Consequence {
  readonly code: ErrorCode
  /** For the caller, behind the vendor's name: which side to look at. Never what the vendor said. */
  readonly message: string
  /** Whether the same credentials are kept from being tried again: for good, for a while, or not at all. */
  readonly blocks: 'until-changed' | 'back-off' | 'never'
}

export const CONSEQUENCES: Readonly<Record<FailureClass, Consequence>> = {
  credential: {
    code: 'UPSTREAM_CREDENTIAL',
    message: 'refuses the credentials of this tenant: check key and secret in its settings',
    blocks: 'until-changed',
  },
  'refused-unclear': {
    code: 'UPSTREAM_REFUSED',
    message: 'refuses without a reason: check key, secret and address list of this tenant',
    blocks: 'back-off',
  },
  'not-entitled': {
    code: 'UPSTREAM_NOT_ENTITLED',
    message: 'does not serve this tenant: check the purchase and the status of its account',
    blocks: 'never',
  },
  throttled: {
    code: 'UPSTREAM_THROTTLED',
    message: 'asks for fewer calls: try later',
    blocks: 'never',
  },
  unavailable: { code: 'UPSTREAM_UNAVAILABLE', message: 'cannot be reached', blocks: 'never' },
  'invalid-request': {
    code: 'UPSTREAM_INVALID_REQUEST',
    message: 'does not accept the request: check its parameters',
    blocks: 'never',
  },
  'unexpected-reply': {
    code: 'UPSTREAM_UNEXPECTED',
    message: 'answers in a way that its documents do not describe',
    blocks: 'never',
  },
}

export const FAILURE_CLASSES = Object.keys(CONSEQUENCES) as readonly FailureClass[]

/** A vendor's refusal, classed. Carries the vendor's status and a listed code, and nothing else it said. */
export class UpstreamFailure extends BridgeError {
  readonly failure: FailureClass

  constructor(failure: FailureClass, detail: ErrorDetail, vendor = 'the vendor') {
    super(CONSEQUENCES[failure].code, `${vendor} ${CONSEQUENCES[failure].message}`, { detail })
    this.failure = failure
  }

  /** The same failure, with the vendor's name in its message. */
  named(vendor: string): UpstreamFailure {
    return new UpstreamFailure(this.failure, this.detail, vendor)
  }
}

/** Where a class follows from the status alone. `undefined` for what the vendor's own code must decide. */
export const classOfStatus = (status: number): FailureClass | undefined => {
  if (status === 429) return 'throttled'
  if (status >= 500) return 'unavailable'
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

/** A vendor's code as it may be logged: one that its documents list, since an unlisted one may be anything. */
export const loggableCode = (code: unknown, listed: ReadonlySet<string>): string =>
  listed.has(String(code)) ? String(code) : 'unlisted'
