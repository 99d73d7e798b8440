/** `npm run bench`: what a start and a request take, held against what they could take and against what people write without us. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { measureColdStarts, type Setting } from './cold/measure.ts'
import { coldMarkdown, coldRows, titleOf } from './cold/report.ts'
import { VARIANTS } from './cold/variants.ts'
import { install, isInstalled } from './install.ts'
import { releaseIn } from './packages.ts'
import { subjectsOf } from './subject.ts'
import { WARM_CASES } from './warm/cases.ts'
import { measureWarm } from './warm/measure.ts'
import { warmMarkdown, warmRows } from './warm/report.ts'
import { benchWorld } from './world.ts'

const HELP = `Use: npm run bench [-- --install | [--rounds <number>] [--only <part>] [--against <folder>]]

Starts each function again and again in a fresh process under AWS's own runtime client, asks others thousands of times, and
prints medians and ratios.
  --install            installs what the measuring needs; builds the client (g++, cmake, autoconf, automake, libtool)
  --rounds <number>    how often each is measured, 20 by itself
  --only <part>        warm, or one of tls-lambda, http-lambda, tls-full, http-full and sweep; all by itself
  --against <folder>   measures the packages of another clone in turn with this one's
Lambda's share of a processor needs Linux with control groups, and root. Run npm run package before.`

/** As most functions have it. */
const MEMORY_MEGABYTES = 512

const SETTINGS: readonly (Setting & { readonly part: string })[] = [
  ...(['tls', 'http'] as const).flatMap((network) =>
    (['lambda', 'full'] as const).map((share) => ({
      part: `${network}-${share}`,
      network,
      share,
      memoryMegabytes: MEMORY_MEGABYTES,
    })),
  ),
  // With 1,769 MB a function has one whole processor, where `full` has all that there are.
  ...[1_024, 1_769].map((memoryMegabytes) => ({
    part: 'sweep',
    network: 'tls' as const,
    share: 'lambda' as const,
    memoryMegabytes,
  })),
]
const WARM = 'warm'

interface Order {
  readonly rounds: number
  readonly only: string | undefined
  readonly against: string | undefined
}

const measure = async ({ rounds, only, against }: Order): Promise<void> => {
  if (!isInstalled())
    throw new Error(
      'What the measuring needs is not installed yet. Run this first: npm run bench -- --install',
    )
  const releases = {
    own: releaseIn(PROJECT_ROOT),
    other: against === undefined ? undefined : releaseIn(resolve(process.env['INIT_CWD'] ?? '.', against)),
  }
  const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-bench-'))
  const startedAt = performance.now()
  const progress = (text: string): void =>
    console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)
  const settings = SETTINGS.filter(({ part }) => only === undefined || only === part)
  try {
    const world = await benchWorld({ releases, folder, progress })
    try {
      const variants = subjectsOf(VARIANTS, releases)
      const cold = settings.length === 0 ? [] : await measureColdStarts(world, { variants, settings, rounds })
      for (const setting of settings)
        console.log(`\n### ${titleOf(setting)}\n\n${coldMarkdown(coldRows(cold, setting))}`)
      if (only !== undefined && only !== WARM) return
      const cases = subjectsOf(WARM_CASES, releases)
      const warm = await measureWarm(world, { cases, rounds, memoryMegabytes: MEMORY_MEGABYTES })
      console.log(`\n### Warm\n\n${warmMarkdown(warmRows(warm))}`)
    } finally {
      await world.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      install: { type: 'boolean' },
      rounds: { type: 'string', default: '20' },
      only: { type: 'string' },
      against: { type: 'string' },
    },
  })
  const { only, against } = values
  const isPart = only === undefined || only === WARM || SETTINGS.some(({ part }) => part === only)
  const rounds = Number(values.rounds)
  if (values.help || !isPart || !Number.isInteger(rounds) || rounds < 1) {
    console.log(HELP)
    return values.help ? 0 : 2
  }
  if (values.install) return install()
  try {
    await measure({ rounds, only, against })
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 1
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}
