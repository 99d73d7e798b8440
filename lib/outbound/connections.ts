/** The connections of outbound calls: kept for each tenant apart, and not used again once they have been idle for long. */

import { createHash } from 'node:crypto'
import type * as http from 'node:http'
import * as https from 'node:https'
import { boundedMap } from '../concurrency/bounded-map.ts'

// Not imported as a value: an ES module's import of it reads all its exports, which loads undici, 20 ms of every start.
const plainHttp = process.getBuiltinModule('node:http')

const MAX_POOLS = 200
const KEPT_ALIVE = { keepAlive: true, maxSockets: 50, scheduling: 'lifo' } as const

/**
 * Servers close idle connections after 5 s at the soonest, and firewalls drop them without a word. By the wall clock,
 * which also runs while a sandbox is frozen.
 */
const MAX_IDLE_MS = 4_000

/** Of several addresses of a name, each is tried for a share of the time left. A lost first packet is sent again after 1 s. */
const ATTEMPT_MS = { least: 1_500, most: 3_000 } as const

/** Milliseconds for one address of a name. Node's own 250 is less than a busy vendor takes. */
export const attemptMs = (timeLeftMs: number): number =>
  Math.round(Math.min(Math.max(timeLeftMs / 4, ATTEMPT_MS.least), ATTEMPT_MS.most))

/** Whose connections, and to where: no two tenants, CAs or server names share any. */
export interface Peer {
  readonly tenantSpaceId: string
  readonly ca?: string | undefined
  readonly serverName?: string | undefined
}

/** `kept`: one that is open already may serve. `new`: one that nobody has used before, nor will again. */
export type Use = 'kept' | 'new'

export const connections = (now: () => Date) => {
  // One that is in use is left alone.
  const pools = boundedMap<string, http.Agent>(MAX_POOLS, {
    mayEvict: ({ sockets }) => Object.keys(sockets).length === 0,
    onEvict: (pool) => pool.destroy(),
  })
  const idleSince = new WeakMap<object, number>()

  const isStale = (socket: object): boolean => {
    const idleMs = now().getTime() - (idleSince.get(socket) ?? Number.NEGATIVE_INFINITY)
    // Less than nothing: the clock was set back.
    return idleMs < 0 || idleMs >= MAX_IDLE_MS
  }

  const newPool = (url: URL, { ca, serverName }: Peer, use: Use): http.Agent => {
    const options = use === 'kept' ? KEPT_ALIVE : { keepAlive: false }
    const tls = {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    } as const
    const pool =
      url.protocol === 'http:' ? new plainHttp.Agent(options) : new https.Agent({ ...options, ...tls })
    const keep = pool.keepSocketAlive.bind(pool)
    pool.keepSocketAlive = (socket) => {
      idleSince.set(socket, now().getTime())
      return keep(socket)
    }
    return pool
  }

  const poolFor = (url: URL, peer: Peer, use: Use): http.Agent => {
    const key = JSON.stringify([
      peer.tenantSpaceId,
      url.origin,
      createHash('sha256')
        .update(peer.ca ?? '')
        .digest('hex'),
      peer.serverName ?? '',
      use,
    ])
    const pool = pools.get(key) ?? newPool(url, peer, use)
    pools.set(key, pool)
    return pool
  }

  return {
    /** The pool that gives a call its connection. */
    agentFor: (url: URL, peer: Peer, use: Use): http.Agent => {
      const pool = poolFor(url, peer, use)
      closeIdle(pool, isStale)
      return pool
    },
    /** Closes all idle connections to where one was just lost: what ended it has very likely ended them too. */
    distrust: (url: URL, peer: Peer): void => closeIdle(poolFor(url, peer, 'kept'), () => true),
  }
}

/** The pool itself passes over a closed one. */
const closeIdle = ({ freeSockets }: http.Agent, isUnwanted: (socket: object) => boolean): void => {
  for (const socket of Object.values(freeSockets).flat()) {
    if (socket !== undefined && isUnwanted(socket)) socket.destroy()
  }
}
