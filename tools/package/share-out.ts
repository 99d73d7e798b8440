/** What the parameters of capacity make of the functions, before they are compiled. */

import { capacityPlan, type Limit, limitsWith } from './capacity.ts'
import type { FunctionConfig, Serverless } from './serverless.ts'

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

/** Gives functions their executions, polls theirs, and the schedule its shares. Returns what cannot fit, and what may not. */
export const shareOut = (service: Service): { mistake?: string; warnings: readonly string[] } => {
  const { custom, functions, provider } = service
  const { accountConcurrency, pollSeconds, prewarmShares = '1' } = custom.capacity ?? {}
  shareSchedule(functions['prewarmTokens'], Number(prewarmShares))
  if (accountConcurrency === undefined) return { warnings: [] }
  const { reserved, pollExecutions, mistakes, warnings } = capacityPlan({
    accountConcurrency: Number(accountConcurrency),
    given: Object.fromEntries(
      Object.entries(functions).map(([name, { reservedConcurrency }]) => [name, reservedConcurrency]),
    ),
    limits: limitsOf(service),
    pollSeconds: Number(pollSeconds),
  })
  if (mistakes.length > 0) return { mistake: mistakes.join('\n'), warnings }
  provider.environment['POLL_EXECUTIONS'] = String(pollExecutions)
  for (const [name, executions] of Object.entries(reserved)) {
    const config = functions[name]
    if (config !== undefined) config.reservedConcurrency = executions
  }
  return { warnings }
}

type ScheduledEvent = NonNullable<FunctionConfig['events']>[number]

/** Makes one schedule for each share of the tenants, where they are more than one. */
const shareSchedule = (config: FunctionConfig | undefined, shares: number): void => {
  if (config?.events === undefined || shares <= 1) return
  config.events = config.events.flatMap<ScheduledEvent>((event) =>
    event.schedule === undefined
      ? [event]
      : Array.from({ length: shares }, (_, share) => ({
          schedule: { rate: [event.schedule], input: { share, of: shares } },
        })),
  )
}
