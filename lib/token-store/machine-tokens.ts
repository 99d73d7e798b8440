/** Tokens that belong to a tenant's system rather than to a user: fetched once, shared by all of a sandbox's requests. */

import { type Deadline, withinDeadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'

export interface MachineToken {
  readonly token: string
  /** Epoch milliseconds, counted from before the token was asked for. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Near its end nobody uses a token: it could die on the way. The smaller of 30 s and 5 % of its life. */
const hardLimitMs = ({ issuedAt, expiresAt }: MachineToken): number =>
  Math.min(30_000, (expiresAt - issuedAt) * 0.05)

type Fetch = () => Promise<MachineToken>

export interface MachineTokens {
  /**
   * The token of a subject, or a new one from `fetch`. Calls at the same time share one fetch; a failed fetch is
   * kept for nobody. `subject` holds every field that changes the answer.
   */
  readonly get: (subject: readonly string[], fetch: Fetch, deadline: Deadline) => Promise<MachineToken>
  /**
   * A token other than the refused one: one that is known or on its way already, else a new one if `mayFetch` says
   * so, else undefined. The refused one stays until another takes its place.
   */
  readonly replace: (
    subject: readonly string[],
    refused: MachineToken,
    fetch: Fetch,
    deadline: Deadline,
    mayFetch: () => boolean,
  ) => Promise<MachineToken | undefined>
}

/** A second for the answer, as the outbound module keeps it: whoever waits for another's fetch must say so in time. */
const ANSWER_RESERVE_MS = 1_000

/** In memory alone: each sandbox fetches for itself. */
export const machineTokens = (now: () => Date): MachineTokens => {
  const tokens = new Map<string, MachineToken>()
  const fetches = new Map<string, Promise<MachineToken>>()

  const start = (key: string, fetch: Fetch): Promise<MachineToken> => {
    const started = fetch().then((token) => {
      tokens.set(key, token)
      return token
    })
    fetches.set(key, started)
    const done = () => fetches.delete(key)
    started.then(done, done)
    return started
  }

  /** Joins a fetch. One that fails for its starter's lack of time is begun again by who has more. */
  const joinOrStart = async (key: string, fetch: Fetch, deadline: Deadline): Promise<MachineToken> => {
    const running = fetches.get(key)
    if (running === undefined) return start(key, fetch)
    try {
      return await withinDeadline(running, {
        remainingMs: () => Math.max(0, deadline.remainingMs() - ANSWER_RESERVE_MS),
      })
    } catch (error) {
      const code = error instanceof BridgeError ? error.code : undefined
      if (code === 'DEADLINE_EXCEEDED') throw timedOut()
      if (code !== 'UPSTREAM_TIMEOUT' || deadline.remainingMs() <= ANSWER_RESERVE_MS) throw error
      return joinOrStart(key, fetch, deadline)
    }
  }

  return {
    get: async (subject, fetch, deadline) => {
      const key = JSON.stringify(subject)
      const known = tokens.get(key)
      if (known !== undefined && now().getTime() < known.expiresAt - hardLimitMs(known)) return known
      return joinOrStart(key, fetch, deadline)
    },
    replace: async (subject, refused, fetch, deadline, mayFetch) => {
      const key = JSON.stringify(subject)
      const known = tokens.get(key)
      if (known !== undefined && known.token !== refused.token) return known
      if (!fetches.has(key) && !mayFetch()) return undefined
      return joinOrStart(key, fetch, deadline)
    },
  }
}

const timedOut = (): BridgeError => new BridgeError('UPSTREAM_TIMEOUT', 'the vendor did not answer in time')

/** Whole seconds that are left of a token; at least 0, at most its life. What is left is told, never what was issued. */
export const secondsLeft = ({ issuedAt, expiresAt }: MachineToken, now: Date): number =>
  Math.max(0, Math.floor((expiresAt - Math.max(now.getTime(), issuedAt)) / 1000))
