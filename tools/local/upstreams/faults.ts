/** The faults that a test or a person can order: one catalogue for the three vendors. */

import type { Call, Fields } from './call.ts'

export const FAULT_NAMES = [
  /** The true answer, `ms` (default 1000) late. The vendor has acted on the call in time. */
  'slow',
  /** The connection is accepted and nothing is ever answered. */
  'silent',
  'reset',
  /** The connection speaks something else than HTTP. */
  'not-http',
  'status-500',
  /** An address that is wrong: an HTML page. */
  'status-404',
  /** A gateway's HTML page, as the next. */
  'status-502',
  'status-503',
  /** A firewall's HTML page. */
  'html-403',
  'status-418',
  /** Without any hint when to come back. `code` names another of the vendor's throttling codes. */
  'throttled',
  /** With `Retry-After: <seconds>` (default 1). */
  'throttled-retry-after',
  /** With `Retry-After: <date>`, `seconds` (default 1) ahead of the vendor's clock. */
  'retry-after-date',
  /** Live: with `x-acs-retry-after: <ms>` (default 1000). */
  'throttled-acs-retry-after',
  /** Live: with `x-ratelimit-user-api`, its TimeLeft `ms` (default 1000). */
  'throttled-ratelimit',
  'invalid-json',
  /** The true answer with an empty token. */
  'empty-token',
  /** The true answer, its token wrapped in a pair of embedded quotes. */
  'quoted-token',
  /** The true answer without the members that a document's own example leaves out, or calls optional. */
  'optional-absent',
  /** The true answer, its members' names in another case, at every depth. */
  'other-case',
  /** The true answer of a call for a token, whose lifetime is 0. */
  'zero-lifetime',
  /** CEC: the true answer with numbers where its document has strings of digits. */
  'numbers-for-strings',
  /** Status 200 and a failure in the body, in the vendor's form; `code` sets the failure's code. */
  'failure-inside',
  /** CEC: applyToken refuses the request's values, in the document's form: status 500 and errorCode "0". */
  'business-failure',
  /** CEC: the call's AccessToken ends now, before its time, for this call and all later ones. */
  'bearer-expired',
  /** CEC: this call is refused as if the AccessToken had expired, which stays good. */
  'bearer-refused',
  /** CEC: 401, the tenant has not bought the service. */
  'not-purchased',
  /** CEC: no failure; the true answer brings a new ccmessaging-token in its header. */
  'renewed-chat-token',
  /** CEC: a chat call fails (`status`, default 403), and its headers bring a new ccmessaging-token, which ends the older one. */
  'header-on-failure',
  /** The true answer, compressed unasked. */
  'gzip',
  'br',
  'deflate',
  /** The true answer behind 8 MB of blanks, compressed to a thousandth. */
  'gzip-bomb',
  /** The true answer behind a byte order mark. */
  'bom',
  /** The true answer behind 2 MB of blanks, its length not announced. */
  'huge-body',
  /** The true answer, called text/html. */
  'wrong-content-type',
  /** 302 to another path of the same server, which counts its visitors under `redirected`. */
  'redirect',
  /** An error that repeats everything that it was sent, secrets included. */
  'echo',
  /** Whatever `status`, `headers` and `body` say. */
  'reply',
] as const

export type FaultName = (typeof FAULT_NAMES)[number]

/** What some of the faults can be told. Each has a default. */
export interface FaultSettings {
  readonly ms?: number | undefined
  readonly seconds?: number | undefined
  /** For `throttled…`, `retry-after-date`, `bearer-…`, `header-on-failure`, `echo` and `reply`. */
  readonly status?: number | undefined
  readonly code?: string | number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export interface Fault extends FaultSettings {
  readonly fault: FaultName
  /** The vendor's name of the call that it hits; default every call that the fault is made for. */
  readonly call?: string | undefined
  /** How many calls it hits; default 1. */
  readonly times?: number | 'always' | undefined
  /** Asked with the body's members for each matching call; false leaves the call and the count alone. */
  readonly when?: ((fields: Fields) => boolean) | undefined
}

export interface Faults {
  /** Throws a TypeError for a fault that this vendor or this call cannot have. */
  add(fault: Fault): void
  clear(): void
  /** The oldest fault that matches, counted down; at most one per call. */
  take(call: Call): Fault | undefined
}

/** An empty list; `callsOf` says which calls a fault is made for, none if it is unknown to the vendor. */
export const createFaults = (callsOf: (fault: FaultName) => readonly string[]): Faults => {
  let pending: { fault: Fault; left: number }[] = []
  return {
    add: (fault) => {
      const calls = callsOf(fault.fault)
      if (calls.length === 0) throw new TypeError(`fault ${fault.fault}: not one of this vendor's`)
      if (fault.call !== undefined && !calls.includes(fault.call)) {
        throw new TypeError(`fault ${fault.fault}: call must be one of ${calls.join(', ')}`)
      }
      pending.push({ fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) })
    },
    clear: () => {
      pending = []
    },
    take: ({ name, fields }) => {
      const hit = pending.find(
        ({ fault }) =>
          (fault.call === undefined ? callsOf(fault.fault).includes(name) : fault.call === name) &&
          (fault.when?.(fields) ?? true),
      )
      if (hit === undefined) return undefined
      hit.left -= 1
      pending = pending.filter(({ left }) => left > 0)
      return hit.fault
    },
  }
}
