/** What must hold, each as one figure of one run. */

import type { ColdRow } from './cold/report.ts'
import { CACHED_TOKEN, ISSUE, ONE_READ, WITHIN_MEMORY } from './warm/cases.ts'
import type { WarmRow } from './warm/report.ts'

export interface Goal {
  readonly says: string
  readonly figure: number
  readonly most?: number
  readonly least?: number
}

/** What the goals are looked up in: rows of Lambda's share at 512 MB, and of warm requests. */
export interface Figures {
  readonly tls: readonly ColdRow[]
  readonly http: readonly ColdRow[]
  readonly warm: readonly WarmRow[]
  readonly validateKilobytes: number
}

/** Measured behind TLS and over http: what a start may take of the usual stack. */
const OF_USUAL: readonly (readonly [name: string, tls: number, http?: number])[] = [
  ['validateEnterpriseToken', 0.5, 0.75],
  ['issueEnterpriseToken', 0.6, 0.75],
  ['applyToken', 0.62, 0.85],
  ['appCubeToken', 0.62],
  ['liveMessageToken', 0.62],
  ['chatRelay', 0.62],
]

export const goalsOf = ({ tls, http, warm, validateKilobytes }: Figures): readonly Goal[] => {
  const cold = (rows: readonly ColdRow[], name: string) => rows.find(({ variant }) => variant === name)
  const warmOf = (name: string) => warm.find((row) => row.name === name)
  return [
    ...OF_USUAL.map(([name, most]) => ({
      says: `${name}, first answer behind TLS, of the usual stack's`,
      figure: cold(tls, name)?.overUsual ?? Number.NaN,
      most,
    })),
    ...OF_USUAL.flatMap(([name, , most]) =>
      most === undefined
        ? []
        : {
            says: `${name}, first answer over http, of the usual stack's`,
            figure: cold(http, name)?.overUsual ?? Number.NaN,
            most,
          },
    ),
    {
      says: 'validateEnterpriseToken, first answer behind TLS, of both SDK clients alone',
      figure: cold(tls, 'validateEnterpriseToken')?.overFloor ?? Number.NaN,
      most: 1.2,
    },
    {
      says: 'the largest function, MB above the empty handler at its first answer',
      figure: Math.max(...OF_USUAL.map(([name]) => cold(tls, name)?.megabytesMore ?? Number.NaN)),
      most: 35,
    },
    {
      says: `${WITHIN_MEMORY}: requests a second, of bare verify and parse`,
      figure: warmOf(WITHIN_MEMORY)?.ofBare ?? Number.NaN,
      least: 0.7,
    },
    {
      says: `${WITHIN_MEMORY}: p99 ÷ p50`,
      figure: warmOf(WITHIN_MEMORY)?.p99OverP50 ?? Number.NaN,
      most: 3,
    },
    { says: `${ONE_READ}: CPU ms`, figure: warmOf(ONE_READ)?.cpuMs ?? Number.NaN, most: 0.6 },
    { says: `${ISSUE}: CPU ms`, figure: warmOf(ISSUE)?.cpuMs ?? Number.NaN, most: 1 },
    {
      says: `${CACHED_TOKEN}: a second and core`,
      figure: warmOf(CACHED_TOKEN)?.perCore ?? Number.NaN,
      least: 5_000,
    },
    { says: 'validateEnterpriseToken, KB of its bundle', figure: validateKilobytes, most: 300 },
  ]
}

/** What was not measured is not reached. */
export const isReached = ({ figure, most, least }: Goal): boolean =>
  (most === undefined || figure <= most) && (least === undefined || figure >= least)
