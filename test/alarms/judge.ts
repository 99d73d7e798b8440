/**
 * Judges what a stage has written by the alarms of its template. It proves the alarms' expressions, and not CloudWatch: of doubled and lost values, and of the
 * longer look back where values are missing, it knows nothing.
 */

import type { Resource } from '../../tools/package/template.ts'
import { worked } from './expression.ts'

const MINUTE_MS = 60_000

/** One invocation, as AWS/Lambda counts it. A throttled one is none. */
export interface Invocation {
  readonly at: number
  readonly function: string
  readonly ended: 'well' | 'failed' | 'throttled'
  /** Default 20. */
  readonly ms?: number
}

export interface Observed {
  /** Of the functions' log groups. */
  readonly lines: readonly string[]
  /** Of the API's access log. */
  readonly accessLines: readonly string[]
  readonly invocations: readonly Invocation[]
}

type State = 'OK' | 'ALARM'
type Properties = Readonly<Record<string, unknown>>

/** What a metric has in one minute. */
interface Minute {
  readonly values: number[]
  sum: number
}

type Values = Map<string, Map<number, Minute>>

/** A minute in which alarms are judged, and the last one whose values have come by then. */
interface Moment {
  readonly end: number
  readonly seen: number
}

const keyOf = (namespace: unknown, name: unknown, dimensions: readonly (readonly [unknown, unknown])[]) =>
  JSON.stringify([namespace, name, dimensions.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))])

const valuesOf = (resources: Readonly<Record<string, Resource>>, observed: Observed): Values => {
  const values: Values = new Map()
  const add = (key: string, at: number, value: number): void => {
    const minutes = values.get(key) ?? new Map<number, Minute>()
    values.set(key, minutes)
    const at60 = Math.floor(at / MINUTE_MS)
    const minute = minutes.get(at60) ?? { values: [], sum: 0 }
    minutes.set(at60, minute)
    minute.values.push(value)
    minute.sum += value
  }
  for (const line of observed.lines.map((text) => JSON.parse(text)).filter(({ _aws }) => _aws !== undefined))
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics)
      for (const names of Dimensions as string[][])
        for (const { Name } of Metrics as { Name: string }[]) {
          const key = keyOf(
            Namespace,
            Name,
            names.map((name) => [name, line[name]]),
          )
          add(key, line._aws.Timestamp, line[Name])
        }
  for (const { at, function: name, ended, ms = 20 } of observed.invocations) {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
    const lambda = (metric: string, value: number) =>
      add(keyOf('AWS/Lambda', metric, [['FunctionName', { Ref: id }]]), at, value)
    lambda('Throttles', ended === 'throttled' ? 1 : 0)
    if (ended === 'throttled') continue
    lambda('Invocations', 1)
    lambda('Errors', ended === 'failed' ? 1 : 0)
    lambda('Duration', ms)
  }
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::Logs::MetricFilter') continue
    const [to] = Properties['MetricTransformations'] as { MetricNamespace: string; MetricName: string }[]
    for (const line of observed.accessLines.filter((text) => fits(String(Properties['FilterPattern']), text)))
      add(keyOf(to?.MetricNamespace, to?.MetricName, []), Date.parse(JSON.parse(line).time), 1)
  }
  return values
}

/** Of CloudWatch's filter patterns those that are made of comparisons with a text, with && between them. */
const fits = (pattern: string, text: string): boolean => {
  const line = JSON.parse(text)
  return pattern
    .replace(/^\{ | \}$/g, '')
    .split(' && ')
    .every((term) => {
      const [, name = '', operator, value] = /^\$\.(\w+) (=|!=) "([^"]*)"$/.exec(term) ?? []
      if (value === undefined) throw new Error(`not understood: ${term}`)
      return (line[name] === value) === (operator === '=')
    })
}

/** An alarm is judged in each minute of a day, always by the same metrics. */
const keys = new WeakMap<object, string>()

const keyOfStat = (stat: Stat): string => {
  const known = keys.get(stat)
  if (known !== undefined) return known
  const dimensions = (stat.Dimensions ?? []).map(({ Name, Value }) => [Name, Value] as const)
  const key = keyOf(stat.Namespace, stat.MetricName, dimensions)
  keys.set(stat, key)
  return key
}

interface Stat {
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[]
}

