/** `npm run cost`: counts what one request of each route uses, and writes what that costs into docs/cost.md. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { COST_CASES } from './cost/cases.ts'
import { counting } from './cost/measure.ts'
import { type CostedRoute, costSections } from './cost/report.ts'
import { releaseIn } from './packages.ts'
import { withSections } from './sections.ts'
import { startBenchStage } from './stage.ts'

const DOCUMENT = join(PROJECT_ROOT, 'docs/cost.md')

/** A poll is what the relay's other calls are, but that it hangs: `pollSeconds` as serverless.yml has it. */
const POLL_MS = 5_000

const withPolls = (routes: readonly CostedRoute[]): readonly CostedRoute[] =>
  routes.flatMap((route) =>
    route.name === 'chatRelay'
      ? [route, { name: 'chatRelay, a poll of 5 s', usage: { ...route.usage, hangsMs: POLL_MS } }]
      : [route],
  )

const main = async (): Promise<void> => {
  const release = releaseIn(PROJECT_ROOT)
  const folder = mkdtempSync(join(tmpdir(), 'cec-token-bridge-cost-'))
  const stage = await startBenchStage(release.resources, folder)
  const counts = await counting({ stage, release, folder })
  try {
    const routes: CostedRoute[] = []
    for (const one of COST_CASES) {
      routes.push({ name: one.of, usage: await counts.usageOf(one) })
      console.error(one.of)
    }
    const sections = costSections(withPolls(routes))
    writeFileSync(DOCUMENT, withSections(readFileSync(DOCUMENT, 'utf8'), sections))
    console.log(Object.values(sections).join('\n\n'))
  } finally {
    await counts.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
