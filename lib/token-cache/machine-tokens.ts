/** A sandbox's memory of machine tokens, before the shared table. */

import { type Deadline, vendorTimedOut, waitingMs, withinDeadline } from '../concurrency/deadline.ts'
import { asBridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { hardLimitAt, softLimitAt } from './freshness.ts'
import type { Fetch, MachineToken, TokenSubject } from './machine-token.ts'
import type { SharedTokens, Wanted } from './shared-tokens.ts'

/** Least time between two looks of a sandbox for a newer token while the old one is good. Jitter adds to it. */
const ASK_AGAIN_MS = 5_000
const MOST_TOKENS = 5_000

export interface MachineTokenDeps {
  readonly shared: SharedTokens
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly log: Log
}

export interface MachineTokens {
  /**
   * A token that may be used, from memory where one is there. Past its soft limit one request looks for a newer one or
   * fetches it, and all others go on with the old one; past its hard limit all wait. Calls at the same time share
   * one fetch; a failed fetch is kept for nobody.
   */
  readonly get: (subject: TokenSubject, fetch: Fetch, deadline: Deadline) => Promise<MachineToken>
  /**
   * Another token than the refused one: one that is known or on its way already, else a new one if `wanted` says so,
   * else undefined. The refused one stays until another takes its place.
   */
  readonly replace: (
    subject: TokenSubject,
    refused: MachineToken,
    fetch: Fetch,
    deadline: Deadline,
    wanted: Omit<Wanted, 'isGood'>,
  ) => Promise<MachineToken | undefined>
}

interface Held {
  readonly token: MachineToken
  readonly softLimitAt: number
  /** Epoch milliseconds before which no request looks for a newer one. */
  askAgainAt: number
}

export const machineTokens = ({ shared, now, random, log }: MachineTokenDeps): MachineTokens => {
  const held = new Map<string, Held>()
  const flights = new Map<string, Promise<MachineToken | undefined>>()

  const keep = (id: string, { overlap }: TokenSubject, token: MachineToken): MachineToken => {
    held.delete(id)
    held.set(id, { token, softLimitAt: softLimitAt(token, overlap, random), askAgainAt: 0 })
    const [oldest] = held.keys()
    if (held.size > MOST_TOKENS && oldest !== undefined) held.delete(oldest)
    return token
  }

  /** Joins the flight of that name. One that fails for its starter's lack of time is begun again by who has more. */
  const joinOrStart = async <Token extends MachineToken | undefined>(
    id: string,
    start: () => Promise<Token>,
    deadline: Deadline,
  ): Promise<Token> => {
    const running = flights.get(id) as Promise<Token> | undefined
    if (running === undefined) {
      const started = start()
      flights.set(id, started)
      const done = () => flights.delete(id)
      started.then(done, done)
      return started
    }
    try {
      return await withinDeadline(running, { remainingMs: () => waitingMs(deadline) })
    } catch (error) {
      const { code } = asBridgeError(error)
      if (code === 'DEADLINE_EXCEEDED') throw vendorTimedOut()
      if (code !== 'UPSTREAM_TIMEOUT' || waitingMs(deadline) === 0) throw error
      return joinOrStart(id, start, deadline)
    }
  }

  const obtain = (
    id: string,
    subject: TokenSubject,
    fetch: Fetch,
    deadline: Deadline,
  ): Promise<MachineToken> =>
    joinOrStart(id, async () => keep(id, subject, await shared.get(subject, fetch, deadline)), deadline)

  /** What is to be used in place of a token that is still good. A failure is logged: nobody is worse off. */
  const renewed = async (
    id: string,
    subject: TokenSubject,
    known: Held,
    fetch: Fetch,
    deadline: Deadline,
  ): Promise<MachineToken> => {
    known.askAgainAt = now().getTime() + ASK_AGAIN_MS * (1 + random())
    try {
      const newer = await shared.renew(subject, known.token, fetch, deadline)
      return newer === undefined ? known.token : keep(id, subject, newer)
    } catch (error) {
      const { system, tenantSpaceId } = subject
      const { code, detail } = asBridgeError(error)
      const hintedAt = now().getTime() + (detail.retryAfterSeconds ?? 0) * 1000
      known.askAgainAt = Math.max(known.askAgainAt, hintedAt)
      log('WARN', { ...detail, code: 'MACHINE_TOKEN_KEPT', system, tenantSpaceId, reason: code })
      if (now().getTime() < hardLimitAt(known.token)) return known.token
      throw error
    }
  }

  return {
    get: async (subject, fetch, deadline) => {
      const id = idOf(subject)
      const known = held.get(id)
      const at = now().getTime()
      if (known === undefined || at >= hardLimitAt(known.token)) return obtain(id, subject, fetch, deadline)
      if (at < known.softLimitAt || at < known.askAgainAt) return known.token
      return renewed(id, subject, known, fetch, deadline)
    },

    replace: async (subject, refused, fetch, deadline, wanted) => {
      const id = idOf(subject)
      const known = held.get(id)
      if (known !== undefined && known.token.token !== refused.token) return known.token
      // Not the flight of `get`, which may be bringing the very token that is refused.
      return joinOrStart(
        `${id} ${wanted.isForced ? 'forced' : 'due'} ${refused.token}`,
        async () => {
          const other = await shared.replace(subject, refused, fetch, deadline, wanted)
          return other && keep(id, subject, other)
        },
        deadline,
      )
    },
  }
}

const idOf = ({ system, tenantSpaceId, fingerprint, variant }: TokenSubject): string =>
  JSON.stringify([system, tenantSpaceId, fingerprint, ...variant])
