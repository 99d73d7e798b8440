/** What the test and its sandboxes tell each other. No secret and no token: sandboxes read those from Secrets Manager. */

export type HandlerName =
  | 'appCubeToken'
  | 'applyToken'
  | 'prewarmTokens'
  /** appCubeToken whose sandboxes take no leases: shows what a lease saves. */
  | 'leaselessAppCubeToken'
  /** Leaves a request to a service behind when it returns. */
  | 'leavesRequest'
  /** Begins a request to a service after it has returned. */
  | 'startsLater'

/** Calls of a handler, all at the same time. */
export interface Order {
  readonly handler: HandlerName
  readonly calls: number
  /** The calls go to them in turn. */
  readonly tenants: readonly string[]
  /** What the Lambda has left. */
  readonly remainingMs: number
}

export type ToSandbox =
  | { readonly id: number; readonly ask: 'run'; readonly order: Order }
  /** How far this sandbox's clock is ahead of the machine's. */
  | { readonly id: number; readonly ask: 'clock'; readonly aheadMs: number }
  /** Forget everything: from now on as a sandbox that has just started. */
  | { readonly id: number; readonly ask: 'renew' }

export type Service = 'table' | 'secrets' | 'vendor'

export interface CallReport {
  readonly process: number
  readonly tenantSpaceId: string
  readonly status: number
  /** The code of the request's own log line. */
  readonly code: string
  /** SHA-256 of the token that was answered. */
  readonly token?: string
  /** Epoch milliseconds of the machine. */
  readonly startedAt: number
  readonly endedAt: number
  /** Whether it was this call that had a machine token fetched and stored. */
  readonly hasFetched: boolean
  /** Requests that this call has begun. */
  readonly requests: Readonly<Record<Service, number>>
  /** Of those, what was not finished when the handler returned. */
  readonly pending: readonly Service[]
}

export type FromSandbox =
  | { readonly tell: 'ready' }
  /** The order was carried out; of a run: all its calls have been started. */
  | { readonly tell: 'begun'; readonly id: number }
  | { readonly tell: 'call'; readonly id: number; readonly report: CallReport }
  | {
      readonly tell: 'done'
      readonly id: number
      /** Log lines since the last run ended. */
      readonly lines: readonly string[]
      /** Requests that were begun by calls after they had returned. */
      readonly late: readonly Service[]
    }
