/** What a whole run says, as the sections and charts of docs/performance.md. */

import { arch, availableParallelism, cpus } from 'node:os'
import { bundleChart, type SweepPoint, startsChart, sweepChart } from './charts.ts'
import { coldMarkdown, titleOf } from './cold/report.ts'
import { EMPTY } from './cold/variants.ts'
import { type Goal, goalsOf, isReached } from './goals.ts'
import { loadSentence } from './load.ts'
import { svgOf } from './render.ts'
import { HTTP_LAMBDA, type Results, TLS_LAMBDA } from './run.ts'
import { markdownTable } from './table.ts'
import { warmMarkdown } from './warm/report.ts'

const rowsOf = ({ cold }: Results, setting: (typeof cold)[number]['setting']) =>
  cold.find((one) => one.setting === setting)?.rows ?? []

export const sections = (results: Results, rounds: number, now: Date): Readonly<Record<string, string>> => ({
  run:
    `Measured on ${now.toISOString().slice(0, 10)} with Node ${process.versions.node} on ${availableParallelism()} processors ` +
    `(${cpus()[0]?.model ?? arch()}), ${rounds} rounds. ${loadSentence()} ` +
    `Columns from "here" on are times of this one machine, and mean nothing elsewhere.`,
  goals: goalsMarkdown(goals(results)),
  cold: coldSections(results, ({ memoryMegabytes }) => memoryMegabytes === TLS_LAMBDA.memoryMegabytes),
  sweep: markdownTable(sweepRows(results), [
    ['first answer, × the same with 512 MB', ({ variant }) => variant],
    ...memories(results).map(
      (memory) => [`${memory} MB`, ({ at }: SweepRow) => (at.get(memory) ?? Number.NaN).toFixed(2)] as const,
    ),
  ]),
  warm: warmMarkdown(results.warm),
  packages: markdownTable(results.bundles, [
    ['', ({ name }) => name],
    ['KB', ({ bytes }) => (bytes / 1_000).toFixed(0)],
    [
      'of it',
      ({ parts }) => parts.map(({ name, bytes }) => `${name} ${(bytes / 1_000).toFixed(0)}`).join(', '),
    ],
  ]),
})

/** By file name. */
export const charts = async (results: Results): Promise<Readonly<Record<string, string>>> => ({
  'starts.svg': await svgOf(startsChart(rowsOf(results, TLS_LAMBDA))),
  'memory-sizes.svg': await svgOf(sweepChart(sweepPoints(results))),
  'packages.svg': await svgOf(bundleChart(results.bundles)),
})

export const goals = (results: Results): readonly Goal[] =>
  goalsOf({
    tls: rowsOf(results, TLS_LAMBDA),
    http: rowsOf(results, HTTP_LAMBDA),
    warm: results.warm,
    validateKilobytes:
      (results.bundles.find(({ name }) => name === 'validateEnterpriseToken')?.bytes ?? Number.NaN) / 1_000,
  })

const goalsMarkdown = (all: readonly Goal[]): string =>
  markdownTable(all, [
    ['', ({ says }) => says],
    ['figure', ({ figure }) => figure.toFixed(2)],
    ['goal', ({ most, least }) => (most === undefined ? `≥ ${least}` : `≤ ${most}`)],
    ['reached', (goal) => (isReached(goal) ? 'yes' : 'no')],
  ])

const coldSections = (
  { cold }: Results,
  isShown: (setting: Results['cold'][number]['setting']) => boolean,
): string =>
  cold
    .filter(({ setting }) => isShown(setting))
    .map(({ setting, rows }) => `### ${capital(titleOf(setting))}\n\n${coldMarkdown(rows)}`)
    .join('\n\n')

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

interface SweepRow {
  readonly variant: string
  readonly at: ReadonlyMap<number, number>
}

const swept = ({ cold }: Results) =>
  cold.filter(({ setting: { network, share } }) => network === 'tls' && share === 'lambda')

const memories = (results: Results): readonly number[] =>
  swept(results).map(({ setting }) => setting.memoryMegabytes)

const sweepPoints = (results: Results): readonly SweepPoint[] => {
  const least = new Map(rowsOf(results, TLS_LAMBDA).map(({ variant, totalMs }) => [variant, totalMs]))
  return swept(results).flatMap(({ setting, rows }) =>
    rows
      .filter(({ variant }) => variant !== EMPTY && !variant.endsWith('unprimed'))
      .map(({ variant, totalMs }) => ({
        variant,
        memoryMegabytes: setting.memoryMegabytes,
        ofLeast: totalMs / (least.get(variant) ?? Number.NaN),
      })),
  )
}

const sweepRows = (results: Results): readonly SweepRow[] => {
  const points = Map.groupBy(sweepPoints(results), ({ variant }) => variant)
  return [...points].map(([variant, own]) => ({
    variant,
    at: new Map(own.map(({ memoryMegabytes, ofLeast }) => [memoryMegabytes, ofLeast])),
  }))
}
