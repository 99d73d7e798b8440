/** All variants in turn, round by round, so that noise meets all alike. */

import type { Network } from '../stage.ts'
import { type BenchWorld, inTurn } from '../world.ts'
import { type CpuShare, lambdaShare } from './cpu-share.ts'
import { type ColdFigures, coldStart } from './sandbox.ts'
import type { Variant } from './variants.ts'

/** What a sandbox is given of a processor after INIT: all of one, or what Lambda gives for the function's memory. */
export type Share = 'lambda' | 'full'

/** One circumstance that every variant is measured in. */
export interface Setting {
  readonly network: Network
  readonly share: Share
  readonly memoryMegabytes: number
}

export interface Measured {
  readonly setting: Setting
  readonly variant: Pick<Variant, 'name' | 'before'>
  readonly runs: readonly ColdFigures[]
}

export interface ColdOptions {
  readonly variants: readonly Variant[]
  readonly settings: readonly Setting[]
  readonly rounds: number
}

/** Throws when a variant fails, or a processor's share cannot be set. The first round of all only warms the emulators. */
export const measureColdStarts = async (
  world: BenchWorld,
  { variants, settings, rounds }: ColdOptions,
): Promise<Measured[]> => {
  const shares = new Map<number, CpuShare>()
  const once = async (variant: Variant, { network, share, memoryMegabytes }: Setting) => {
    const { folder, packaged, event, environment } = await world.ready(variant, network)
    return coldStart({
      folder,
      handler: packaged.handler,
      memoryMegabytes,
      environment: {
        ...environment,
        ...(variant.isPrimed === false ? { AWS_LAMBDA_INITIALIZATION_TYPE: undefined } : {}),
      },
      event,
      expectedStatus: variant.expectedStatus,
      expectedText: variant.expectedText,
      share: share === 'lambda' ? shares.get(memoryMegabytes) : undefined,
    })
  }
  try {
    for (const { share, memoryMegabytes } of settings) {
      if (share === 'full' || shares.has(memoryMegabytes)) continue
      shares.set(memoryMegabytes, lambdaShare(memoryMegabytes))
    }
    const cases = settings.flatMap((setting) => variants.map((variant) => ({ setting, variant })))
    const runs = await inTurn(cases, { rounds, progress: world.progress }, ({ variant, setting }) =>
      once(variant, setting),
    )
    return cases.map((one, index) => ({ ...one, runs: runs[index] ?? [] }))
  } finally {
    for (const share of shares.values()) share.close()
  }
}
