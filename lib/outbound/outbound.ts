/** The one outbound HTTP module: every call to a vendor goes through here. */

import { createHash } from 'node:crypto'
import type * as http from 'node:http'
import * as https from 'node:https'
import { boundedMap } from '../concurrency/bounded-map.ts'
import { type Deadline, pause, vendorTimedOut, waitingMs, withinWaiting } from '../concurrency/deadline.ts'
import { jitteredPauseMs } from '../concurrency/retry.ts'
import { BridgeError } from '../errors.ts'
import { checkUrl, guardedLookup } from './address-guard.ts'
import { UpstreamFailure } from './failures.ts'
import { bodyTooLarge, readBody } from './reply-body.ts'

// Not imported as a value: an ES module's import of it reads all its exports, which loads undici, 20 ms of every start.
const plainHttp = process.getBuiltinModule('node:http')

/** How often a call that may be repeated is repeated after a 5xx. */
const RETRIES = 2
const RETRY_BASE_MS = 100
const MAX_POOLS = 200

/** A firewall before a vendor may refuse calls that do not say who calls. */
const COMMON_HEADERS = { 'user-agent': 'cec-token-bridge', 'accept-encoding': 'identity' }

export interface OutboundCall {
  /** Whose connections are used: pools are never shared between tenants. */
  readonly tenantSpaceId: string
  /** From the tenant's secret, never from a request. */
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Made anew for each try where it must not be sent twice, as a signature. */
  readonly headers: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>)
  readonly body?: string
  /** PEM of a private CA, trusted instead of the public ones. */
  readonly ca?: string | undefined
  /** The name that TLS asks for and that the certificate must have. Default the host of the URL. */
  readonly serverName?: string | undefined
  /** Whether doing it twice does no harm. A call that is not is never repeated, and uses a connection of its own. */
  readonly isRepeatable: boolean
  /** Whether a 5xx says something that trying again would not change. Default none does. */
  readonly isFinal?: (reply: Reply) => boolean
  /** Largest body taken, in bytes, both as it comes and decoded. */
  readonly maxBytes: number
  /** Ends the call, its repeats included, sooner than the deadline. */
  readonly atMostMs?: number
  /** Told of each answer's headers as soon as they are there: also of one that is repeated, breaks off or cannot be read. */
  readonly onHeaders?: (headers: Reply['headers']) => void
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Decoded, without a byte order mark. */
  readonly text: string
  /** Whether the text is the body to the letter. Default true. */
  readonly isUtf8?: boolean
  /** Epoch milliseconds before the request was sent: lifetimes count from here. */
  readonly sentAt: number
}

/**
 * Sends one call and gives whatever was answered, redirects and failures included: what a status means is the
 * vendor's module's to say. Repeats repeatable calls: once after a reset connection, twice after a 5xx without a
 * `Retry-After`.
 * Throws UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_ADDRESS_REFUSED, and UPSTREAM_UNEXPECTED for what cannot be
 * read: not HTTP, a body over its cap, an encoding that is unknown or broken.
 */
export type Outbound = (call: OutboundCall, deadline: Deadline) => Promise<Reply>

export interface OutboundDeps {
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Only for a laptop, where the vendors are emulators on loopback. */
  readonly allowLoopbackHttp: boolean
}

