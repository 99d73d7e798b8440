/** Alibaba's AccessKeys, with what hangs on them: used nonces, and the account's calls of this second. */

export interface LiveKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** The interactive-messages applications of the key's account. */
  readonly appIds: readonly string[]
  /** Keys of one account share its rate limit. Default: an account of the key's own. */
  readonly account?: string | undefined
  /** Default `active`; `forbidden` is a good key that may not call GetMessageToken. */
  readonly status?: 'active' | 'inactive' | 'forbidden' | undefined
  /** Makes it an STS key, which is worthless without this. */
  readonly securityToken?: string | undefined
  /** Milliseconds since the epoch, for an STS key. Default never. */
  readonly expiresAt?: number | undefined
}

/** Nonces are remembered for as long as a timestamp can be good, and twice over. */
const NONCE_MS = 30 * 60_000

export class LiveKeys {
  readonly #now: () => Date
  readonly #callsPerSecond: number
  readonly #keys = new Map<string, LiveKey>()
  readonly #nonces = new Map<string, number>()
  readonly #calls = new Map<string, { second: number; count: number }>()

  constructor(now: () => Date, callsPerSecond: number) {
    this.#now = now
    this.#callsPerSecond = callsPerSecond
  }

  now(): number {
    return this.#now().getTime()
  }

  /** Registers a key, or changes everything about it. */
  put(key: LiveKey): void {
    this.#keys.set(key.accessKeyId, key)
  }

  get(accessKeyId: string): LiveKey | undefined {
    return this.#keys.get(accessKeyId)
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId)
  }

  /** False when the key has used the nonce before. */
  useNonce(accessKeyId: string, nonce: string): boolean {
    const now = this.now()
    for (const [used, at] of this.#nonces) {
      if (at + NONCE_MS > now) break // the oldest come first
      this.#nonces.delete(used)
    }
    const name = JSON.stringify([accessKeyId, nonce])
    if (this.#nonces.has(name)) return false
    this.#nonces.set(name, now)
    return true
  }

  /** False when the account has had its calls of this second. */
  countCall({ accessKeyId, account = accessKeyId }: LiveKey): boolean {
    const second = Math.floor(this.now() / 1000)
    const last = this.#calls.get(account)
    const count = last?.second === second ? last.count + 1 : 1
    this.#calls.set(account, { second, count })
    return count <= this.#callsPerSecond
  }
}
