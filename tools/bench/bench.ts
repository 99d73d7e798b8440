/** `npm run bench`: what a cold start takes, held against what it could take and against what people write without us. */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureColdStarts, type Setting } from './cold/measure.ts'
import { coldRows, markdownOf, titleOf } from './cold/report.ts'

const HELP = `Use: npm run bench [-- --install | [--rounds <number>] [--only <network>-<share>]]

Starts each function again and again in a fresh process under AWS's own runtime client, and prints medians and ratios.
  --install                   installs what the measuring needs; builds the client (g++, cmake, autoconf, automake, libtool)
  --rounds <number>           how often each is started, 20 by itself
  --only <network>-<share>    one of tls-lambda, http-lambda, tls-full, http-full; all by itself
Lambda's share of a processor needs Linux with control groups, and root. Run npm run package before.`

const MEMORY_MEGABYTES = 512
const SETTINGS: readonly Setting[] = (['tls', 'http'] as const).flatMap((network) =>
  (['lambda', 'full'] as const).map((share) => ({ network, share, memoryMegabytes: MEMORY_MEGABYTES })),
)

const install = (): number => {
  const cwd = import.meta.dirname
  for (const args of [
    ['ci', '--ignore-scripts'],
    ['rebuild', 'aws-lambda-ric'],
  ]) {
    const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
}

const measure = async (settings: readonly Setting[], rounds: number): Promise<number> => {
  if (!existsSync(join(import.meta.dirname, 'node_modules/aws-lambda-ric/rapid-client.node'))) {
    console.error('What the measuring needs is not installed yet. Run this first: npm run bench -- --install')
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-bench-'))
  const startedAt = performance.now()
  const progress = (text: string): void =>
    console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)
  try {
    const measured = await measureColdStarts({ settings, rounds, folder, progress })
    for (const setting of settings) {
      console.log(`\n### ${titleOf(setting)}\n\n${markdownOf(coldRows(measured, setting))}`)
    }
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 1
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
    },
  })
  const { only } = values
  const settings = SETTINGS.filter(
    ({ network, share }) => only === undefined || only === `${network}-${share}`,
  )
  const rounds = Number(values.rounds)
  if (values.help || settings.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.log(HELP)
    return values.help ? 0 : 2
  }
  return values.install ? install() : measure(settings, rounds)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}
