/** The cache of service tokens: a sandbox's own memory, before the table that all sandboxes share. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import { waitingTime } from '../concurrency/sandbox-time.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import { asBridgeError } from '../errors.ts'
import { type DropFrom, type DueToken, dropToken, listedTokens } from './due-tokens.ts'
import { freshnessOf, softLimitAt } from './freshness.ts'
import { joinOrStart } from './joined-flight.ts'
import type { Wanted } from './look.ts'
import type { ServiceSystem, ServiceToken, TokenRequest, TokenSubject } from './service-token.ts'
import { type SharedTokenDeps, type SharedTokens, sharedTokens } from './shared-tokens.ts'

/** Least time between two looks of a sandbox for a newer token while the old one is good. Jitter adds to it. */
const ASK_AGAIN_MS = 5_000
const MOST_TOKENS = 5_000

export interface TokenCache {
  /**
   * A token that may be used, from memory where one is there. Past its soft limit one request looks for a newer one or
   * fetches it, and all others go on with the old one; past its hard limit all wait. Calls at the same time share
   * one fetch; a failed fetch is kept for nobody.
   */
  readonly get: (request: TokenRequest) => Promise<ServiceToken>
  /**
   * Another token than the refused one: one that is known or on its way already, else a new one if `wanted` says so,
   * else undefined. The refused one stays until another takes its place.
   */
  readonly replace: (
    request: TokenRequest,
    refused: ServiceToken,
    wanted: Omit<Wanted, 'isGood'>,
  ) => Promise<ServiceToken | undefined>
  /** What the schedule should refresh, the most urgent first, whatever its system. Throws TOKEN_STORE_UNAVAILABLE. */
  readonly due: (systems: readonly ServiceSystem[], deadline: Deadline) => Promise<readonly DueToken[]>
  /**
   * Fetches for the schedule: a due token, or with no `due` one that may not be there yet. A due token of other
   * credentials than the request's comes off the list. False when there is nothing to do, or somebody else is at it.
   * Throws what counts as an unreadable table: then nothing is fetched.
   */
  readonly refreshAhead: (request: TokenRequest, due?: DueToken) => Promise<boolean>
  /**
   * Takes a due token off the list: nobody wants it kept fresh any more. Or its whole item out of the table.
   * False when it is no longer as it was listed. Throws TOKEN_STORE_UNAVAILABLE.
   */
  readonly drop: (due: DueToken, from: DropFrom, deadline: Deadline) => Promise<boolean>
}

interface Held {
  readonly token: ServiceToken
  /** When it was kept: epoch milliseconds, and the sandbox's own time. */
  readonly keptAt: { readonly wall: number; readonly time: number }
  readonly softLimitAt: number
  /** Epoch milliseconds before which no request looks for a newer one. */
  askAgainAt: number
}

/** One per function: its memory lives as long as the sandbox. `shared` is given by whoever measures what sharing saves. */
export const tokenCache = (deps: SharedTokenDeps, shared: SharedTokens = sharedTokens(deps)): TokenCache => {
  const { table, now, random, log } = deps
  const memory = boundedMap<string, Held>(MOST_TOKENS)
  const time = waitingTime(now)
  const fetches = singleFlight<ServiceToken>()
  const replacements = singleFlight<ServiceToken | undefined>()
  const drop = dropToken(table)

  const keep = (subject: TokenSubject, token: ServiceToken): ServiceToken => {
    const softAt = softLimitAt(token, subject.overlap, random)
    const keptAt = { wall: now().getTime(), time: time() }
    memory.set(idOf(subject), { token, keptAt, softLimitAt: softAt, askAgainAt: 0 })
    return token
  }

  /** The moment at which a token's age is judged. A clock that was set back must not make it younger. */
  const momentFor = ({ keptAt }: Held): number =>
    Math.max(now().getTime(), keptAt.wall + time() - keptAt.time)

  /** `dead`: what has come to its end here. The table may show it as good, to a clock that was set back. */
  const fetched = (request: TokenRequest, dead?: ServiceToken): Promise<ServiceToken> => {
    const { subject, deadline } = request
    const isGood = ({ expiresAt }: ServiceToken) => dead === undefined || expiresAt > dead.expiresAt
    const start = async () => keep(subject, await shared.get(request, isGood))
    return joinOrStart(fetches, { key: idOf(subject), start }, deadline)
  }

  /** What is to be used in place of a token that is still good. A failure is logged: nobody is worse off. */
  const renewed = async (request: TokenRequest, known: Held): Promise<ServiceToken> => {
    known.askAgainAt = momentFor(known) + ASK_AGAIN_MS * (1 + random())
    try {
      const newer = await shared.renew(request, known.token)
      return newer === undefined ? known.token : keep(request.subject, newer)
    } catch (error) {
      const { system, tenantSpaceId } = request.subject
      const { code, detail } = asBridgeError(error)
      const at = momentFor(known)
      known.askAgainAt = Math.max(known.askAgainAt, at + (detail.retryAfterSeconds ?? 0) * 1000)
      log('WARN', { ...detail, code: 'MACHINE_TOKEN_KEPT', system, tenantSpaceId, reason: code })
      if (freshnessOf(known.token, at, known) === 'invalid') throw error
      return known.token
    }
  }

  return {
    get: async (request) => {
      const known = memory.get(idOf(request.subject))
      if (known === undefined) return fetched(request)
      switch (freshnessOf(known.token, momentFor(known), known)) {
        case 'fresh':
          return known.token
        case 'stale':
          return renewed(request, known)
        case 'invalid':
          return fetched(request, known.token)
      }
    },

    replace: async (request, refused, wanted) => {
      const { subject, deadline } = request
      const known = memory.get(idOf(subject))
      if (known !== undefined && known.token.token !== refused.token) return known.token
      const start = async () => {
        const other = await shared.replace(request, refused, wanted)
        return other && keep(subject, other)
      }
      // Not the fetches of `get`, which may be bringing the very token that is refused.
      const key = `${idOf(subject)} ${wanted.isForced ? 'forced' : 'due'} ${refused.token}`
      return joinOrStart(replacements, { key, start }, deadline)
    },

    due: async (systems, deadline) => {
      const all: DueToken[] = []
      for (const system of systems) {
        all.push(...(await listedTokens(table, { system, until: now().getTime() }, deadline)))
      }
      return all.sort((a, b) => a.dueAt - b.dueAt)
    },

    refreshAhead: async (request, due) => {
      const { subject, deadline } = request
      const isSame = due?.state.pk === (await shared.keyOf(subject, deadline))
      if (due !== undefined && !isSame) await drop(due, 'list', deadline)
      return shared.refresh(request, isSame ? due?.state : undefined)
    },

    drop,
  }
}

const idOf = ({ system, tenantSpaceId, fingerprint, variant }: TokenSubject): string =>
  JSON.stringify([system, tenantSpaceId, fingerprint, ...variant])
