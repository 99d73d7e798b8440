/** What the client needs of a browser, passed in: only `browser.ts` touches the real one. */

export interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  readonly credentials: 'omit' | 'same-origin'
}

export type Fetch = (url: string, request: Request) => Promise<Answer>

export interface Clock {
  /** Milliseconds from any beginning. It never goes back, whatever the user sets the page's clock to. */
  now(): number
  /** Resolves after `ms`, at once if that is not above 0. Rejects with the signal's reason when that comes first. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** Aborts after `ms`. */
  limit(ms: number): AbortSignal
}

export interface Channel {
  post(note: unknown): void
  close(): void
}

export interface Environment {
  readonly fetch: Fetch
  readonly clock: Clock
  /** 0 to 1. */
  random(): number
  /** Milliseconds since 1970 by the page's clock, which may be wrong. */
  wallClock(): number
  isVisible(): boolean
  /** Calls back when the page is shown or hidden, and when the network is back, until the signal aborts. */
  onChange(changed: () => void, signal: AbortSignal): void
  /** Runs `run` once no other tab of this origin holds the lock, or at once where the browser has no locks. */
  lock(name: string, signal: AbortSignal, run: () => Promise<void>): Promise<void>
  /** To the other tabs of this origin; undefined where tabs cannot share a chat. */
  channel(name: string, heard: (note: unknown) => void): Channel | undefined
}

/** Waits for `promise` as long as the signal lets it. */
export const whileWanted = <T>(promise: T | Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
