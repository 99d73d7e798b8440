/** All cases in turn, each in a fresh process, so that noise meets all alike. */

import { join } from 'node:path'
import { askedFor } from '../users.ts'
import { type BenchWorld, inTurn } from '../world.ts'
import type { WarmCase } from './cases.ts'
import type { LoopFigures } from './loop.ts'
import { warmFigures } from './warm-process.ts'

export interface WarmMeasured {
  readonly of: WarmCase
  readonly runs: readonly LoopFigures[]
}

export interface WarmOptions {
  readonly cases: readonly WarmCase[]
  readonly rounds: number
  readonly memoryMegabytes: number
}

/** V8 has compiled what is hot by then. */
const WARM_UP = 2_000

/** Over TLS, as AWS is, and with a whole processor: the processor's time is what is counted. Throws when a case fails. */
export const measureWarm = async (
  world: BenchWorld,
  { cases, rounds, memoryMegabytes }: WarmOptions,
): Promise<WarmMeasured[]> => {
  const runs = await inTurn(cases, { rounds, progress: world.progress }, async (one) => {
    const { folder, packaged, event, environment } = await world.ready(one, 'tls')
    const { requests, jumpMs, expectedStatus, expectedText, users } = one
    const events = users?.map((user) => askedFor(event, user)) ?? [event]
    const module = join(folder, packaged.handler.replace(/\.handler$/, '.mjs'))
    return warmFigures({
      folder,
      environment,
      memoryMegabytes,
      order: { module, events, expectedStatus, expectedText, requests, jumpMs, warmUp: WARM_UP },
    })
  })
  return cases.map((of, index) => ({ of, runs: runs[index] ?? [] }))
}
