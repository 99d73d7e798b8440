/** Lambda in one account: executions at once, reservations, and how fast new sandboxes come. */

import type { Clock } from '../clock.ts'
import { type Bucket, bucket } from './bucket.ts'
import { LAMBDA } from './limits.ts'

/** Lambda has no execution for a call. API Gateway makes 503 of it. */
export class Throttled extends Error {}

export interface FunctionOf<Sandbox> {
  /** Executions that this function alone has, and at most these. Default: what is left of the account. */
  readonly reserved?: number
  /** Milliseconds until a new sandbox takes its first call. */
  readonly startMs: number
  readonly newSandbox: () => Sandbox
}

export interface DeployedFunction<Sandbox> {
  /** Runs a call in a free sandbox, the one used last, or in a new one. Throws Throttled. */
  readonly call: <Result>(work: (sandbox: Sandbox) => Promise<Result>) => Promise<Result>
  readonly figures: () => FunctionFigures
}

export interface FunctionFigures {
  readonly calls: number
  readonly throttled: number
  readonly sandboxes: number
  readonly mostAtOnce: number
}

/** A sandbox runs one call at a time. Functions are deployed before the first call, as a reservation takes from all others. */
export const lambdaAccount = (clock: Clock, executions: number = LAMBDA.executions) => {
  let unreserved = executions
  let busyUnreserved = 0

  const deploy = <Sandbox>({
    reserved,
    startMs,
    newSandbox,
  }: FunctionOf<Sandbox>): DeployedFunction<Sandbox> => {
    unreserved -= reserved ?? 0
    const free: { readonly sandbox: Sandbox }[] = []
    const growth = bucket(clock, {
      perSecond: LAMBDA.newSandboxesPerTenSeconds / 10,
      burst: LAMBDA.newSandboxesPerTenSeconds,
    })
    let requests: Bucket | undefined
    let busy = 0
    let mostAtOnce = 0
    const count = { calls: 0, throttled: 0, sandboxes: 0 }

    const isFull = (): boolean => (reserved === undefined ? busyUnreserved >= unreserved : busy >= reserved)

    const begin = (): void => {
      requests ??= bucket(clock, { perSecond: (reserved ?? unreserved) * LAMBDA.requestsPerExecution })
      count.calls += 1
      if (isFull() || !requests.take() || (free.length === 0 && !growth.take())) {
        count.throttled += 1
        throw new Throttled()
      }
      busy += 1
      if (reserved === undefined) busyUnreserved += 1
      mostAtOnce = Math.max(mostAtOnce, busy)
    }

    const freeOrNew = async (): Promise<{ readonly sandbox: Sandbox }> => {
      const known = free.pop()
      if (known !== undefined) return known
      count.sandboxes += 1
      await clock.pause(startMs)
      return { sandbox: newSandbox() }
    }

    return {
      call: async (work) => {
        begin()
        try {
          const place = await freeOrNew()
          try {
            return await work(place.sandbox)
          } finally {
            free.push(place)
          }
        } finally {
          busy -= 1
          if (reserved === undefined) busyUnreserved -= 1
        }
      },
      figures: () => ({ ...count, mostAtOnce }),
    }
  }
  return { deploy }
}
