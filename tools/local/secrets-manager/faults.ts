/** Misbehaviour on demand: which of the next requests fail, and how. */
import type { LocalRequest } from '../http-server.ts'

/** What the matching request gets instead of (or, for `delay`, before) its true answer. */
export type FaultKind =
  /** An AWS error, e.g. `{status: 500, type: 'InternalServiceError'}`. */
  | { kind: 'error'; status: number; type: string; message?: string }
  /** Any answer, also one that AWS would never give. */
  | { kind: 'reply'; status: number; body: string; contentType?: string }
  /** No answer at all until the client gives up or the emulator closes. */
  | { kind: 'hang' }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** The true answer, `ms` milliseconds late. */
  | { kind: 'delay'; ms: number }

export type Fault = FaultKind & {
  /** Default: every action. */
  action?: string
  /** How many requests it hits; default 1, `Infinity` for ever. */
  times?: number
  /** Asked for each request of the action; false leaves the request and the count alone. */
  when?: (request: LocalRequest) => boolean
}

export type Faults = {
  add(fault: Fault): void
  clear(): void
  /** The oldest fault that matches, counted down; at most one per request. */
  take(action: string, request: LocalRequest): FaultKind | undefined
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let pending: { fault: Fault; left: number }[] = []
  return {
    add(fault) {
      pending.push({ fault, left: fault.times ?? 1 })
    },
    clear() {
      pending = []
    },
    take(action, request) {
      const hit = pending.find(
        ({ fault }) =>
          (fault.action === undefined || fault.action === action) && (fault.when?.(request) ?? true),
      )
      if (hit === undefined) return undefined
      hit.left -= 1
      pending = pending.filter(({ left }) => left > 0)
      return hit.fault
    },
  }
}
