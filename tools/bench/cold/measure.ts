/** All variants in turn, round by round, so that noise meets all alike. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CpuShare, lambdaShare } from './cpu-share.ts'
import { bundleFixture, packagedTemplate, unpack } from './packages.ts'
import { type ColdFigures, coldStart } from './sandbox.ts'
import { type Network, startBenchStage } from './stage.ts'
import { VARIANTS, type Variant } from './variants.ts'

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
  readonly variant: string
  readonly runs: readonly ColdFigures[]
}

export interface MeasureOptions {
  readonly settings: readonly Setting[]
  readonly rounds: number
  /** An empty folder of its own. */
  readonly folder: string
  readonly progress: (text: string) => void
}

/** Throws when a variant fails, or a processor's share cannot be set. The first round of all only warms the emulators. */
export const measureColdStarts = async ({
  settings,
  rounds,
  folder,
  progress,
}: MeasureOptions): Promise<Measured[]> => {
  const { resources, packaged } = packagedTemplate()
  const stage = await startBenchStage(resources, folder)
  const shares = new Map<number, CpuShare>()

  const once = async (variant: Variant, { network, share, memoryMegabytes }: Setting) => {
    const { environment, handler } = packaged(variant.of)
    const event = 'event' in variant.is ? variant.is.event : 'ok'
    return coldStart({
      folder: join(folder, variant.name),
      handler: 'fixture' in variant.is ? `${variant.is.fixture}.handler` : handler,
      memoryMegabytes,
      environment: {
        ...environment,
        ...stage.environment(network),
        ...(variant.isPrimed === false ? { AWS_LAMBDA_INITIALIZATION_TYPE: undefined } : {}),
      },
      event: await stage.event(variant.of, event, environment['ISSUER'] ?? ''),
      expectedStatus: variant.expectedStatus,
      share: share === 'lambda' ? shares.get(memoryMegabytes) : undefined,
    })
  }

  try {
    for (const { share, memoryMegabytes } of settings) {
      if (share === 'full' || shares.has(memoryMegabytes)) continue
      shares.set(memoryMegabytes, lambdaShare(memoryMegabytes))
    }
    for (const variant of VARIANTS) {
      const own = join(folder, variant.name)
      mkdirSync(own)
      if ('fixture' in variant.is) await bundleFixture(variant.is.fixture, own)
      else unpack(variant.of, own)
    }
    const measured = settings.flatMap((setting) =>
      VARIANTS.map((variant) => ({ setting, variant, runs: [] as ColdFigures[] })),
    )
    for (let round = 0; round <= rounds; round++) {
      for (const { setting, variant, runs } of measured) {
        const figures = await once(variant, setting)
        if (round > 0) runs.push(figures)
      }
      progress(round === 0 ? 'every variant answers' : `round ${round} of ${rounds}`)
    }
    return measured.map(({ setting, variant, runs }) => ({ setting, variant: variant.name, runs }))
  } finally {
    for (const share of shares.values()) share.close()
    await stage.close()
  }
}
