/** What a stage's dashboard shows, a row each, as far as it goes from the tables of routes, functions and metrics. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import { METRICS, OUTCOMES } from '../../lib/metrics.ts'
import * as routes from '../../lib/routes.ts'
import { ISSUING, VALIDATING } from './alarm-table.ts'

/** Where figures come from. `stage`: of all functions together. */
export type Source = 'lambda' | 'stage' | 'api' | 'table' | 'log'

export interface Figures {
  readonly title: string
  readonly source: Source
  readonly metrics: readonly string[]
  readonly stats: readonly string[]
  /** Functions, tables or log groups, by their ids; each has a line of its own. */
  readonly of?: readonly string[]
  /** It shows so many days, whatever time the dashboard shows, by the day. */
  readonly days?: number
}

/** Every value that a metric of ours has by these dimensions, whatever functions and codes there are. */
export interface Found {
  readonly title: string
  readonly search: string
  readonly dimensions: readonly string[]
}

/** The outcome of a query over functions' logs, made anew each time that somebody looks. */
export interface Asked {
  readonly title: string
  readonly query: readonly string[]
  readonly functions: readonly string[]
}

export type Panel = Figures | Found | Asked

const ROUTES: readonly RouteDescriptor[] = Object.values(routes)
const TO_VENDORS = ROUTES.filter(({ tenantSecrets }) => tenantSecrets !== undefined).map(({ name }) => name)
const OTHERS = ROUTES.map(({ name }) => name).filter(
  (name) => ![...VALIDATING, ...ISSUING, ...TO_VENDORS].includes(name),
)
const REFRESHING = ['prewarmTokens', ...TO_VENDORS]

const namesOf = (isWanted: (code: string) => boolean): readonly string[] =>
  METRICS.filter(({ code }) => isWanted(code)).map(({ name }) => name)
const OF_RUNS = ['PREWARM_DONE', 'PROBE_DONE']

const invocations = (title: string, of: readonly string[]): Figures => ({
  ...{ title, source: 'lambda', metrics: ['Invocations'], stats: ['Sum'], of },
})

/** `functions`: all that the stage has. */
export const panelsOf = (functions: readonly string[]): readonly Panel[] => [
  // Traffic
  { title: 'API: requests and refusals', source: 'api', metrics: ['Count', '4xx', '5xx'], stats: ['Sum'] },
  { title: 'API: time to an answer, ms', source: 'api', metrics: ['Latency'], stats: ['p50', 'p99'] },
  invocations("CEC's questions", VALIDATING),
  invocations('Tokens issued', ISSUING),
  invocations("Vendors' tokens and chats", TO_VENDORS),
  invocations('Users, revocations, keys', OTHERS),

  // Outcomes
  ...Object.entries(OUTCOMES).map(([search, dimensions]) => ({ title: search, search, dimensions })),
  {
    title: "CEC's questions: ms",
    source: 'lambda',
    metrics: ['Duration'],
    stats: ['p50', 'p99'],
    of: VALIDATING,
  },
  {
    title: 'No answer of ours: errors and throttles',
    ...{
      source: 'lambda',
      metrics: ['Errors', 'Throttles'],
      stats: ['Sum'],
      of: [...VALIDATING, ...ISSUING],
    },
  },

  // Vendors and tokens' lives
  {
    title: 'Machine tokens: the schedule',
    ...{ source: 'stage', metrics: namesOf((code) => code === 'PREWARM_DONE'), stats: ['Maximum'] },
  },
  {
    title: 'Tokens, secrets and callers: events',
    ...{ source: 'stage', metrics: namesOf((code) => !OF_RUNS.includes(code)), stats: ['Sum'] },
  },
  {
    title: 'Machine tokens: when each was fetched last',
    query: [
      'filter code = "MACHINE_TOKEN_FETCHED"',
      '| stats max(@timestamp) as fetched, count(*) as times by system, tenantSpaceId',
      '| sort fetched | limit 50',
    ],
    functions: REFRESHING,
  },
  {
    title: 'Prober',
    ...{ source: 'stage', metrics: namesOf((code) => code === 'PROBE_DONE'), stats: ['Maximum'] },
  },

  // Keys' ages
  {
    // A query of the log would look no further back than the dashboard does.
    title: 'Signing keys: steps of rotations, 35 days',
    ...{ source: 'lambda', metrics: ['Invocations', 'Errors'], stats: ['Sum'] },
    ...{ of: ['rotateSigningKey'], days: 35 },
  },
  {
    title: 'Callers that ask with a key that has ended',
    query: [
      'filter code = "CALLER_EXPIRED"',
      '| stats max(@timestamp) as last, count(*) as requests by callerId, function',
      '| sort last desc | limit 20',
    ],
    functions: ROUTES.map(({ name }) => name),
  },

  // What is paid for
  { title: 'Paid: ms of Lambda', source: 'lambda', metrics: ['Duration'], stats: ['Sum'], of: functions },
  {
    title: 'Paid: units of the tables',
    source: 'table',
    metrics: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
    stats: ['Sum'],
    of: ['DirectoryTable', 'CallersTable', 'TokensTable'],
  },
  { title: 'Paid: bytes of logs', source: 'log', metrics: ['IncomingBytes'], stats: ['Sum'], of: functions },
]
