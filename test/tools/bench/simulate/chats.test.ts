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

  describe('that CEC holds', () => {
    const uncounted: Chats = {
      ...SMALL,
      chats: 150,
      vendorMs: 5_000,
      isHeld: true,
      sendEverySeconds: 20,
      executions: 60,
      seconds: 120,
      countedFromSeconds: 60,
    }
    const counted = { ...uncounted, policy: { ...SMALL.policy, executions: 48 } }

    it('leave executions for validations and for messages of pages once polls have a limit, with nothing reserved', async () => {
      const [before, after] = [await simulateChats(uncounted), await simulateChats(counted)]
      expect(before.validations.refused).toBeGreaterThan(before.validations.calls / 2)
      expect(before.sends.refused).toBeGreaterThan(before.sends.calls / 2)
      expect(after.validations.refused).toBeLessThan(before.validations.refused / 10)
      expect(after.sends.refused).toBeLessThan(before.sends.refused / 10)
      expect(after.polls.reasons['RATE_EXCEEDED']).toBeGreaterThan(0)
    })

    it('are all answered where they may become shorter, and messages come sooner', async () => {
      const shorter = { ...counted, policy: { ...counted.policy, shortestSeconds: 0.3 } }
      const [before, after] = [await simulateChats(uncounted), await simulateChats(shorter)]
      expect(after.polls.refused).toBeLessThan(before.polls.refused / 10)
      expect(after.messageMs.of99Percent).toBeLessThan(before.messageMs.of99Percent / 4)
    })

    it('are asked for as ever where executions are enough', async () => {
      const ample = { ...counted, executions: 1_000, policy: { ...SMALL.policy, executions: 900 } }
      const { polls, messageMs } = await simulateChats(ample)
      expect(polls.refused).toBe(0)
      expect(messageMs).toEqual((await simulateChats({ ...ample, policy: SMALL.policy })).messageMs)
    })

    it('give the same figures in every run', async () => {
      expect(await simulateChats(counted)).toEqual(await simulateChats(counted))
    })
  })
})
