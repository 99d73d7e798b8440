/** getAppCubeToken against OIAP's emulator, on a clock that a test moves. Each test begins without stored tokens, faults and locks. */

import { afterAll, beforeAll, beforeEach } from 'vitest'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from './vendor-world.ts'
import type { RequestParts } from './world.ts'

export let world: VendorWorld
export const clock = { at: Date.now() }
export const now = () => new Date(clock.at)

export const useAppCubeWorld = (): void => {
  beforeAll(async () => {
    world = await startVendorWorld({ now })
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.dynamoDb.clearFaults()
    await world.clearTokens()
    clock.at += 3_600_000
    world.vendors.oiap.clearFaults()
    world.vendors.oiap.unlock(GOOD_BODIES.appCubeToken.appKey)
    world.vendors.oiap.resetCalls()
    world.putSettings('oiap')
  })
}

export const parts = (body: object = GOOD_BODIES.appCubeToken): RequestParts => ({
  headers: world.authorization,
  body,
})
export const fresh = () => world.fresh('appCubeToken', { now })
export const asked = () => world.vendors.oiap.calls('getAppCubeToken')
