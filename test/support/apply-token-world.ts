/** applyToken against CEC's emulator, on a clock that a test moves. Each test begins without stored tokens and faults. */

import { afterAll, beforeAll, beforeEach } from 'vitest'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from './vendor-world.ts'
import type { RequestParts } from './world.ts'

export let world: VendorWorld
export const clock = { at: Date.now() }
export const now = () => new Date(clock.at)

export const useApplyTokenWorld = (): void => {
  beforeAll(async () => {
    world = await startVendorWorld({ now })
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.dynamoDb.clearFaults()
    await world.clearTokens()
    clock.at += 120_000
    world.vendors.cec.clearFaults()
    world.vendors.cec.resetCalls()
    world.putSettings('cec')
  })
}

export const GOOD = GOOD_BODIES.applyToken
export const parts = (changes: object = {}): RequestParts => ({
  headers: world.authorization,
  body: { ...GOOD, ...changes },
})
export const calls = () => [world.vendors.cec.calls('tokenByAkSk'), world.vendors.cec.calls('applyToken')]
export const fresh = () => world.fresh('applyToken', { now })
