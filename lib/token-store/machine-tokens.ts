/** Tokens that belong to a tenant's system rather than to a user: fetched once, shared by all of a sandbox's requests. */

import { type Deadline, withinDeadline } from '../deadline.ts'

export interface MachineToken {
  readonly token: string
  /** Epoch milliseconds, counted from before the token was asked for. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Near its end nobody uses a token: it could die on the way. The smaller of 30 s and 5 % of its life. */
const hardLimitMs = ({ issuedAt, expiresAt }: MachineToken): number =>
  Math.min(30_000, (expiresAt - issuedAt) * 0.05)

export interface MachineTokens {
  /**
   * The token of a subject, or a new one from `fetch`. Calls at the same time share one fetch; a failed fetch is
   * kept for nobody. `subject` holds every field that changes the answer.
   */
  readonly get: (
    subject: readonly string[],
    fetch: () => Promise<MachineToken>,
    deadline: Deadline,
  ) => Promise<MachineToken>
  /** Drops exactly this token: a newer one stays. */
  readonly drop: (subject: readonly string[], token: MachineToken) => void
}

/** In memory alone: each sandbox fetches for itself. */
export const machineTokens = (now: () => Date): MachineTokens => {
  const tokens = new Map<string, MachineToken>()
  const fetches = new Map<string, Promise<MachineToken>>()

  const fetchOnce = (key: string, fetch: () => Promise<MachineToken>): Promise<MachineToken> => {
    const running = fetches.get(key)
    if (running !== undefined) return running
    const started = fetch()
      .then((token) => {
        tokens.set(key, token)
        return token
      })
      .finally(() => fetches.delete(key))
    fetches.set(key, started)
    return started
  }

  return {
    get: async (subject, fetch, deadline) => {
      const key = JSON.stringify(subject)
      const known = tokens.get(key)
      if (known !== undefined && now().getTime() < known.expiresAt - hardLimitMs(known)) return known
      return withinDeadline(fetchOnce(key, fetch), deadline)
    },
    drop: (subject, { token }) => {
      const key = JSON.stringify(subject)
      if (tokens.get(key)?.token === token) tokens.delete(key)
    },
  }
}

/** Whole seconds that are left of a token; at least 0. What is left is told, never what was issued. */
export const secondsLeft = ({ expiresAt }: MachineToken, now: Date): number =>
  Math.max(0, Math.floor((expiresAt - now.getTime()) / 1000))
