/** The chat relay against CEC's emulator, with a conversation that has begun, or against a server in CEC's place. */

import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { startStandIn } from './stand-in.ts'
import { newChatToken, startVendorWorld, type VendorWorld } from './vendor-world.ts'

export let world: VendorWorld
/** As in a sandbox that has just started. */
export let relay: HttpHandler
/** The page's token: a test that has it renewed puts the new one here. */
export const page = { chatToken: '' }

export const useRelayWorld = (): void => {
  beforeAll(async () => {
    world = await startVendorWorld({ cec: { pollMs: 50 } })
    page.chatToken = await newChatToken(world)
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.clearTokens()
    relay = await world.fresh('chatRelay')
    world.vendors.cec.resetCalls()
  })
}

/** A server in CEC's place for the calls within a chat alone, and a function that asks it: the relay, or another one. */
export const standIn = async (
  answerTo: Parameters<typeof startStandIn>[0],
  name: 'chatRelay' | 'chatCalls' | 'uploadFileStream' | 'downloadFileStream' = 'chatRelay',
) => {
  const { url, heard } = await startStandIn(answerTo)
  world.putSettings('cec', { chatUrl: `${url}/cc` })
  onTestFinished(() => world.putSettings('cec'))
  return { heard, relay: await world.fresh(name) }
}
