/** One HTTP request and its answer, or what came in its place. */

import type * as http from 'node:http'
import * as https from 'node:https'
import type { TcpSocketConnectOpts } from 'node:net'
import { vendorTimedOut } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { UpstreamFailure } from './failures.ts'
import { bodyTooLarge, readBody } from './reply-body.ts'
import { tlsReason } from './tls-reason.ts'

// As in connections.ts: not imported as a value.
const plainHttp = process.getBuiltinModule('node:http')

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

/** The connection was lost. Whether the vendor has heard the request is not known. */
export class ConnectionReset extends Error {}

/** Reason of a time-out of a call that had been sent. */
export const NO_ANSWER = 'no answer'

/** UPSTREAM_UNAVAILABLE. */
export const unavailable = (reason: string) =>
  new BridgeError('UPSTREAM_UNAVAILABLE', 'the vendor cannot be reached', { detail: { reason } })

/** Node's, with an option of its sockets that its types leave out. */
type RequestOptions = https.RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamilyAttemptTimeout'>

const SWITCHING_PROTOCOLS = 101
const REQUEST_TIMEOUT = 408

/** Of what breaks the protocol, a switch to another one that nobody asked for included. Node's parser names the breach. */
const notHttp = (breach: string) =>
  new UpstreamFailure('unexpected-reply', { reason: `not HTTP (${breach})` })

const RESETS = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/**
 * Sends one request. Throws ConnectionReset for a connection that was lost, and the codes of `Outbound`. On a connection that
 * was used before, every failure of the network is a lost one, and so is 408: the server's word for one that was idle
 * (RFC 9110, section 15.5.9).
 */
export const sendOnce = (
  url: URL,
  { method, headers, body, maxBytes, onHeaders }: OutboundCall,
  { sentAt, ...options }: RequestOptions & Pick<Reply, 'sentAt'>,
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let isSent = false
    let isReceived = false
    const timeOut = (): void => reject(vendorTimedOut(isSent ? NO_ANSWER : 'not connected'))
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error instanceof BridgeError) reject(error)
      else if (options.signal?.aborted) timeOut()
      else if (error.code?.startsWith('HPE_')) reject(notHttp(error.code))
      else if (sent.reusedSocket || RESETS.has(error.code ?? '')) reject(new ConnectionReset())
      else reject(unavailable(tlsReason(error) ?? error.code ?? error.name))
    }
    const endUpgrade = (socket: { destroy(): void }): void => {
      reject(notHttp(String(SWITCHING_PROTOCOLS)))
      socket.destroy()
    }
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const made = typeof headers === 'function' ? headers() : headers
    const { request } = url.protocol === 'http:' ? plainHttp : https
    const all = { ...COMMON_HEADERS, ...made, ...length }
    const sent: http.ClientRequest = request(url, { ...options, method, headers: all }, (response) => {
      const status = response.statusCode ?? 0
      if (status === SWITCHING_PROTOCOLS) return endUpgrade(response.socket)
      if (status === REQUEST_TIMEOUT && sent.reusedSocket) {
        reject(new ConnectionReset())
        return void sent.destroy()
      }
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
