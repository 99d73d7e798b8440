import { describe, expect, it } from 'vitest'
import { type Chats, simulateChats } from '../../../../tools/bench/simulate/chats.ts'

/** A small account, and as few chats. */
const SMALL: Chats = {
  chats: 100,
  everySeconds: 5,
  vendorMs: 300,
  validationsPerSecond: 5,
  seconds: 30,
  policy: { usualSeconds: 5, longestSeconds: 25 },
  routes: { poll: { perSecond: 100 }, validate: { perSecond: 100 } },
  executions: 20,
}
const RESERVED = { validate: 2 }

describe('tools/bench/simulate/chats', () => {
  it('are answered, and all validations too, where polls are short', async () => {
    const { validations, polls, delayMs } = await simulateChats({ ...SMALL, reserved: RESERVED })
    expect([validations.refused, polls.refused]).toEqual([0, 0])
    expect(delayMs.longest).toBeLessThan(1_000)
  })

  it('take the executions that validations need where polls are long and nothing is reserved', async () => {
    const long = { ...SMALL, vendorMs: 60_000 }
    expect((await simulateChats(long)).validations.reasons['executions']).toBeGreaterThan(0)
    const { validations, polls } = await simulateChats({ ...long, reserved: RESERVED })
    expect(validations.refused).toBe(0)
    expect(polls.reasons['executions']).toBeGreaterThan(0)
  })

  it('are refused fewer polls the shorter a poll may hang', async () => {
    const long = { ...SMALL, vendorMs: 60_000, reserved: RESERVED }
    const short = { ...long, policy: { usualSeconds: 0.3, longestSeconds: 25 } }
    const [before, after] = [await simulateChats(long), await simulateChats(short)]
    expect(after.polls.refused).toBeLessThan(before.polls.refused / 10)
  })

  it('meet the limit of their route before any execution', async () => {
    const narrow = { ...SMALL, routes: { ...SMALL.routes, poll: { perSecond: 2 } } }
    const { polls, relay } = await simulateChats(narrow)
    expect(polls.reasons['route limit']).toBeGreaterThan(0)
    expect(relay.throttled).toBe(0)
  })
})
