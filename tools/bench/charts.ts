/** The charts, as specifications of Vega-Lite: what they show is ratios, and bytes. */

import type { Part } from './bundle.ts'
import type { ColdRow } from './cold/report.ts'

export type ChartSpec = Readonly<Record<string, unknown>>

const chart = (title: string, values: readonly object[], rest: ChartSpec): ChartSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  // Without a canvas the width of a text is guessed, and names would be cut off.
  config: { axis: { labelLimit: 400 } },
  title: { text: title, anchor: 'start' },
  width: 460,
  data: { values },
  ...rest,
})

/** The first answer of each, over that of the usual stack. */
export const startsChart = (rows: readonly ColdRow[]): ChartSpec => {
  const y = { field: 'variant', type: 'nominal', sort: null, title: null }
  return chart(
    'First answer, as a part of the usual stack’s',
    rows.map(({ variant, overUsual }) => ({ variant, overUsual, label: overUsual.toFixed(2) })),
    {
      layer: [
        {
          mark: { type: 'bar', color: '#0b62c4' },
          encoding: { y, x: { field: 'overUsual', type: 'quantitative', title: '× usual stack' } },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4 },
          encoding: { y, x: { field: 'overUsual', type: 'quantitative' }, text: { field: 'label' } },
        },
      ],
    },
  )
}

export interface SweepPoint {
  readonly variant: string
  readonly memoryMegabytes: number
  /** Of the same function's at the least memory. */
  readonly ofLeast: number
}

/** The first answer of each by its memory. */
export const sweepChart = (points: readonly SweepPoint[]): ChartSpec =>
  chart('First answer by memory, as a part of the same function’s with 512 MB', points, {
    height: 240,
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'memoryMegabytes', type: 'ordinal', title: 'MB', axis: { labelAngle: 0 } },
      y: { field: 'ofLeast', type: 'quantitative', title: '× 512 MB' },
      color: { field: 'variant', type: 'nominal', title: null },
    },
  })

export const bundleChart = (bundles: readonly { name: string; parts: readonly Part[] }[]): ChartSpec =>
  chart(
    'What fills a package (KB)',
    bundles.flatMap(({ name, parts }) =>
      parts.map((part) => ({ name, part: part.name, kilobytes: part.bytes / 1_000 })),
    ),
    {
      mark: 'bar',
      encoding: {
        y: { field: 'name', type: 'nominal', sort: null, title: null },
        x: { field: 'kilobytes', type: 'quantitative', title: 'KB', stack: true },
        color: { field: 'part', type: 'nominal', title: null, scale: { scheme: 'tableau20' } },
      },
    },
  )
