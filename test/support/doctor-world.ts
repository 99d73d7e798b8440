/** The world of test/support/vendor-world.ts, and the doctor's function in it. What it answers is searched for secrets. */

import type { Diagnosis } from '../../lib/doctor/doctor.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { expectClean } from './canary.ts'
import type { VendorWorld } from './vendor-world.ts'
import { contextWith, TENANT } from './world.ts'

export const ALL_SYSTEMS = ['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc'] as const

/** Asks the function as Lambda does, in a sandbox that has just started. */
export const ask = async (
  world: VendorWorld,
  question: object,
  { ms = 20_000, ...changes }: Partial<Runtime> & { readonly ms?: number } = {},
): Promise<Diagnosis> => {
  const { doctor } = await import('../../functions/doctor.ts')
  const diagnosis = await doctor(world.runtime({ random: () => 0, ...changes }))(question, contextWith(ms))
  expectClean('a diagnosis', JSON.stringify(diagnosis))
  return diagnosis
}

/** A question about some systems of the world's tenant, with everything that such a question may have. */
export const about = (...systems: readonly string[]) => ({
  tenantSpaceId: TENANT,
  systems,
  channelId: 'web-1',
})

/** The causes that were found, each behind its system. */
export const causes = ({ findings }: Diagnosis): readonly string[] =>
  findings.map(({ system, cause }) => `${system}: ${cause}`)
