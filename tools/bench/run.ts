/** One run of the bench: what is measured in which circumstances, and what comes out. */

import { largest, type Part, partsOf } from './bundle.ts'
import { type Measured, measureColdStarts, type Setting } from './cold/measure.ts'
import { type ColdRow, coldRows } from './cold/report.ts'
import { VARIANTS } from './cold/variants.ts'
import type { Release } from './packages.ts'
import { type Releases, subjectsOf } from './subject.ts'
import { WARM_CASES } from './warm/cases.ts'
import { measureWarm } from './warm/measure.ts'
import { type WarmRow, warmRows } from './warm/report.ts'
import type { BenchWorld } from './world.ts'

/** As most functions have it. */
const MEMORY_MEGABYTES = 512

type Circumstance = Setting & { readonly part: string }

const setting = (part: string, network: 'tls' | 'http', share: 'lambda' | 'full'): Circumstance => ({
  part,
  network,
  share,
  memoryMegabytes: MEMORY_MEGABYTES,
})

export const TLS_LAMBDA = setting('tls-lambda', 'tls', 'lambda')
export const HTTP_LAMBDA = setting('http-lambda', 'http', 'lambda')

const SETTINGS: readonly Circumstance[] = [
  TLS_LAMBDA,
  HTTP_LAMBDA,
  setting('tls-full', 'tls', 'full'),
  setting('http-full', 'http', 'full'),
  // With 1,769 MB a function has one whole processor, where `full` has all that there are.
  ...[1_024, 1_769].map((memoryMegabytes) => ({
    ...setting('sweep', 'tls', 'lambda'),
    memoryMegabytes,
  })),
]
const WARM = 'warm'
const PACKAGES = 'packages'

export const PARTS: ReadonlySet<string> = new Set([WARM, PACKAGES, ...SETTINGS.map(({ part }) => part)])

export interface Bundle {
  readonly name: string
  readonly bytes: number
  readonly parts: readonly Part[]
}

/** What was left out has no rows. */
export interface Results {
  readonly cold: readonly { readonly setting: Setting; readonly rows: readonly ColdRow[] }[]
  readonly warm: readonly WarmRow[]
  readonly bundles: readonly Bundle[]
}

export interface RunOptions {
  readonly releases: Releases
  readonly rounds: number
  /** One of PARTS. Default all of them. */
  readonly only?: string | undefined
}

export const run = async (world: BenchWorld, { releases, rounds, only }: RunOptions): Promise<Results> => {
  const has = (part: string) => only === undefined || only === part
  const settings = SETTINGS.filter(({ part }) => has(part))
  const variants = subjectsOf(VARIANTS, releases)
  const measured: Measured[] =
    settings.length === 0 ? [] : await measureColdStarts(world, { variants, settings, rounds })
  const cases = subjectsOf(WARM_CASES, releases)
  // A round is thousands of requests already.
  const warmRounds = Math.ceil(rounds / 4)
  const warm = has(WARM)
    ? await measureWarm(world, { cases, rounds: warmRounds, memoryMegabytes: MEMORY_MEGABYTES })
    : []
  return {
    cold: settings.map((one) => ({ setting: one, rows: coldRows(measured, one) })),
    warm: warmRows(warm),
    bundles: has(PACKAGES) ? bundlesOf(releases.own) : [],
  }
}

/** Each that a person waits for. */
const bundlesOf = (release: Release): Bundle[] =>
  [...new Set(VARIANTS.flatMap(({ is, of }) => ('event' in is ? [of] : [])))].map((name) => {
    const { code, map } = release.bundle(name)
    return { name, bytes: Buffer.byteLength(code), parts: largest(partsOf(code, JSON.parse(map)), 9) }
  })
