/** CloudWatch's alarms, made of the table `alarm-table.ts`, so that all of one kind are made in one way. */

import { OUTCOMES } from '../../lib/metrics.ts'
import { type AlarmTable, type AnyRow, alarmName, type MetricRow } from './alarm-table.ts'
import type { Resource } from './template.ts'

const OURS = 'cec-token-bridge'
const LAMBDA = 'AWS/Lambda'
const LAMBDA_METRICS = ['Errors', 'Invocations', 'Throttles']

interface Place {
  readonly stage: string
  /** ARNs of the topics. */
  readonly actions: readonly string[]
}

/** The resources of all alarms, by their ids: a row's name, behind the function's where there is one for each of several, and `Alarm`. */
export const alarmResources = (table: AlarmTable, place: Place): Record<string, Resource> => {
  const silent = Object.values(table).flatMap((row) => ('anyOf' in row ? row.anyOf : []))
  const actions = (name: string) => (silent.includes(name) ? [] : place.actions)
  return Object.fromEntries(
    Object.entries(table).flatMap(([row, definition]): [string, Resource][] => {
      const { severity, says } = definition
      const described = (name: string) => ({
        AlarmDescription: `Severity ${severity}. ${says} Runbook: docs/operate.md#${row.toLowerCase()}`,
        AlarmActions: actions(name),
      })
      if ('anyOf' in definition) return [[`${row}Alarm`, composite(definition, described(row))]]
      const { functions = [], accessLog } = definition
      const several = functions.length > 1
      const alarms = (functions.length > 0 ? functions : [undefined]).map((of) => {
        const name = several && of ? alarmName(row, of) : row
        return [`${name}Alarm`, alarm(definition, described(name), { stage: place.stage, of })] as [
          string,
          Resource,
        ]
      })
      if (accessLog === undefined) return alarms
      return [...alarms, [`${row}Filter`, metricFilter(definition, accessLog, place)]]
    }),
  )
}

const composite = ({ anyOf }: AnyRow, described: object): Resource => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: {
    ...described,
    AlarmRule: { 'Fn::Sub': anyOf.map((name) => `ALARM("\${${name}Alarm}")`).join(' OR ') },
  },
})

const metricFilter = ({ metric }: MetricRow, pattern: string, { stage }: Place): Resource => ({
  Type: 'AWS::Logs::MetricFilter',
  Properties: {
    LogGroupName: { Ref: 'HttpApiLogGroup' },
    FilterPattern: pattern,
    // A filter has no dimension of its own: the stage is part of the namespace.
    MetricTransformations: [
      { MetricNamespace: `${OURS}/${stage}`, MetricName: metric, MetricValue: '1', Unit: 'Count' },
    ],
  },
})

interface Of {
  readonly stage: string
  readonly of: string | undefined
}

const alarm = (row: MetricRow, described: object, of: Of): Resource => {
  const { statistic, periodSeconds, atLeast, below, lasting, missing, percentOf } = row
  const [bad, evaluated] = lasting.split(' of ').map(Number)
  const stat = (metric: string) => metricOf(metric, row, of)
  const judged =
    percentOf === undefined
      ? { ...stat(row.metric), Statistic: statistic, Period: periodSeconds }
      : { Metrics: shareOf(stat(row.metric), stat(percentOf), periodSeconds) }
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...described,
      ...judged,
      EvaluationPeriods: evaluated,
      DatapointsToAlarm: bad,
      Threshold: below ?? atLeast,
      ComparisonOperator: below === undefined ? 'GreaterThanOrEqualToThreshold' : 'LessThanThreshold',
      TreatMissingData: missing,
    },
  }
}

const metricOf = (metric: string, { accessLog }: MetricRow, { stage, of }: Of) => {
  if (accessLog !== undefined) return { Namespace: `${OURS}/${stage}`, MetricName: metric }
  if (LAMBDA_METRICS.includes(metric))
    return {
      Namespace: LAMBDA,
      MetricName: metric,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: alarmName('LambdaFunction', of ?? '') } }],
    }
  return {
    Namespace: OURS,
    MetricName: metric,
    Dimensions: [
      { Name: 'stage', Value: stage },
      ...(metric in OUTCOMES ? [{ Name: 'function', Value: of }] : []),
    ],
  }
}

const shareOf = (bad: object, all: object, Period: number) => [
  ...Object.entries({ bad, all }).map(([Id, Metric]) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric, Period, Stat: 'Sum' },
  })),
  { Id: 'percent', ReturnData: true, Label: 'percent', Expression: '100 * bad / all' },
]