/** What a metric is in the period that ends with the minute `end`; undefined without any value. */
const statistic = (
  values: Values,
  stat: Stat,
  { end, seen, minutes, of }: Moment & { readonly minutes: number; readonly of: string },
): number | undefined => {
  const byMinute = values.get(keyOfStat(stat))
  if (byMinute === undefined) return undefined
  const found = Array.from({ length: minutes }, (_, back) => end - back)
    .filter((minute) => minute <= seen)
    .map((minute) => byMinute.get(minute))
    .filter((value) => value !== undefined)
  if (of === 'Sum') return found.length === 0 ? undefined : found.reduce((sum, minute) => sum + minute.sum, 0)
  const all = found.flatMap((minute) => minute.values)
  if (all.length === 0) return undefined
  if (of === 'SampleCount') return all.length
  if (of === 'Maximum') return Math.max(...all)
  if (of === 'p99') return all.toSorted((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1]
  throw new Error(`not understood: ${of}`)
}

const numberAt = (values: Values, alarm: Properties, moment: Moment, period: number): number | undefined => {
  const minutes = period / 60
  if (alarm['Metrics'] === undefined)
    return statistic(values, alarm as unknown as Stat, {
      ...{ ...moment, minutes },
      of: String(alarm['Statistic'] ?? alarm['ExtendedStatistic']),
    })
  const parts = alarm['Metrics'] as {
    Id: string
    Expression?: string
    MetricStat?: { Metric: Stat; Stat: string }
  }[]
  const known = new Map(
    parts.flatMap(({ Id, MetricStat }) =>
      MetricStat
        ? [[Id, statistic(values, MetricStat.Metric, { ...moment, minutes, of: MetricStat.Stat })]]
        : [],
    ),
  )
  const expression = parts.find(({ Expression }) => Expression !== undefined)?.Expression ?? ''
  return worked(expression, known)
}

const judged = (values: Values, alarm: Properties, { end, seen }: Moment, before: State): State => {
  const evaluated = Number(alarm['EvaluationPeriods'])
  const period = Number(
    alarm['Period'] ?? (alarm['Metrics'] as { MetricStat: { Period: number } }[])[0]?.MetricStat.Period,
  )
  const threshold = Number(alarm['Threshold'])
  const isBad = (value: number) =>
    alarm['ComparisonOperator'] === 'LessThanThreshold' ? value < threshold : value >= threshold
  const points = Array.from({ length: evaluated }, (_, back) =>
    numberAt(values, alarm, { end: end - (back * period) / 60, seen }, period),
  )
  if (alarm['TreatMissingData'] === 'ignore' && points.every((point) => point === undefined)) return before
  const bad = points.filter((point) =>
    point === undefined ? alarm['TreatMissingData'] === 'breaching' : isBad(point),
  )
  return bad.length >= Number(alarm['DatapointsToAlarm']) ? 'ALARM' : 'OK'
}

/** For each minute of the span (epoch milliseconds) the names of the alarms that ring, those without anybody to notify too. Values come so many minutes late. */
export const ringing = (
  resources: Readonly<Record<string, Resource>>,
  observed: Observed,
  {
    from,
    to,
    lateMinutes = 0,
  }: { readonly from: number; readonly to: number; readonly lateMinutes?: number },
): readonly (readonly string[])[] => {
  const values = valuesOf(resources, observed)
  const alarms = Object.entries(resources)
  const states = new Map<string, State>()
  const minutes: string[][] = []
  for (let end = Math.floor(from / MINUTE_MS); end < Math.floor(to / MINUTE_MS); end++) {
    for (const [id, { Type, Properties }] of alarms)
      if (Type === 'AWS::CloudWatch::Alarm')
        states.set(id, judged(values, Properties, { end, seen: end - lateMinutes }, states.get(id) ?? 'OK'))
    for (const [id, { Type, Properties }] of alarms)
      if (Type === 'AWS::CloudWatch::CompositeAlarm') {
        const rule = (Properties['AlarmRule'] as { 'Fn::Sub': string })['Fn::Sub']
        const rings = ([, name = '']: readonly string[]) => states.get(name) === 'ALARM'
        const named = [...rule.matchAll(/ALARM\("\$\{(\w+)\}"\)/g)]
        states.set(id, (rule.includes(' AND ') ? named.every(rings) : named.some(rings)) ? 'ALARM' : 'OK')
      }
    minutes.push([...states].filter(([, state]) => state === 'ALARM').map(([id]) => id.replace(/Alarm$/, '')))
  }
  return minutes
}
