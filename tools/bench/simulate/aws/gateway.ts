/** API Gateway in one account: the account's requests a second, and the limit of each route before it. */

import type { Clock } from '../clock.ts'
import { bucket, type Rate } from './bucket.ts'
import { API_GATEWAY } from './limits.ts'

/** More than a limit lets through: 429. */
export class TooManyRequests extends Error {}

/** A route lets a call through or throws TooManyRequests. */
export const apiGateway = (clock: Pick<Clock, 'elapsed'>) => {
  const account = bucket(clock, { perSecond: API_GATEWAY.requests, burst: API_GATEWAY.burst })
  return {
    route: (limit: Rate) => {
      const own = bucket(clock, limit)
      return (): void => {
        if (!own.take() || !account.take()) throw new TooManyRequests()
      }
    },
  }
}
