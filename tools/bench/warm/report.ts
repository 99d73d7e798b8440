/** The table of warm requests: medians of the rounds, and each as a ratio to what it is held against in the same run. */

import { median } from '../quantile.ts'
import { markdownTable } from '../table.ts'
import { WARM_EMPTY } from './cases.ts'
import type { LoopFigures } from './loop.ts'
import type { WarmMeasured } from './measure.ts'

export interface WarmRow {
  readonly name: string
  /** Requests that a processor serves in a second, as a part of those of the bare case; NaN where there is none. */
  readonly ofBare: number
  readonly p99OverP50: number
  /** Requests that one processor serves in a second: what other threads do beside counts too. */
  readonly perCore: number
  readonly cpuMs: number
  readonly p50Ms: number
  /** The processor's time as a multiple of the other release's; NaN where there is none. */
  readonly cpuOverBefore: number
  /** Above the empty handler, after some thousands of requests. */
  readonly megabytesMore: number
}

export const warmRows = (measured: readonly WarmMeasured[]): WarmRow[] => {
  const figureOf = (name: string | undefined, figure: (run: LoopFigures) => number): number =>
    median(measured.find(({ of }) => of.name === name)?.runs.map(figure) ?? [])
  const cpuOf = (name: string | undefined) => figureOf(name, ({ cpuMs }) => cpuMs)
  const peakOf = (name: string) => figureOf(name, ({ peakMegabytes }) => peakMegabytes)
  return measured.map(({ of: { name, bare } }) => ({
    name,
    ofBare: cpuOf(bare) / cpuOf(name),
    p99OverP50: figureOf(name, ({ p50Ms, p99Ms }) => p99Ms / p50Ms),
    perCore: 1_000 / cpuOf(name),
    cpuMs: cpuOf(name),
    p50Ms: figureOf(name, ({ p50Ms }) => p50Ms),
    cpuOverBefore: cpuOf(name) / cpuOf(measured.find(({ of }) => of.before === name)?.of.name),
    megabytesMore: peakOf(name) - peakOf(WARM_EMPTY),
  }))
}

/** Ratios first. The bare times are those of the machine that has measured. */
export const warmMarkdown = (rows: readonly WarmRow[]): string =>
  markdownTable(rows, [
    ['', ({ name }) => name],
    ['requests a second, of the bare', ({ ofBare }) => ofBare.toFixed(2)],
    ['p99 ÷ p50', ({ p99OverP50 }) => p99OverP50.toFixed(1)],
    ...(rows.some(({ cpuOverBefore }) => !Number.isNaN(cpuOverBefore))
      ? [['CPU × before', ({ cpuOverBefore }: WarmRow) => cpuOverBefore.toFixed(2)] as const]
      : []),
    ['MB above empty', ({ megabytesMore }) => megabytesMore.toFixed(1)],
    ['here: a second and core', ({ perCore }) => perCore.toFixed(0)],
    ['CPU ms', ({ cpuMs }) => cpuMs.toFixed(3)],
    ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ])
