/** The table of cold starts: medians, and each as a ratio to what it is held against in the same run. */

import { median } from '../quantile.ts'
import { markdownTable } from '../table.ts'
import type { Measured, Setting } from './measure.ts'
import type { ColdFigures } from './sandbox.ts'
import { EMPTY, FLOOR, USUAL } from './variants.ts'

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
  /** Of another release's: over what this one takes is `overBefore` of this one's row. NaN where there is no other. */
  readonly overBefore: number
  /** Above the empty handler. */
  readonly megabytesMore: number
}

export const titleOf = ({ network, share, memoryMegabytes }: Setting): string =>
  `${share === 'lambda' ? `Lambda's share at ${memoryMegabytes} MB` : 'a whole processor'}, ` +
  (network === 'tls' ? 'AWS behind TLS' : 'AWS over http')

/** One circumstance's rows, in the order of the variants. */
export const coldRows = (measured: readonly Measured[], setting: Setting): ColdRow[] => {
  const own = measured.filter((one) => one.setting === setting)
  const figureOf = (name: string | undefined, figure: (run: ColdFigures) => number): number =>
    median(own.find(({ variant }) => variant.name === name)?.runs.map(figure) ?? [])
  const totalOf = (name: string | undefined) => figureOf(name, (run) => run.initMs + run.requestMs)
  const peakOf = (name: string) => figureOf(name, (run) => run.peakMegabytes)
  return own.map(({ variant: { name } }) => ({
    variant: name,
    initMs: figureOf(name, (run) => run.initMs),
    requestMs: figureOf(name, (run) => run.requestMs),
    requestCpuMs: figureOf(name, (run) => run.requestCpuMs),
    totalMs: totalOf(name),
    overEmpty: totalOf(name) / totalOf(EMPTY),
    overFloor: totalOf(name) / totalOf(FLOOR),
    overUsual: totalOf(name) / totalOf(USUAL),
    overBefore: totalOf(name) / totalOf(own.find(({ variant }) => variant.before === name)?.variant.name),
    megabytesMore: peakOf(name) - peakOf(EMPTY),
  }))
}

/** Ratios first. The bare times are those of the machine that has measured. */
export const coldMarkdown = (rows: readonly ColdRow[]): string =>
  markdownTable(rows, [
    ['', ({ variant }) => variant],
    ['× usual', ({ overUsual }) => overUsual.toFixed(2)],
    ['× both clients', ({ overFloor }) => overFloor.toFixed(2)],
    ['× empty', ({ overEmpty }) => overEmpty.toFixed(2)],
    ...(rows.some(({ overBefore }) => !Number.isNaN(overBefore))
      ? [['× before', ({ overBefore }: ColdRow) => overBefore.toFixed(2)] as const]
      : []),
    ['MB above empty', ({ megabytesMore }) => megabytesMore.toFixed(1)],
    ['here: INIT ms', ({ initMs }) => initMs.toFixed(0)],
    ['first request ms', ({ requestMs }) => requestMs.toFixed(0)],
    ['of it CPU', ({ requestCpuMs }) => requestCpuMs.toFixed(0)],
  ])
