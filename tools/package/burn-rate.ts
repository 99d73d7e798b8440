/** Alarms of a burn rate: how fast failed answers use up what an objective leaves for them, in a long and in a short window at once. */

import type { BurnRow } from './alarm-rows.ts'
import type { Resource } from './template.ts'

/** A metric of the alarm's function, as an alarm names it. */
export type MetricOf = (metric: string) => object

/** What counts as failed, and what as asked. A throttled invocation is no invocation. */
const FAILED = ['AnswersFailed', 'Errors', 'Throttles']
const ASKED = ['Invocations', 'Throttles']

/** Of the windows' names: the id of each one's alarm ends so. */
export const WINDOWS = ['Long', 'Short'] as const

/** The share of failed answers that a row calls too many, in percent. */
const mostFailedPercent = ({ objectivePercent, times }: BurnRow): number =>
  Number(((100 - objectivePercent) * times).toFixed(6))

/** Both windows' alarms, by their ids. They notify nobody: the row's own alarm does when both ring. */
export const windowAlarms = (
  [name, row]: readonly [name: string, row: BurnRow],
  described: object,
  metricOf: MetricOf,
): Record<string, Resource> =>
  Object.fromEntries(
    WINDOWS.map((window) => [
      `${name}${window}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          ...described,
          Metrics: [...metrics(metricOf, row.seconds[window]), share(row, window)],
          EvaluationPeriods: 1,
          DatapointsToAlarm: 1,
          Threshold: mostFailedPercent(row),
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        },
      },
    ]),
  )

const idOf = (metric: string): string => metric.charAt(0).toLowerCase() + metric.slice(1)

const metrics = (metricOf: MetricOf, Period: number) =>
  [...new Set([...FAILED, ...ASKED])].map((metric) => ({
    Id: idOf(metric),
    ReturnData: false,
    MetricStat: { Metric: metricOf(metric), Period, Stat: 'Sum' },
  }))

/** Where few ask, a single failure is a large share: in the long window it takes `leastFailed` of them. */
const share = ({ leastFailed }: BurnRow, window: (typeof WINDOWS)[number]) => {
  const sum = (metrics: readonly string[]) => metrics.map((metric) => `FILL(${idOf(metric)}, 0)`).join(' + ')
  const [failed, asked] = [sum(FAILED), sum(ASKED)]
  const least = window === 'Long' ? leastFailed : 1
  const Expression = `IF((${failed}) >= ${least}, 100 * (${failed}) / (${asked}), 0)`
  return { Id: 'percent', ReturnData: true, Label: 'percent', Expression }
}
