/** `npm run bench`: what a cold start takes, held against what it could take and against what people write without us. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureColdStarts, type Setting } from './cold/measure.ts'
import { coldRows, markdownOf, titleOf } from './cold/report.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    only: { type: 'string' },
    'full-cpu-only': { type: 'boolean', default: false },
  },
})

const MEMORY_MEGABYTES = 512
const SETTINGS: readonly Setting[] = [
  { network: 'tls', share: 'lambda', memoryMegabytes: MEMORY_MEGABYTES },
  { network: 'http', share: 'lambda', memoryMegabytes: MEMORY_MEGABYTES },
  { network: 'tls', share: 'full', memoryMegabytes: MEMORY_MEGABYTES },
  { network: 'http', share: 'full', memoryMegabytes: MEMORY_MEGABYTES },
]

const settings = SETTINGS.filter(({ share }) => share === 'full' || !values['full-cpu-only']).filter(
  ({ network, share }) => values.only === undefined || values.only === `${network}-${share}`,
)
const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-bench-'))
const startedAt = performance.now()
const progress = (text: string): void =>
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)

try {
  const measured = await measureColdStarts({ settings, rounds: Number(values.rounds), folder, progress })
  for (const setting of settings) {
    console.log(`\n### ${titleOf(setting)}\n\n${markdownOf(coldRows(measured, setting))}`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
