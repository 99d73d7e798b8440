/** The kinds of rows that the table of alarms has, and the names that alarms get. */

interface Row {
  /** 1: wake somebody. 2: the same day. 3: the same week. */
  readonly severity: 1 | 2 | 3
  readonly says: string
  /** Made only where the prober is switched on. */
  readonly isOfProber?: true
}

export interface MetricRow extends Row {
  /** Of lib/metrics.ts, or of AWS/Lambda: that of the stage, or of each of `functions`, with an alarm for each. */
  readonly metric: string
  readonly functions?: readonly string[]
  /** The metric is made of the lines of the API's access log that fit this filter. */
  readonly accessLog?: string
  /** The alarm's number is the metric's share of this one. */
  readonly percentOf?: string
  readonly statistic: 'Maximum' | 'Sum' | 'SampleCount' | 'p99'
  readonly periodSeconds: number
  readonly atLeast?: number
  readonly below?: number
  /** Of the schedule: with shares it runs as many times a minute, and the alarm rings where one of them alone does not run, or fails. */
  readonly isOfShares?: true
  /**
   * How many of the last periods must be bad, such as `2 of 3`. More than one keeps a single hitch of a healthy day from
   * ringing.
   */
  readonly lasting: string
  /**
   * What a period without any value is. `notBreaching` where a value comes only with a fault, `breaching` where silence is the fault. `ignore`
   * where the function that writes the value does not run: the alarm stays as it is, and another one says that.
   */
  readonly missing: 'notBreaching' | 'breaching' | 'ignore'
}

/** Rings for one of `functions`, or for each apart. */
export interface CompositeRow extends Row {
  readonly functions: readonly string[]
  /** Notifies nobody while this one rings, which says the same of the same function sooner. */
  readonly quietWhile?: string
}

/** Rings when the alarm of one of these rows does, for one of the functions. Those then notify nobody themselves. */
export interface AnyRow extends CompositeRow {
  readonly anyOf: readonly string[]
  /** An alarm for each function, which one of another function then cannot silence. */
  readonly isEachApart?: true
}

/**
 * Rings while failed answers use up what the objective leaves for them so many times too fast, in a long window and in a short one: the long one
 * says that it matters, the short one that it goes on. There is an alarm for each of the functions.
 */
export interface BurnRow extends CompositeRow {
  readonly objectivePercent: number
  readonly times: number
  /**
   * The short one holds more than two runs of the prober, which may be the only one that asks: with fewer, a value that comes late would end the
   * alarm and begin it anew.
   */
  readonly seconds: { readonly Long: number; readonly Short: number }
  /** Fewer failures in the long window are too few to judge by. */
  readonly leastFailed: number
}

export type AlarmTable = Readonly<Record<string, MetricRow | AnyRow | BurnRow>>

/** Of a row with an alarm for each of several functions. */
export const alarmName = (row: string, name: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}${row}`
