/** The tables of docs/cost.md. */

import { loadSentence } from '../load.ts'
import { markdownTable } from '../table.ts'
import {
  billedMs,
  type Dollars,
  dollarsPerMillion,
  dollarsPerMonth,
  sumOf,
  type Usage,
} from './arithmetic.ts'
import { ASSUMED, PRICES, PRICES_OF, type Price, REGION } from './prices.ts'

export interface CostedRoute {
  readonly name: string
  readonly usage: Usage
}

const RATES = [1, 100, 10_000] as const

export const costSections = (routes: readonly CostedRoute[]): Readonly<Record<string, string>> => ({
  prices: pricesMarkdown(),
  usage: usageMarkdown(routes),
  routes: routesMarkdown(routes),
  validation: validationMarkdown(routes),
})

const two = (value: number): string => value.toFixed(2)

const pricesMarkdown = (): string =>
  `Prices of ${REGION}, ${PRICES_OF}:\n\n${markdownTable(Object.entries<Price>(PRICES), [
    ['', ([name]) => name],
    ['dollars', ([, { dollars }]) => String(dollars)],
    ['per', ([, { per }]) => per],
    ['listed in', ([, { source }]) => source],
    ['', ([, { isAssumed }]) => (isAssumed ? 'assumed' : '')],
  ])}\n\nAssumed, since no emulator shows it:\n\n${markdownTable(Object.entries(ASSUMED), [
    ['', ([name]) => name],
    ['', ([, value]) => String(value)],
  ])}`

const usageMarkdown = (routes: readonly CostedRoute[]): string => `${loadSentence()}\n\n${usageTable(routes)}`

const usageTable = (routes: readonly CostedRoute[]): string =>
  markdownTable(routes, [
    ['one request of a warm sandbox', ({ name }) => name],
    ['CPU ms', ({ usage }) => two(usage.cpuMs)],
    ['calls of tables', ({ usage }) => usage.tableCalls.toFixed(1)],
    ['of vendors', ({ usage }) => usage.vendorCalls.toFixed(1)],
    ['billed ms', ({ usage }) => String(billedMs(usage))],
    ['MB', ({ usage }) => String(usage.memoryMegabytes)],
    ['read units', ({ usage }) => units(usage)],
    ['write units', ({ usage }) => usage.writeUnits.toFixed(1)],
    ['bytes of log', ({ usage }) => usage.logBytes.toFixed(0)],
    ['secrets', ({ usage }) => String(usage.secrets)],
  ])

const units = ({ readUnits, readUnitsShared }: Usage): string =>
  readUnits.toFixed(1) === readUnitsShared.toFixed(1)
    ? readUnits.toFixed(1)
    : `${readUnitsShared.toFixed(1)} to ${readUnits.toFixed(1)}`

/** Dollars per million at each rate, what the larger parts are, and what the rate costs in a month. */
const routesMarkdown = (routes: readonly CostedRoute[]): string =>
  markdownTable(routes, [
    ['dollars per million', ({ name }) => name],
    ...RATES.map(
      (rate) =>
        [
          `at ${rate.toLocaleString('en')}/s`,
          ({ usage }: CostedRoute) => two(sumOf(dollarsPerMillion(usage, rate))),
        ] as const,
    ),
    ...PARTS.map(
      ([heading, part]) =>
        [
          `${heading} at 100/s`,
          ({ usage }: CostedRoute) => two(dollarsPerMillion(usage, 100)[part]),
        ] as const,
    ),
    [
      'a month of 100/s',
      ({ usage }) => dollarsPerMonth(sumOf(dollarsPerMillion(usage, 100)), 100).toFixed(0),
    ],
  ])

const PARTS: readonly (readonly [string, keyof Dollars])[] = [
  ['API', 'api'],
  ['Lambda', 'lambda'],
  ['reads', 'reads'],
  ['writes', 'writes'],
  ['logs', 'logs'],
  ['secrets', 'secrets'],
]

/** The first estimate of the project, made before anything was counted. */
const ESTIMATE: Partial<Dollars> = { api: 1.1, reads: 0.57, logs: 0.43, lambda: 0.27 }

const validationMarkdown = (routes: readonly CostedRoute[]): string => {
  const usage = routes.find(({ name }) => name === 'validateEnterpriseToken')?.usage
  if (usage === undefined) return ''
  const rows = [
    ...PARTS.map(([name, part]) => ({
      name,
      estimate: ESTIMATE[part] ?? 0,
      at: RATES.map((rate) => dollarsPerMillion(usage, rate)[part]),
    })),
    { name: 'together', estimate: 2.4, at: RATES.map((rate) => sumOf(dollarsPerMillion(usage, rate))) },
  ]
  return markdownTable(rows, [
    ['dollars per million validations', ({ name }) => name],
    ['first estimate', ({ estimate }) => two(estimate)],
    ...RATES.map(
      (rate, index) =>
        [
          `at ${rate.toLocaleString('en')}/s`,
          ({ at }: (typeof rows)[number]) => two(at[index] ?? Number.NaN),
        ] as const,
    ),
  ])
}
