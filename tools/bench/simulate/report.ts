/** What a scenario must show, as a table: each figure with its bound, and whether it keeps to it. */

import type { Figures } from './scenario.ts'
import type { FleetFigures } from './sharing.ts'

export interface Row {
  readonly figure: string
  /** Empty for a figure that is only shown. */
  readonly bound: string
  readonly measured: string
  readonly isMet: boolean
}

/** Earliest the schedule may renew a token of an hour: 330 s before its end, and two minutes before that. */
const SHORTEST_PERIOD_MS = (3600 - 330 - 60 - 120) * 1000
const RUN_MS = 60_000
/** Measured where there is nothing to measure. */
const NONE = 'none'

/** The figures of many tenants under the schedule. */
export const scenarioRows = (figures: Figures): readonly Row[] => {
  const { books, runs, fetches, hours, expectedTokens, requests } = figures
  // Nothing has to be renewed where nothing is warmed: then nothing may be fetched.
  const perPeriod = books.periods === 0 && fetches === 0 ? undefined : fetches / books.periods
  const longest = Math.max(...runs.map(({ tookMs }) => tookMs))
  const busy = runs.filter(({ dueItems, reads }) => dueItems > 0 || reads > 0)
  const ratios = busy.map(({ dueItems, reads }) => reads / Math.max(1, dueItems))
  const warmUps = runs.findIndex(({ left, isSweepUnfinished }) => left === 0 && !isSweepUnfinished) + 1
  const lefts = runs.slice(0, warmUps).map(({ left, tookMs }) => `${seconds(tookMs)}, left ${count(left)}`)
  const sum = (of: (run: Figures['runs'][number]) => number) =>
    runs.reduce((total, run) => total + of(run), 0)

  return [
    row('tokens kept', count(expectedTokens), count(books.tokens), books.tokens === expectedTokens),
    row(
      'fetches per token and refresh period',
      '1.00',
      `${perPeriod?.toFixed(4) ?? NONE} (${count(fetches)} / ${count(books.periods)})`,
      perPeriod === undefined || Math.abs(perPeriod - 1) < 0.005,
    ),
    row(
      'shortest refresh period',
      `>= ${seconds(SHORTEST_PERIOD_MS)}`,
      seconds(books.shortestPeriodMs),
      books.shortestPeriodMs >= SHORTEST_PERIOD_MS,
    ),
    shown(
      'fetches per token and hour',
      books.tokens === 0 ? NONE : (fetches / books.tokens / hours).toFixed(3),
    ),
    row(
      'items read per item due, worst run',
      '<= 1.20',
      `${Math.max(0, ...ratios).toFixed(2)} (${count(sum(({ reads }) => reads))} in ${count(busy.length)} runs)`,
      ratios.every((ratio) => ratio <= 1.2),
    ),
    shown(
      'the sweep beside that',
      `${count(sum(({ sweepReads }) => sweepReads))} items, ${count(figures.secretsListed)} names`,
    ),
    shown('runs of the schedule', `${count(runs.length)}, every ${figures.twiceEvery}th minute two at once`),
    row('longest run', `< ${seconds(RUN_MS)}`, seconds(longest), longest < RUN_MS),
    row('first warm-up, run by run', 'ends, left 0', lefts.join('; ') || 'never', warmUps > 0),
    row('tokens past their hard limit', '0', count(books.dead), books.dead === 0),
    row('longest gap', seconds(0), seconds(books.longestGapMs), books.longestGapMs === 0),
    shown('least left until the hard limit', seconds(books.leastMarginMs)),
    ...(requests === undefined
      ? []
      : [
          shown('requests', `${count(requests.requests)}, reading ${count(figures.requestReads)} items`),
          row(
            'requests that waited for a vendor',
            '0',
            count(figures.upstreamWaits),
            figures.upstreamWaits === 0,
          ),
          row(
            'requests that failed or got a dead token',
            '0',
            [count(requests.failed + requests.dead), ...requests.codes].join(' '),
            requests.failed + requests.dead === 0,
          ),
          shown('longest wait of a request', `${requests.longestMs} ms`),
        ]),
  ]
}

/** The figures of one tenant's token: with the store, the number of sandboxes must not matter. */
export const fleetRows = (fleets: readonly FleetFigures[]): readonly Row[] =>
  fleets.map(({ sandboxes, hasStore, fetchesPerMinute, busiestMinute, fetchesPerPeriod = 0 }) => {
    const many = `${count(sandboxes)} ${sandboxes === 1 ? 'sandbox' : 'sandboxes'}`
    const figure = `${many}, ${hasStore ? 'shared store' : 'each for itself'}`
    const measured = `${fetchesPerMinute.toFixed(3)} per minute, busiest ${count(busiestMinute)}`
    return hasStore
      ? row(
          figure,
          '1.00 per refresh period',
          `${measured}, ${fetchesPerPeriod.toFixed(2)} per refresh period`,
          Math.abs(fetchesPerPeriod - 1) < 0.005,
        )
      : shown(figure, measured)
  })

export const row = (figure: string, bound: string, measured: string, isMet: boolean): Row => ({
  figure,
  bound,
  measured,
  isMet,
})
export const shown = (figure: string, measured: string): Row => row(figure, '', measured, true)

export const count = (value: number): string => value.toLocaleString('en-US')
/** Of nothing there is no shortest: that is endless. */
const seconds = (ms: number): string => (Number.isFinite(ms) ? `${count(Math.round(ms / 100) / 10)} s` : NONE)

/** The rows under a title, in columns. */
export const printed = (title: string, rows: readonly Row[]): string => {
  const widthOf = (column: 'figure' | 'bound' | 'measured') =>
    Math.max(column.length, ...rows.map((line) => line[column].length))
  const line = (figure: string, bound: string, measured: string, verdict: string) =>
    [
      figure.padEnd(widthOf('figure')),
      bound.padEnd(widthOf('bound')),
      measured.padEnd(widthOf('measured')),
      verdict,
    ]
      .join('  ')
      .trimEnd()
  const verdictOf = ({ bound, isMet }: Row): string => {
    if (bound === '') return ''
    return isMet ? 'ok' : 'MISSED'
  }
  return [
    title,
    line('figure', 'bound', 'measured', ''),
    ...rows.map((each) => line(each.figure, each.bound, each.measured, verdictOf(each))),
    '',
  ].join('\n')
}
