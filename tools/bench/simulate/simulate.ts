/** `npm run simulate`: the shared token store at scale, on a virtual clock. Fails when a figure misses its bound. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { fetchesChart } from './chart.ts'
import { type Job, runJobs } from './job.ts'
import { fleetRows, printed, type Row, scenarioRows } from './report.ts'
import type { Scenario } from './scenario.ts'
import { SYSTEMS } from './tenants.ts'

const CHART = 'docs/fetches-per-minute.svg'

interface Size {
  readonly scenarios: readonly Scenario[]
  /** Numbers of sandboxes, for the chart. */
  readonly fleets: readonly number[]
}

const FULL: Size = {
  scenarios: [
    { tenants: 1_000, hours: 24, sandboxes: 20, requestsPerSecond: 2 },
    { tenants: 10_000, hours: 2 },
  ],
  fleets: [1, 10, 100, 1_000],
}
/** For a look while working: leaves the chart as it is. */
const QUICK: Size = {
  scenarios: [
    { tenants: 200, hours: 4, sandboxes: 20, requestsPerSecond: 2 },
    { tenants: 1_000, hours: 2 },
  ],
  fleets: [1, 10, 100],
}

const startedAt = performance.now()
const progress = (text: string): void =>
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)

const titleOf = ({ tenants, hours, requestsPerSecond, sandboxes }: Scenario): string => {
  const requests = `, ${requestsPerSecond} requests per second in ${sandboxes} sandboxes`
  const size = `${tenants.toLocaleString('en-US')} tenants x ${SYSTEMS.length} tokens, ${hours} h`
  return requestsPerSecond === undefined ? size : `${size}${requests}`
}

const run = async ({ scenarios, fleets }: Size, isChartWritten: boolean): Promise<boolean> => {
  const jobs: Job[] = [
    ...scenarios.map((scenario) => ({ kind: 'scenario', scenario }) as const),
    ...fleets.flatMap((sandboxes) =>
      [false, true].map((hasStore) => ({ kind: 'fleet', fleet: { sandboxes, hasStore } }) as const),
    ),
  ]
  const results = await runJobs(jobs, progress)
  const measured = results.flatMap((result) => (result.kind === 'fleet' ? [result.figures] : []))
  const tables: (readonly [title: string, rows: readonly Row[]])[] = [
    ...results.flatMap((result) =>
      result.kind === 'scenario' ? [[titleOf(result.scenario), scenarioRows(result.figures)] as const] : [],
    ),
    ["one tenant's token, 4 h without the schedule: fetches by all sandboxes together", fleetRows(measured)],
  ]
  for (const [title, rows] of tables) console.log(`\n${printed(title, rows)}`)
  if (isChartWritten) {
    mkdirSync('docs', { recursive: true })
    writeFileSync(CHART, fetchesChart(measured))
    console.log(`wrote ${CHART}`)
  }
  return tables.every(([, rows]) => rows.every(({ isMet }) => isMet))
}

const isQuick = process.argv.includes('--quick')
const isMet = await run(isQuick ? QUICK : FULL, !isQuick)
progress(isMet ? 'every figure keeps to its bound' : 'a figure misses its bound')
process.exitCode = isMet ? 0 : 1
