import { describe, expect, it } from 'vitest'
import { lengthPrefixed } from '../../../../lib/schemas/length-prefixed.ts'
import type { PollPolicy } from '../../../../lib/vendors/cec/poll-length.ts'
import { pollLoads } from '../../../../lib/vendors/cec/poll-load.ts'
import { pollsUnderLoad } from '../../../../lib/vendors/cec/polls.ts'
import { type Clock, virtualClock } from '../../../../tools/bench/simulate/clock.ts'
import { memoryTable } from '../../../../tools/bench/simulate/memory-table.ts'
import { seededRandom } from '../../../../tools/bench/simulate/random.ts'
import { type HoldingCec, holdingCec } from '../../../support/holding-cec.ts'

const USUAL: PollPolicy = { usualSeconds: 5, longestSeconds: 25, executions: 100 }
const MESSAGES_MS = 60_000
const STEP_MS = 750
const CHAT_MS = 600_000

/** So many polls that CEC holds for 5 s, as every window says: 20 a second fit. */
const crowded = async (clock: Clock, perSecond: number) => {
  const table = memoryTable()
  const first = Math.floor(clock.now().getTime() / 10_000) - 1
  for (let window = first; window <= first + CHAT_MS / 10_000; window++) {
    const add = { polls: perSecond * 10, asked: 200, heldMs: 1_000_000 }
    await table.add(
      lengthPrefixed('cec', 'polls', String(window)),
      { add, sweepAt: 1 },
      clock.deadline(1_000),
    )
  }
  return table
}

interface Trial {
  readonly policy: PollPolicy
  readonly perSecond: number
  readonly cec: Omit<HoldingCec, 'clock'>
}

/** A page that polls for ten minutes; CEC has one message, from that moment on. What the page heard, and how often it was told to come later. */
const chat = async ({ policy, perSecond, cec: of }: Trial, messageAtMs: number) => {
  const clock = virtualClock()
  const table = await crowded(clock, perSecond)
  const deps = { now: clock.now, random: seededRandom(messageAtMs) }
  const loads = pollLoads({ ...deps, table, log: () => undefined })
  const underLoad = pollsUnderLoad({ ...deps, policy, loads })
  const cec = holdingCec({ ...of, clock })
  const heard: string[] = []
  let later = 0
  clock.start(async () => {
    await clock.pause(messageAtMs)
    cec.say('hello')
  })
  clock.start(async () => {
    while (clock.elapsed() < CHAT_MS) {
      const poll = (seconds: number) => cec.poll(seconds * 1_000)
      try {
        heard.push(...(await underLoad({ askedSeconds: undefined, poll }, clock.deadline(29_000))))
      } catch (error) {
        later += 1
        await clock.pause(
          (error as { detail: { retryAfterSeconds: number } }).detail.retryAfterSeconds * 1_000,
        )
      }
      await clock.pause(50)
    }
  })
  await clock.run(CHAT_MS + 60_000)
  return { heard, later }
}

/** Over all moments of the first minute. */
const all = async (trial: Trial) => {
  const moments = Array.from({ length: MESSAGES_MS / STEP_MS }, (_, step) => step * STEP_MS)
  const chats = await Promise.all(moments.map((moment) => chat(trial, moment)))
  return {
    lost: chats.filter(({ heard }) => heard.length === 0).length,
    twice: chats.filter(({ heard }) => heard.length > 1).length,
    later: chats.reduce((sum, { later }) => sum + later, 0),
  }
}

describe('lib/vendors/cec/polls: a message that comes at any moment of a minute', () => {
  it.each<[string, number, Trial['cec']]>([
    ['at once', 40, { holdMs: 0, keepsCut: false }],
    ['after a second', 40, { holdMs: 1_000, keepsCut: false }],
    ['within the usual time', 40, { holdMs: 4_900, keepsCut: false }],
    ['within the usual time, in a crowd of five times what fits', 100, { holdMs: 4_900, keepsCut: false }],
  ])('is heard once, whatever a cut would do, where CEC answers %s', async (_, perSecond, cec) => {
    const { lost, twice, later } = await all({ policy: USUAL, perSecond, cec })
    expect([lost, twice]).toEqual([0, 0])
    expect(later).toBeGreaterThan(100)
  })

  it('is heard once with polls that are made shorter, where CEC keeps what a cut poll did not take', async () => {
    const policy = { ...USUAL, shortestSeconds: 0.3 }
    const cec = { holdMs: 4_900, keepsCut: true }
    expect(await all({ policy, perSecond: 40, cec })).toEqual({ lost: 0, twice: 0, later: 0 })
  })

  it('can be lost with those where CEC does not: so none is made shorter unless the operator knows CEC', async () => {
    const policy = { ...USUAL, shortestSeconds: 0.3 }
    const cec = { holdMs: 4_900, keepsCut: false }
    expect((await all({ policy, perSecond: 40, cec })).lost).toBeGreaterThan(0)
  })
})

describe('lib/vendors/cec/polls: pollsUnderLoad', () => {
  const once = async (policy: PollPolicy, poll: (seconds: number) => Promise<string>, random = 0.999) => {
    const clock = virtualClock()
    const table = await crowded(clock, 400)
    const deps = { now: clock.now, random: () => random }
    const underLoad = pollsUnderLoad({
      ...deps,
      policy,
      loads: pollLoads({ ...deps, table, log: () => undefined }),
    })
    const ask = () => underLoad({ askedSeconds: undefined, poll }, clock.deadline(29_000))
    const [first, second] = [await outcomeOf(ask()), await outcomeOf(ask())]
    return { table, first, second }
  }

  it('asks CEC first, and tells the page to come later once it knows of the others', async () => {
    const { first, second } = await once(USUAL, async (seconds) => `${seconds} s`)
    expect(first).toBe('5 s')
    expect(second).toMatchObject({ code: 'RATE_EXCEEDED', detail: { retryAfterSeconds: 20 } })
  })

  it('counts nothing where executions have no limit', async () => {
    const policy = { ...USUAL, executions: undefined }
    const { table, first, second } = await once(policy, async (seconds) => `${seconds} s`)
    expect([first, second]).toEqual(['5 s', '5 s'])
    expect(table.calls().get).toBe(0)
  })

  it('gives the failure of CEC as it is', async () => {
    const { first } = await once(USUAL, () => Promise.reject(new Error('of CEC')))
    expect(first).toMatchObject({ message: 'of CEC' })
  })
})

const outcomeOf = (answer: Promise<string>): Promise<unknown> => answer.catch((error: unknown) => error)
