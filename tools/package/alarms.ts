/** CloudWatch's alarms, made of the table `alarm-table.ts`, so that all of one kind are made in one way. */

import { OUTCOMES } from '../../lib/metrics.ts'
import {
  type AlarmTable,
  type AnyRow,
  alarmName,
  type BurnRow,
  type CompositeRow,
  type MetricRow,
} from './alarm-rows.ts'
import { WINDOWS, windowAlarms } from './burn-rate.ts'
import type { Resource } from './template.ts'

const OURS = 'cec-token-bridge'
const LAMBDA = 'AWS/Lambda'
const LAMBDA_METRICS = ['Duration', 'Errors', 'Invocations', 'Throttles']

interface Place {
  readonly stage: string
  /** ARNs of the topics. */
  readonly actions: readonly string[]
  readonly isProbed: boolean
  /** Of the schedule. Default 1. */
  readonly shares?: number
}

type RowOf<Definition> = readonly [name: string, definition: Definition]
type Named = readonly [id: string, resource: Resource]
/** What all alarms of a row have, by the alarm's name. */
type Described = (name: string) => object

/** The resources of all alarms, by their ids: a row's name, behind the function's where there is one for each of several, and `Alarm`. */
export const alarmResources = (table: AlarmTable, place: Place): Record<string, Resource> => {
  const rows = rowsAt(table, place)
  const silent = rows.flatMap(([, row]) => ('anyOf' in row ? row.functions.flatMap(partsOf(row)) : []))
  return Object.fromEntries(
    rows.flatMap(([name, row]): readonly Named[] => {
      const described: Described = (alarmed) => ({
        AlarmDescription: `Severity ${row.severity}. ${row.says} Runbook: docs/operate.md#${name.toLowerCase()}`,
        AlarmActions: silent.includes(alarmed) ? [] : place.actions,
      })
      if ('anyOf' in row) return anyAlarms([name, row], described)
      return 'times' in row
        ? row.functions.flatMap((of) => burnAlarms([name, row], described, { stage: place.stage, of }))
        : metricAlarms([name, ofShares(row, place)], described, place)
    }),
  )
}

/** Rings where as many runs of a period fail, or are missing, as one share has. */
const ofShares = (row: MetricRow, { shares = 1 }: Place): MetricRow => {
  if (row.isOfShares === undefined || shares === 1) return row
  const runs = row.periodSeconds / 60
  return {
    ...row,
    ...(row.below === undefined ? {} : { below: Math.max(row.below, runs * (shares - 1) + 1) }),
    ...(row.atLeast === undefined ? {} : { atLeast: row.atLeast / shares }),
  }
}

/** The names of the alarms of which a row's alarm for a function is made. */
const partsOf =
  ({ anyOf }: AnyRow) =>
  (of: string): readonly string[] =>
    anyOf.map((part) => alarmName(part, of))

const anyAlarms = ([row, definition]: RowOf<AnyRow>, described: Described): readonly Named[] => {
  const { functions, isEachApart = false } = definition
  const made = (name: string, of: readonly string[]): Named => {
    const rule = ruleOf(of.flatMap(partsOf(definition)), 'OR')
    return [`${name}Alarm`, composite(described(name), rule, suppressed(definition, of))]
  }
  return isEachApart ? functions.map((of) => made(alarmName(row, of), [of])) : [made(row, functions)]
}

const burnAlarms = ([row, definition]: RowOf<BurnRow>, described: Described, of: OfOne): readonly Named[] => {
  const name = alarmName(row, of.of)
  const windows = WINDOWS.map((window) => name + window)
  const silent = { ...described(name), AlarmActions: [] }
  return [
    [`${name}Alarm`, composite(described(name), ruleOf(windows, 'AND'), suppressed(definition, [of.of]))],
    ...Object.entries(windowAlarms([name, definition], silent, (metric) => metricOf(metric, {}, of))),
  ]
}

const metricAlarms = (
  [row, definition]: RowOf<MetricRow>,
  described: Described,
  place: Place,
): readonly Named[] => {
  const { functions = [], accessLog } = definition
  const several = functions.length > 1
  const alarms = (functions.length > 0 ? functions : [undefined]).map((of): Named => {
    const name = several && of ? alarmName(row, of) : row
    return [`${name}Alarm`, alarm(definition, described(name), { stage: place.stage, of })]
  })
  return accessLog === undefined
    ? alarms
    : [...alarms, [`${row}Filter`, metricFilter(definition, accessLog, place)]]
}

const rowsAt = (table: AlarmTable, { isProbed }: Place) =>
  Object.entries(table).filter(([, { isOfProber = false }]) => isProbed || !isOfProber)

/** The ids of those that are not part of another one: these notify. */
export const loudAlarms = (table: AlarmTable, place: Place): readonly string[] => {
  const resources = Object.entries(alarmResources(table, { ...place, actions: ['loud'] }))
  return resources
    .filter(([, { Properties }]) => JSON.stringify(Properties['AlarmActions']) === '["loud"]')
    .map(([id]) => id)
}

const ruleOf = (names: readonly string[], word: 'AND' | 'OR') => ({
  'Fn::Sub': names.map((name) => `ALARM("\${${name}Alarm}")`).join(` ${word} `),
})

const composite = (described: object, AlarmRule: object, suppressing: object): Resource => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: { ...described, AlarmRule, ...suppressing },
})

/** Both may begin in the same minute. When the sooner one is over, the windows of the other still hold what it has seen. */
const suppressed = ({ quietWhile }: CompositeRow, [of = '']: readonly string[]) =>
  quietWhile === undefined
    ? {}
    : {
        ActionsSuppressor: { Ref: `${alarmName(quietWhile, of)}Alarm` },
        ActionsSuppressorWaitPeriod: 120,
        ActionsSuppressorExtensionPeriod: 1800,
      }

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
type OfOne = Of & { readonly of: string }

const alarm = (row: MetricRow, described: object, of: Of): Resource => {
  const { periodSeconds, atLeast, below, lasting, missing, percentOf } = row
  const [bad, evaluated] = lasting.split(' of ').map(Number)
  const stat = (metric: string) => metricOf(metric, row, of)
  const judged =
    percentOf === undefined
      ? { ...stat(row.metric), ...statisticOf(row), Period: periodSeconds }
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

const statisticOf = ({ statistic }: MetricRow) =>
  statistic === 'p99' ? { ExtendedStatistic: statistic } : { Statistic: statistic }

const metricOf = (metric: string, { accessLog }: Pick<MetricRow, 'accessLog'>, { stage, of }: Of) => {
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
