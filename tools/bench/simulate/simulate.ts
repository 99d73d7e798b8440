/** `npm run simulate`: the shared token store, validations and chats at scale, on a virtual clock and with AWS's limits. Fails when a figure misses its bound. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { fetchesChart } from './chart.ts'
import type { Chats } from './chats.ts'
import { type Job, type Result, runJobs } from './job.ts'
import { chatRows, chatsTitle, validationRows, validationsTitle } from './limits-report.ts'
import { fleetRows, printed, type Row, scenarioRows } from './report.ts'
import type { Scenario } from './scenario.ts'
import { SYSTEMS } from './tenants.ts'
import type { Validations } from './validations.ts'

const CHART = 'docs/fetches-per-minute.svg'

interface Size {
  readonly scenarios: readonly Scenario[]
  readonly validations: Validations
  readonly chats: readonly Chats[]
  /** Numbers of sandboxes, for the chart. */
  readonly fleets: readonly number[]
}

/** Of prewarmTokens, as serverless/functions.yml has it, and of vendors and lists that are slow. */
const LIMITS = { memoryMb: 1_769, vendorMs: [300, 1_000], pageMs: [60, 100] } as const

const USUAL = { usualSeconds: 5, longestSeconds: 25 }

/** An account of 1,000 executions as tools/package/capacity.ts shares it out, with routes that let all through. */
const chatsOf = (chats: number, vendorMs: number): Chats => ({
  chats,
  everySeconds: 5,
  vendorMs,
  validationsPerSecond: chats / 20,
  seconds: 30,
  policy: { ...USUAL, executions: 684 },
  routes: { poll: { perSecond: 2_500, burst: 5_000 }, validate: { perSecond: 1_000, burst: 2_000 } },
  reserved: { validate: 100, others: 140 },
})

/** CEC holds each poll: twice to three times as many executions as polls may have. What counts is how it goes on. */
const heldOf = (chats: number): Chats => ({
  ...chatsOf(chats, 5_000),
  isHeld: true,
  sendEverySeconds: 60,
  seconds: 180,
  countedFromSeconds: 60,
})
/** Of fewer than 500 executions nothing is reserved. */
const SMALL = { ...heldOf(1_000), executions: 400, reserved: {} }
const HELD: readonly Chats[] = [
  { ...heldOf(2_000), policy: USUAL },
  heldOf(2_000),
  { ...heldOf(2_000), policy: { ...USUAL, executions: 684, shortestSeconds: 0.3 } },
  { ...SMALL, policy: USUAL },
  { ...SMALL, policy: { ...USUAL, executions: 360 } },
]

const FULL: Size = {
  validations: { perSecond: 9_000, seconds: 5, tenants: 1_000 },
  chats: [...[300, 1_000].map((vendorMs) => chatsOf(10_000, vendorMs)), ...HELD],
  scenarios: [
    { tenants: 1_000, hours: 24, sandboxes: 20, requestsPerSecond: 2 },
    { tenants: 10_000, hours: 2 },
    { tenants: 10_000, hours: 2, systems: ['cec', 'oiap'], limits: LIMITS },
    { tenants: 33_000, hours: 0.25, warm: 'never', limits: LIMITS },
  ],
  fleets: [1, 10, 100, 1_000],
}
/** For a look while working: leaves the chart as it is. */
const QUICK: Size = {
  validations: { perSecond: 2_000, seconds: 2, tenants: 1_000 },
  chats: [chatsOf(2_000, 300), ...HELD],
  scenarios: [
    { tenants: 200, hours: 4, sandboxes: 20, requestsPerSecond: 2 },
    { tenants: 1_000, hours: 2 },
    { tenants: 1_000, hours: 2, systems: ['cec', 'oiap'], limits: LIMITS },
  ],
  fleets: [1, 10, 100],
}

const startedAt = performance.now()
const progress = (text: string): void =>
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)

const titleOf = (scenario: Scenario): string => {
  const { tenants, hours, requestsPerSecond, sandboxes, systems = SYSTEMS, limits } = scenario
  const requests = `, ${requestsPerSecond} requests per second in ${sandboxes} sandboxes`
  const size = `${tenants.toLocaleString('en-US')} tenants x ${systems.length} tokens, ${hours} h${limits ? ", with AWS's limits" : ''}`
  return requestsPerSecond === undefined ? size : `${size}${requests}`
}

type ReportTable = readonly [title: string, rows: readonly Row[]]

const tableOf = (result: Result): readonly ReportTable[] => {
  if (result.kind === 'validations')
    return [[validationsTitle(result.validations), validationRows(result.figures)]]
  if (result.kind === 'chats') return [[chatsTitle(result.chats), chatRows(result.chats, result.figures)]]
  return result.kind === 'scenario' ? [[titleOf(result.scenario), scenarioRows(result.figures)]] : []
}

const run = async (
  { scenarios, validations, chats, fleets }: Size,
  isChartWritten: boolean,
): Promise<boolean> => {
  const jobs: Job[] = [
    ...scenarios.map((scenario) => ({ kind: 'scenario', scenario }) as const),
    { kind: 'validations', validations },
    ...chats.map((of) => ({ kind: 'chats', chats: of }) as const),
    ...fleets.flatMap((sandboxes) =>
      [false, true].map((hasStore) => ({ kind: 'fleet', fleet: { sandboxes, hasStore } }) as const),
    ),
  ]
  const results = await runJobs(jobs, progress)
  const measured = results.flatMap((result) => (result.kind === 'fleet' ? [result.figures] : []))
  const tables: ReportTable[] = [
    ...results.flatMap(tableOf),
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
