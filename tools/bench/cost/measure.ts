/** What one request of each route uses: real requests of the packaged functions, counted at the emulators. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Release } from '../packages.ts'
import type { BenchStage } from '../stage.ts'
import { VALID } from '../subject.ts'
import { BENCH_USERS } from '../users.ts'
import type { LoopFigures } from '../warm/loop.ts'
import { warmFigures } from '../warm/warm-process.ts'
import type { Usage } from './arithmetic.ts'
import type { CostCase } from './cases.ts'
import { type Counted, type Meter, startMeter } from './meter.ts'
import { questions } from './questions.ts'

export interface CountOptions {
  readonly stage: BenchStage
  readonly release: Release
  /** An empty folder of its own. */
  readonly folder: string
}

/** Beyond what the directory's memory holds. */
const FORGOTTEN_MS = 501
/** What a start uses is in both runs, so that the difference is that of the requests. */
const SHORT = { warmUp: 5, requests: 5 }
const LONG = { warmUp: 100, requests: 300 }
/** Where a route takes few requests of one account: all of these are fewer than it takes in a second. */
const SHORT_LIMITED = { warmUp: 1, requests: 1 }
const LONG_LIMITED = { warmUp: 2, requests: 5 }

export interface Counting {
  readonly usageOf: (one: CostCase) => Promise<Usage>
  readonly close: () => Promise<void>
}

export const counting = async ({ stage, release, folder }: CountOptions): Promise<Counting> => {
  const { endpoints, secrets } = stage.stack
  const [table, vault] = await Promise.all([
    startMeter(endpoints.AWS_ENDPOINT_URL_DYNAMODB),
    startMeter(endpoints.AWS_ENDPOINT_URL_SECRETS_MANAGER),
  ])
  const metered = { AWS_ENDPOINT_URL_DYNAMODB: table.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: vault.url }

  const usageOf = async (one: CostCase): Promise<Usage> => {
    const packaged = release.packaged(one.of)
    if (packaged === undefined) throw new Error(`the template has no function ${one.of}`)
    const own = join(folder, `${one.of}-${one.event}`)
    mkdirSync(own)
    release.unpack(one.of, own)
    const issuer = packaged.environment['ISSUER'] ?? ''
    const sample = await stage.event(one.of, one.event, issuer)
    const signingKey = Object.entries(secrets).find(([name]) => name.endsWith('/signing-key'))?.[1] ?? ''
    const [few, many] = one.isLimited ? [SHORT_LIMITED, LONG_LIMITED] : [SHORT, LONG]
    const count = many.warmUp + many.requests
    const more = count - few.warmUp - few.requests
    const events = one.isValidation
      ? await questions({ sample, signingKey, issuer, users: BENCH_USERS.slice(0, count) })
      : [sample]

    const asked = async (times: typeof SHORT, jumpMs: number): Promise<Asked> => {
      const before = await snapshot(stage, table, vault)
      let logBytes = 0
      const figures = await warmFigures({
        folder: own,
        environment: { ...packaged.environment, ...stage.environment('http'), ...metered },
        memoryMegabytes: packaged.memoryMegabytes,
        onOutput: (bytes) => {
          logBytes += bytes
        },
        order: {
          module: join(own, packaged.handler.replace(/\.handler$/, '.mjs')),
          events,
          expectedStatus: one.expectedStatus,
          expectedText: one.isValidation ? VALID : undefined,
          jumpMs,
          ...times,
        },
      })
      return { figures, logBytes, ...less(await snapshot(stage, table, vault), before) }
    }

    const [short, long] = [await asked(few, FORGOTTEN_MS), await asked(many, FORGOTTEN_MS)]
    const each = (figure: (run: Asked) => number) => perRequest(figure(long) - figure(short), more)
    const shared = one.isValidation ? [await asked(few, 0), await asked(many, 0)] : [short, long]
    return {
      memoryMegabytes: packaged.memoryMegabytes,
      cpuMs: long.figures.cpuMs,
      tableCalls: each((run) => run.table.calls),
      vendorCalls: each((run) => run.vendorCalls),
      readUnits: each((run) => run.table.readUnits),
      readUnitsShared: perRequest(
        (shared[1]?.table.readUnits ?? 0) - (shared[0]?.table.readUnits ?? 0),
        more,
      ),
      writeUnits: each((run) => run.table.writeUnits),
      logBytes: each((run) => run.logBytes),
      secrets: short.secretReads,
    }
  }

  return {
    usageOf,
    close: async () => {
      await Promise.all([table.close(), vault.close()])
    },
  }
}

/** To a tenth: two starts may differ by one call. */
const perRequest = (sum: number, requests: number): number =>
  Math.max(0, Math.round((sum / requests) * 10) / 10)

interface Snapshot {
  readonly table: Counted
  readonly secretReads: number
  readonly vendorCalls: number
}

interface Asked extends Snapshot {
  readonly figures: LoopFigures
  readonly logBytes: number
}

const snapshot = async (stage: BenchStage, table: Meter, vault: Meter): Promise<Snapshot> => ({
  table: table.counted(),
  secretReads: vault.counted().calls,
  vendorCalls: await vendorCalls(stage),
})

const less = (after: Snapshot, before: Snapshot): Snapshot => ({
  table: {
    calls: after.table.calls - before.table.calls,
    readUnits: after.table.readUnits - before.table.readUnits,
    writeUnits: after.table.writeUnits - before.table.writeUnits,
  },
  secretReads: after.secretReads - before.secretReads,
  vendorCalls: after.vendorCalls - before.vendorCalls,
})

const vendorCalls = async ({ stack }: BenchStage): Promise<number> => {
  const counters = await Promise.all(
    stack.controls.map(async ({ url }) => (await fetch(`${url}/calls`)).json() as Promise<Counters>),
  )
  return counters.flatMap(({ calls }) => Object.values(calls)).reduce((sum, count) => sum + count, 0)
}

interface Counters {
  readonly calls: Readonly<Record<string, number>>
}
