/** OIAP's accounts: one secret each, and a lock that closes when somebody guesses. */

/** A tenant of OIAP and its password for one interface: the API password, or the third-party password. */
export interface OiapAccount {
  readonly appKey: string
  readonly appSecret: string
}

export type Decision = 'good' | 'unknown-key' | 'wrong-secret' | 'locked'

interface Entry {
  appSecret: string
  /** Wrong secrets since the last right one. */
  inARow: number
  /** Wrong secrets since the start, or since the counter was reset. */
  wrong: number
}

export class OiapAccounts {
  readonly #lockAfter: number
  readonly #entries = new Map<string, Entry>()

  constructor(lockAfter: number) {
    this.#lockAfter = lockAfter
  }

  /** Registers an account, or changes its secret, which leaves a lock in place. */
  put({ appKey, appSecret }: OiapAccount): void {
    const { inARow = 0, wrong = 0 } = this.#entries.get(appKey) ?? {}
    this.#entries.set(appKey, { appSecret, inARow, wrong })
  }

  check(appKey: string, appSecret: string): Decision {
    const entry = this.#entries.get(appKey)
    if (entry === undefined) return 'unknown-key'
    const right = entry.appSecret === appSecret
    if (!right) entry.wrong += 1
    if (entry.inARow >= this.#lockAfter) return 'locked'
    entry.inARow = right ? 0 : entry.inARow + 1
    return right ? 'good' : 'wrong-secret'
  }

  unlock(appKey: string): void {
    const entry = this.#entries.get(appKey)
    if (entry !== undefined) entry.inARow = 0
  }

  isLocked(appKey: string): boolean {
    return (this.#entries.get(appKey)?.inARow ?? 0) >= this.#lockAfter
  }

  wrongSecrets(appKey?: string): number {
    if (appKey !== undefined) return this.#entries.get(appKey)?.wrong ?? 0
    return [...this.#entries.values()].reduce((sum, { wrong }) => sum + wrong, 0)
  }

  resetCounters(): void {
    for (const entry of this.#entries.values()) entry.wrong = 0
  }
}
