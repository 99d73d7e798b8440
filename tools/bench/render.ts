/** Draws a chart as SVG, without a browser and without a canvas. */

import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import type { ChartSpec } from './charts.ts'

export const svgOf = async (spec: ChartSpec): Promise<string> =>
  `${await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()}\n`
