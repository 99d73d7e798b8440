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
    {
      figure: 'tokens kept',
      bound: count(expectedTokens),
      measured: count(books.tokens),
      isMet: books.tokens === expectedTokens,
    },
    {
      figure: 'fetches per token and refresh period',
      bound: '1.00',
      measured: `${perPeriod?.toFixed(4) ?? NONE} (${count(fetches)} / ${count(books.periods)})`,
      isMet: perPeriod === undefined || Math.abs(perPeriod - 1) < 0.005,
    },
    {
      figure: 'shortest refresh period',
      bound: `>= ${seconds(SHORTEST_PERIOD_MS)}`,
      measured: seconds(books.shortestPeriodMs),
      isMet: books.shortestPeriodMs >= SHORTEST_PERIOD_MS,
    },
    shown(
      'fetches per token and hour',
      books.tokens === 0 ? NONE : (fetches / books.tokens / hours).toFixed(3),
    ),
    {
      figure: 'items read per item due, worst run',
      bound: '<= 1.20',
      measured: `${Math.max(0, ...ratios).toFixed(2)} (${count(sum(({ reads }) => reads))} in ${count(busy.length)} runs)`,
      isMet: ratios.every((ratio) => ratio <= 1.2),
    },
    shown(
      'the sweep beside that',
      `${count(sum(({ sweepReads }) => sweepReads))} items, ${count(figures.secretsListed)} names`,
    ),
    shown('runs of the schedule', `${count(runs.length)}, every ${figures.twiceEvery}th minute two at once`),
    {
      figure: 'longest run',
      bound: `< ${seconds(RUN_MS)}`,
      measured: seconds(longest),
      isMet: longest < RUN_MS,
    },
    {
      figure: 'first warm-up, run by run',
      bound: 'ends, left 0',
      measured: lefts.join('; ') || 'never',
      isMet: warmUps > 0,
    },
    {
      figure: 'tokens past their hard limit',
      bound: '0',
      measured: count(books.dead),
      isMet: books.dead === 0,
    },
    {
      figure: 'longest gap',
      bound: seconds(0),
      measured: seconds(books.longestGapMs),
      isMet: books.longestGapMs === 0,
    },
    shown('least left until the hard limit', seconds(books.leastMarginMs)),
    ...(requests === undefined
      ? []
      : [
          shown('requests', `${count(requests.requests)}, reading ${count(figures.requestReads)} items`),
          {
            figure: 'requests that waited for a vendor',
            bound: '0',
            measured: count(figures.upstreamWaits),
            isMet: figures.upstreamWaits === 0,
          },
          {
            figure: 'requests that failed or got a dead token',
            bound: '0',
            measured: [count(requests.failed + requests.dead), ...requests.codes].join(' '),
            isMet: requests.failed + requests.dead === 0,
          },
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
      ? {
          figure,
          bound: '1.00 per refresh period',
          measured: `${measured}, ${fetchesPerPeriod.toFixed(2)} per refresh period`,
          isMet: Math.abs(fetchesPerPeriod - 1) < 0.005,
        }
      : shown(figure, measured)
  })

export const shown = (figure: string, measured: string): Row => ({
  figure,
  bound: '',
  measured,
  isMet: true,
})

export const count = (value: number): string => value.toLocaleString('en-US')
/** Of nothing there is no shortest: that is endless. */
const seconds = (ms: number): string => (Number.isFinite(ms) ? `${count(Math.round(ms / 100) / 10)} s` : NONE)

type Column = 'figure' | 'bound' | 'measured'

/** The rows under a title, in columns. */
export const printed = (title: string, rows: readonly Row[]): string => {
  const widthOf = (column: Column) => Math.max(column.length, ...rows.map((line) => line[column].length))
  const line = ({ figure, bound, measured }: Readonly<Record<Column, string>>, verdict: string) =>
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
    line({ figure: 'figure', bound: 'bound', measured: 'measured' }, ''),
    ...rows.map((each) => line(each, verdictOf(each))),
    '',
  ].join('\n')
}
