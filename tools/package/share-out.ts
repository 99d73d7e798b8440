/** What the parameters of capacity make of the functions, before they are compiled. */

import { capacityPlan, type Limit, limitsWith } from './capacity.ts'
import type { Serverless } from './serverless.ts'
import { shareSchedule } from './template-capacity.ts'

/** Of `serverless.yml`, by parameter. */
export interface CapacityParameters {
  readonly accountConcurrency: string
  readonly routeRates: string
  readonly directoryWarmReadUnits: string
  readonly prewarmShares: string
  readonly pollSeconds: string
}

type Service = Serverless['service']

export const limitsOf = ({ custom }: Pick<Service, 'custom'>): Readonly<Record<string, Limit>> =>
  limitsWith(custom.routeThrottling, custom.capacity?.routeRates)

/** Gives functions their executions and the schedule its shares. Returns what cannot fit, and what may not. */
export const shareOut = (service: Service): { mistake?: string; warnings: readonly string[] } => {
  const { custom, functions } = service
  const { accountConcurrency, pollSeconds, prewarmShares = '1' } = custom.capacity ?? {}
  shareSchedule(functions['prewarmTokens'], Number(prewarmShares))
  if (accountConcurrency === undefined) return { warnings: [] }
  const { reserved, mistakes, warnings } = capacityPlan({
    accountConcurrency: Number(accountConcurrency),
    given: Object.fromEntries(
      Object.entries(functions).map(([name, { reservedConcurrency }]) => [name, reservedConcurrency]),
    ),
    limits: limitsOf(service),
    pollSeconds: Number(pollSeconds),
  })
  if (mistakes.length > 0) return { mistake: mistakes.join('\n'), warnings }
  for (const [name, executions] of Object.entries(reserved)) {
    const config = functions[name]
    if (config !== undefined) config.reservedConcurrency = executions
  }
  return { warnings }
}
