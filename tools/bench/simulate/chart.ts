/** The chart of fetches by number of sandboxes, as an SVG that needs nothing else. */

import type { FleetFigures } from './sharing.ts'

const SIZE = { width: 760, height: 500 }
const PLOT = { left: 84, right: 560, top: 84, bottom: 350 }
/** Powers of ten at both ends of the axes. */
const ACROSS = { from: 0, to: 3 }
const UP = { from: -3, to: 2 }

const STYLE = `
    .panel { fill: #ffffff; stroke: #d0d7de }
    text { fill: #1f2328; font: 13px system-ui, sans-serif }
    .title { font-size: 17px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12px }
    .grid { stroke: #d8dee4 }
    .with { stroke: #0b62c4; fill: #0b62c4 }
    .without { stroke: #b3470a; fill: #b3470a }
    .line { fill: none; stroke-width: 2.5 }
    text.with, text.without { stroke: #ffffff; stroke-width: 4; paint-order: stroke; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .panel { fill: #0d1117; stroke: #3d444d }
      text { fill: #f0f6fc }
      .quiet { fill: #9198a1 }
      .grid { stroke: #2a313c }
      .with { stroke: #6cb2ff; fill: #6cb2ff }
      .without { stroke: #ff9f5a; fill: #ff9f5a }
      .line { fill: none }
      text.with, text.without { stroke: #0d1117 }
    }`

const ASSUMPTIONS = [
  'Simulated with the real code on a virtual clock, mean of four hours after a first hour that is left out.',
  'One tenant’s AccessToken of 3,600 s. Each sandbox gets a request a minute and is replaced after 30 to 60 minutes,',
  'at a time of its own. Without the store, a sandbox keeps its token in its own memory only, and a new one begins',
  'with none. The schedule that renews tokens ahead of the requests is not at work: the store alone does this.',
]

/** Both lines of the chart, each point with its figure. Both axes are logarithmic. */
export const fetchesChart = (fleets: readonly FleetFigures[]): string => {
  const shared = fleets.filter(({ hasStore }) => hasStore)
  const alone = fleets.filter(({ hasStore }) => !hasStore)
  const saying = (line: readonly FleetFigures[]): string =>
    line
      .map(
        ({ sandboxes, fetchesPerMinute }) =>
          `${label(fetchesPerMinute)} with ${grouped(sandboxes)} ${sandboxes === 1 ? 'sandbox' : 'sandboxes'}`,
      )
      .join(', ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="title desc">
  <title id="title">Upstream fetches of one tenant’s token, per minute</title>
  <desc id="desc">Without the shared store: ${saying(alone)}. With it: ${saying(shared)}.</desc>
  <style>${STYLE}
  </style>
  <rect class="panel" x="0.5" y="0.5" width="${SIZE.width - 1}" height="${SIZE.height - 1}" rx="6"/>
  <text class="title" x="24" y="34">Upstream fetches of one tenant’s token</text>
  <text class="quiet" x="24" y="56">fetches per minute, by number of sandboxes (both scales logarithmic)</text>
${gridOf(fleets.map(({ sandboxes }) => sandboxes))}
${lineOf(alone, { name: 'without', above: -12, words: ['without the store:', 'each sandbox for itself'] })}
${lineOf(shared, { name: 'with', above: 22, words: ['with the shared store:', 'as if there were one'] })}
${ASSUMPTIONS.map((text, index) => `  <text class="quiet" x="24" y="${424 + index * 18}">${text}</text>`).join('\n')}
</svg>
`
}

const x = (sandboxes: number): number =>
  between([PLOT.left + 26, PLOT.right - 26], Math.log10(sandboxes), ACROSS)
const y = (perMinute: number): number => between([PLOT.bottom, PLOT.top], Math.log10(perMinute), UP)

const between = (
  [start, end]: readonly [number, number],
  power: number,
  range: { from: number; to: number },
): number => Math.round((start + ((end - start) * (power - range.from)) / (range.to - range.from)) * 10) / 10

const gridOf = (sandboxes: readonly number[]): string => {
  const powers = Array.from({ length: UP.to - UP.from + 1 }, (_, index) => 10 ** (UP.from + index))
  return [
    ...powers.flatMap((value) => [
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(value)}" y2="${y(value)}"/>`,
      `<text x="${PLOT.left - 10}" y="${y(value) + 4}" text-anchor="end">${label(value)}</text>`,
    ]),
    ...[...new Set(sandboxes)].map(
      (value) =>
        `<text x="${x(value)}" y="${PLOT.bottom + 22}" text-anchor="middle">${grouped(value)}</text>`,
    ),
    `<text class="quiet" x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 42}" text-anchor="middle">sandboxes</text>`,
    `<text class="quiet" transform="translate(26 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">fetches per minute</text>`,
  ]
    .map((element) => `  ${element}`)
    .join('\n')
}

interface Line {
  readonly name: 'with' | 'without'
  /** Where figures stand from their points. */
  readonly above: number
  readonly words: readonly string[]
}

/** A line whose points differ in shape too, not in colour alone. */
const lineOf = (fleets: readonly FleetFigures[], { name, above, words }: Line): string => {
  const places = fleets.map(({ sandboxes, fetchesPerMinute }) => ({
    at: { x: x(sandboxes), y: y(fetchesPerMinute) },
    text: label(fetchesPerMinute),
  }))
  const end = places.at(-1)?.at ?? { x: PLOT.right, y: PLOT.bottom }
  return [
    `<polyline class="${name} line" points="${places.map(({ at }) => `${at.x},${at.y}`).join(' ')}"/>`,
    ...places.flatMap(({ at, text }) => [
      name === 'with'
        ? `<circle class="${name}" cx="${at.x}" cy="${at.y}" r="5"/>`
        : `<rect class="${name}" x="${at.x - 5}" y="${at.y - 5}" width="10" height="10"/>`,
      `<text class="${name}" x="${at.x}" y="${at.y + above}" text-anchor="middle">${text}</text>`,
    ]),
    ...words.map(
      (text, index) => `<text class="${name}" x="${end.x + 34}" y="${end.y + 2 + index * 17}">${text}</text>`,
    ),
  ]
    .map((element) => `  ${element}`)
    .join('\n')
}

const grouped = (value: number): string => value.toLocaleString('en-US')
const label = (value: number): string => String(Number(value.toPrecision(2)))
