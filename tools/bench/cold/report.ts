/** The table of cold starts: medians, and each as a ratio to what it is held against in the same run. */

import type { Measured, Setting } from './measure.ts'
import type { ColdFigures } from './sandbox.ts'
import { EMPTY, FLOOR, USUAL, VARIANTS } from './variants.ts'

export interface ColdRow {
  readonly variant: string
  readonly initMs: number
  readonly requestMs: number
  readonly requestCpuMs: number
  /** From the start of the process to the first answer. */
  readonly totalMs: number
  readonly overEmpty: number
  readonly overFloor: number
  readonly overUsual: number
  /** Above the empty handler. */
  readonly megabytesMore: number
}

export const titleOf = ({ network, share, memoryMegabytes }: Setting): string =>
  `${share === 'lambda' ? `Lambda's share at ${memoryMegabytes} MB` : 'a whole processor'}, ` +
  (network === 'tls' ? 'AWS behind TLS' : 'AWS over http')

/** One circumstance's rows, in the order of the variants. */
export const coldRows = (measured: readonly Measured[], setting: Setting): ColdRow[] => {
  const runsOf = (name: string) =>
    measured.find((one) => one.setting === setting && one.variant === name)?.runs ?? []
  const totalOf = (name: string) => medianOf(runsOf(name), (run) => run.initMs + run.requestMs)
  const peakOf = (name: string) => medianOf(runsOf(name), (run) => run.peakMegabytes)
  return VARIANTS.map(({ name }) => ({
    variant: name,
    initMs: medianOf(runsOf(name), (run) => run.initMs),
    requestMs: medianOf(runsOf(name), (run) => run.requestMs),
    requestCpuMs: medianOf(runsOf(name), (run) => run.requestCpuMs),
    totalMs: totalOf(name),
    overEmpty: totalOf(name) / totalOf(EMPTY),
    overFloor: totalOf(name) / totalOf(FLOOR),
    overUsual: totalOf(name) / totalOf(USUAL),
    megabytesMore: peakOf(name) - peakOf(EMPTY),
  }))
}

export const markdownOf = (rows: readonly ColdRow[]): string =>
  [
    '| | INIT ms | first request ms | of it CPU | together | × empty | × both clients | × usual | MB above empty |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map(
      (row) =>
        `| ${row.variant} | ${[row.initMs, row.requestMs, row.requestCpuMs, row.totalMs].map((ms) => ms.toFixed(0)).join(' | ')} ` +
        `| ${[row.overEmpty, row.overFloor, row.overUsual].map((ratio) => ratio.toFixed(2)).join(' | ')} ` +
        `| ${row.megabytesMore.toFixed(1)} |`,
    ),
  ].join('\n')

const medianOf = (runs: readonly ColdFigures[], figure: (run: ColdFigures) => number): number => {
  const sorted = runs.map(figure).sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [lower = Number.NaN, upper = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2
}
