/** The server under every vendor's emulator: counts the calls, applies the faults, else lets the vendor answer. */

import type { ServerResponse } from 'node:http'
import { type LocalRequest, startHttpServer } from '../http-server.ts'
import { type Call, callOf, html, json, type Outcome, type Reply } from './call.ts'
import { control } from './control.ts'
import { createFaults, type Fault } from './faults.ts'
import { commonMisbehaviours, type Dialect, type Misbehaviours, REDIRECT_TARGET } from './misbehaviours.ts'

export interface EmulatorOptions {
  /** Default 0: a free port. */
  readonly port?: number | undefined
  /** Further values of `Host` that it answers to. Default none. */
  readonly hosts?: readonly string[] | undefined
  /** The vendor's clock, `Date` headers included. Waiting is done by the machine's. Default: the machine's. */
  readonly now?: (() => Date) | undefined
  /** Told of every call once it has its outcome. Default: nobody. */
  readonly watch?: Watch | undefined
}

/** `startedAt` is in milliseconds since 1970 by the machine's clock. */
export type Watch = (call: Call, outcome: Outcome, time: { startedAt: number; ms: number }) => void

/** One vendor, as the common server sees it. */
export interface Vendor {
  readonly calls: readonly string[]
  /** The vendor's name for a request; undefined for one that it does not know. */
  name(call: Omit<Call, 'name'>): string | undefined
  answer(call: Call): Reply | Promise<Reply>
  /** What it says to a request that it does not know; default a bare 404. */
  unknown?(call: Call): Reply
  readonly dialect: Dialect
  /** Faults of this vendor alone. */
  readonly misbehaviours: Misbehaviours
  /** Further counters for `GET /_control/calls`. */
  readonly counters?: () => object
  readonly resetCounters?: () => void
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string
  /** Makes the next matching call (or `times` of them) misbehave. Throws a TypeError if that cannot be. */
  fail(fault: Fault): void
  clearFaults(): void
  /** Calls received since the start or the last reset, failed ones included; of one name, or of all. */
  calls(name?: string): number
  resetCalls(): void
  /** Ends also hanging and keep-alive connections. */
  close(): Promise<void>
}

/** Starts a vendor on 127.0.0.1. */
export const startEmulator = async (
  vendor: Vendor,
  { port, hosts, now = () => new Date(), watch }: EmulatorOptions,
): Promise<Emulator> => {
  const misbehaviours = { ...commonMisbehaviours(vendor.dialect, now), ...vendor.misbehaviours }
  const faults = createFaults((name) => {
    const misbehaviour = Object.hasOwn(misbehaviours, name) ? misbehaviours[name] : undefined
    return misbehaviour === undefined ? [] : (misbehaviour.calls ?? vendor.calls)
  })
  const received = new Map<string, number>()
  const controls = {
    fail: faults.add,
    clearFaults: faults.clear,
    counters: () => ({ calls: Object.fromEntries(received), ...vendor.counters?.() }),
    resetCalls: () => {
      received.clear()
      vendor.resetCounters?.()
    },
  }

  const outcomeOf = async (call: Call): Promise<Outcome> => {
    received.set(call.name, (received.get(call.name) ?? 0) + 1)
    // The vendors' firewalls turn away who does not say who calls.
    if (call.headers['user-agent'] === undefined) return html(418, 'Request blocked')
    if (call.name === 'redirected') return json(200, {})
    if (call.name === 'other') return vendor.unknown?.(call) ?? html(404, 'Not found')
    const fault = faults.take(call)
    const truth = async () => vendor.answer(call)
    return fault === undefined ? truth() : (misbehaviours[fault.fault]?.run(call, fault, truth) ?? truth())
  }
  const watchedOutcome = async (call: Call): Promise<Outcome> => {
    const [startedAt, begun] = [Date.now(), performance.now()]
    const outcome = await outcomeOf(call)
    watch?.(call, outcome, { startedAt, ms: Math.round(performance.now() - begun) })
    return outcome
  }
  const name: Vendor['name'] = (call) =>
    call.path.startsWith(`${REDIRECT_TARGET}/`) ? 'redirected' : vendor.name(call)

  const handle = async (request: LocalRequest, response: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const outcome = control(request, controls) ?? (await watchedOutcome(callOf(request, gone.signal, name)))
    if (outcome === 'reset') response.socket?.resetAndDestroy()
    else if (outcome === 'not-http') response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n')
    else if (outcome !== 'silence') send(response, outcome, now())
  }

  const server = await startHttpServer({ port, hosts, maxBodyBytes: MAX_BODY_BYTES, handle })
  return {
    url: server.url,
    fail: controls.fail,
    clearFaults: controls.clearFaults,
    calls: (of) =>
      of === undefined ? [...received.values()].reduce((sum, n) => sum + n, 0) : (received.get(of) ?? 0),
    resetCalls: controls.resetCalls,
    close: server.close,
  }
}

/** Room for a file of 2 MiB as base64, and for one that is larger than the bridge passes on. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Above this, the length is not announced: a client must count what it reads. */
const ANNOUNCED_BYTES = 1024 * 1024

const send = (response: ServerResponse, { status, headers, body }: Reply, date: Date): void => {
  if (response.destroyed) return
  const length = Buffer.byteLength(body)
  const announced = length > ANNOUNCED_BYTES ? {} : { 'content-length': String(length) }
  response.writeHead(status, { date: date.toUTCString(), ...announced, ...headers })
  response.end(body)
}
