/** `npm run bench`: what a start and a request take, held against what they could take and against what people write without us. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { coldMarkdown, titleOf } from './cold/report.ts'
import { install, isInstalled } from './install.ts'
import { releaseIn } from './packages.ts'
import { PARTS, type Results, run } from './run.ts'
import { withSections } from './sections.ts'
import { warmMarkdown } from './warm/report.ts'
import { benchWorld } from './world.ts'

const HELP = `Use: npm run bench [-- --install | [--rounds <number>] [--only <part>] [--against <folder>]]

Starts each function again and again in a fresh process under AWS's own runtime client, asks others thousands of times, and
prints medians and ratios. A whole run of this release alone writes the tables and charts of docs/performance.md.
  --install            installs what the measuring needs; builds the client (g++, cmake, autoconf, automake, libtool)
  --rounds <number>    how often each start is measured, 20 by itself; of warm requests a quarter of it
  --only <part>        one of ${[...PARTS].join(', ')}; all by itself
  --against <folder>   measures the packages of another clone in turn with this one's
Lambda's share of a processor needs Linux with control groups, and root. Run npm run package before.`

const DOCS = join(PROJECT_ROOT, 'docs')

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
  try {
    const world = await benchWorld({ releases, folder, progress })
    try {
      const results = await run(world, { releases, rounds, only })
      print(results)
      if (only === undefined && against === undefined) await publish(results, rounds)
    } finally {
      await world.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const print = ({ cold, warm, bundles }: Results): void => {
  for (const { setting, rows } of cold) console.log(`\n### ${titleOf(setting)}\n\n${coldMarkdown(rows)}`)
  if (warm.length > 0) console.log(`\n### Warm\n\n${warmMarkdown(warm)}`)
  for (const { name, bytes, parts } of bundles)
    console.log(
      `\n${name}: ${bytes} bytes\n${parts.map((part) => `  ${part.bytes} ${part.name}`).join('\n')}`,
    )
}

const publish = async (results: Results, rounds: number): Promise<void> => {
  // Not before: it needs packages that are installed on demand.
  const { charts, sections } = await import('./publish.ts')
  const file = join(DOCS, 'performance.md')
  writeFileSync(file, withSections(readFileSync(file, 'utf8'), sections(results, rounds, new Date())))
  for (const [name, svg] of Object.entries(await charts(results)))
    writeFileSync(join(DOCS, 'bench', name), svg)
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
  const rounds = Number(values.rounds)
  const isGood = (only === undefined || PARTS.has(only)) && Number.isInteger(rounds) && rounds >= 1
  if (values.help || !isGood) {
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