export const outbound = ({ now, random, allowLoopbackHttp }: OutboundDeps): Outbound => {
  // One that is in use is left alone.
  const pools = boundedMap<string, http.Agent>(MAX_POOLS, {
    mayEvict: ({ sockets }) => Object.keys(sockets).length === 0,
    onEvict: (pool) => pool.destroy(),
  })

  const poolFor = (url: URL, { tenantSpaceId, ca, serverName, isRepeatable }: OutboundCall): http.Agent => {
    const key = JSON.stringify([
      tenantSpaceId,
      url.origin,
      createHash('sha256')
        .update(ca ?? '')
        .digest('hex'),
      serverName ?? '',
      isRepeatable,
    ])
    const known = pools.get(key)
    if (known !== undefined) return known
    // A connection from before a freeze may be dead: a call that cannot be repeated does not bet on it.
    const options = isRepeatable ? KEPT_ALIVE : { keepAlive: false }
    const tls = {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    } as const
    const pool =
      url.protocol === 'http:' ? new plainHttp.Agent(options) : new https.Agent({ ...options, ...tls })
    pools.set(key, pool)
    return pool
  }

  const send = (call: OutboundCall, deadline: Deadline): Promise<Reply> => {
    const url = new URL(call.url)
    if (!allowLoopbackHttp) checkUrl(url)
    const timeoutMs = waitingMs(deadline)
    if (timeoutMs <= 0) return Promise.reject(vendorTimedOut('no time left'))
    return sendOnce(
      url,
      call,
      {
        agent: poolFor(url, call),
        signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
        ...(allowLoopbackHttp ? {} : { lookup: guardedLookup }),
      },
      now().getTime(),
    )
  }

  return async (call, givenDeadline) => {
    const { atMostMs } = call
    const deadline = atMostMs === undefined ? givenDeadline : withinWaiting(givenDeadline, atMostMs)
    let resets = 0
    for (let retries = 0; ; ) {
      try {
        const reply = await send(call, deadline)
        if (reply.status < 500 || !call.isRepeatable || retries >= RETRIES || call.isFinal?.(reply))
          return reply
        // A vendor that says when to come back is not asked again before.
        if (reply.headers['retry-after'] !== undefined) return reply
      } catch (error) {
        if (!(error instanceof ConnectionReset) || !call.isRepeatable || resets >= 1)
          throw asUnavailable(error)
        resets += 1
        continue
      }
      const waitMs = jitteredPauseMs({ pauseMs: RETRY_BASE_MS, random }, retries + 1)
      if (waitMs >= waitingMs(deadline)) throw unavailable('5xx')
      await pause(waitMs)
      retries += 1
    }
  }
}

const KEPT_ALIVE = { keepAlive: true, maxSockets: 50, scheduling: 'lifo' } as const

class ConnectionReset extends Error {}

/** Reason of a time-out of a call that had been sent. */
export const NO_ANSWER = 'no answer'

const asUnavailable = (error: unknown): unknown =>
  error instanceof ConnectionReset ? unavailable('reset') : error
const unavailable = (reason: string) =>
  new BridgeError('UPSTREAM_UNAVAILABLE', 'the vendor cannot be reached', { detail: { reason } })
const SWITCHING_PROTOCOLS = 101

/** Of what breaks the protocol, a switch to another one that nobody asked for included. Node's parser names the breach. */
const notHttp = (breach: string) =>
  new UpstreamFailure('unexpected-reply', { reason: `not HTTP (${breach})` })

const RESETS = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

const sendOnce = (
  url: URL,
  { method, headers, body, maxBytes, onHeaders }: OutboundCall,
  options: https.RequestOptions,
  sentAt: number,
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let isSent = false
    let isReceived = false
    const timeOut = (): void => reject(vendorTimedOut(isSent ? NO_ANSWER : 'not connected'))
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error instanceof BridgeError) reject(error)
      else if (options.signal?.aborted) timeOut()
      else if (RESETS.has(error.code ?? '')) reject(new ConnectionReset())
      else if (error.code?.startsWith('HPE_')) reject(notHttp(error.code))
      else reject(unavailable(error.code ?? error.name))
    }
    const endUpgrade = (socket: { destroy(): void }): void => {
      reject(notHttp(String(SWITCHING_PROTOCOLS)))
      socket.destroy()
    }
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const made = typeof headers === 'function' ? headers() : headers
    const { request } = url.protocol === 'http:' ? plainHttp : https
    const all = { ...COMMON_HEADERS, ...made, ...length }
    const sent = request(url, { ...options, method, headers: all }, (response) => {
      const status = response.statusCode ?? 0
      if (status === SWITCHING_PROTOCOLS) return endUpgrade(response.socket)
      onHeaders?.(response.headers)
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= maxBytes) return void chunks.push(chunk)
        reject(bodyTooLarge())
        sent.destroy()
      })
      response.on('error', fail)
      response.on('end', () => {
        isReceived = true
        readBody(Buffer.concat(chunks), response.headers['content-encoding'], maxBytes).then(
          ({ text, isUtf8 }) => resolve({ status, headers: response.headers, text, isUtf8, sentAt }),
          reject,
        )
      })
    })
    sent.on('error', fail)
    sent.on('finish', () => {
      isSent = true
    })
    sent.on('upgrade', (_, socket) => endUpgrade(socket))
    // A request still in the queue ends without an error of its own.
    sent.on('close', () => {
      if (!isReceived) reject(new ConnectionReset())
    })
    options.signal?.addEventListener('abort', timeOut, { once: true })
    sent.end(body)
  })
