/** A tenant's secrets, and the schedule that fetches its machine tokens before anybody asks for one. */

import { REFRESHED_VENDORS } from '../../../lib/vendors/registry.ts'
import { LOCAL_TENANT } from '../../local/constants.ts'
import { eventually, type Step } from '../step.ts'
import { doctorSteps, tenantSteps } from './operator.ts'
import type { World } from './world.ts'

export const vendorSteps = (world: World): Step[] => [...connectedSteps(world), ...doctorSteps(world)]

/** Without the faults that the doctor is to find. */
export const connectedSteps = (world: World): Step[] => [
  ...tenantSteps(world),
  { name: 'the schedule, fired by EventBridge', run: () => schedule(world) },
]

/** The table lists the tokens. The schedule runs every minute, and one that has begun before the secrets came finds none. */
const schedule = async ({ stage, vendorSecrets = {} }: World): Promise<string> => {
  const systems = REFRESHED_VENDORS.map(({ system }) => system as string).filter(
    (system) => system in vendorSecrets,
  )
  await eventually(
    async () => {
      const table = await stage.operator('tokens', ...stage.options)
      const isThere = (system: string) => new RegExp(`^${system} +${LOCAL_TENANT} `, 'm').test(table)
      return systems.every(isThere) ? true : undefined
    },
    {
      seconds: 180,
      sentence: `no tokens of ${systems.join(' and ')} after three minutes`,
    },
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; what prewarmTokens logs:\n${await stage.log('prewarmTokens')}`)
  })
  return `machine tokens of ${systems.join(' and ')}, before any call`
}
