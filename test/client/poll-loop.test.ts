import { describe, expect, it } from 'vitest'
import type { DownlinkMessage } from '../../client/src/chat-calls.ts'
import { ClientError } from '../../client/src/errors.ts'
import { backOffMs, pollLoop } from '../../client/src/poll-loop.ts'
import { failure, NEVER, newWorld } from './world.ts'

const END = new ClientError({ code: '990004030', message: 'no', status: 403 })
const refused = (status?: number, retryAfterSeconds?: number): ClientError =>
  new ClientError({ code: 'X', message: 'x', status, retryAfterSeconds })

/** Runs polls with these outcomes, one after the other, until the last one ends the loop. */
const run = async (outcomes: readonly (readonly DownlinkMessage[] | Error)[], options = {}) => {
  const world = newWorld(undefined, { random: () => 1 })
  const got: DownlinkMessage[] = []
  const left = [...outcomes, END]
  const error = await failure(
    pollLoop(world.environment, {
      calls: {
        poll: async () => {
          const outcome = left.shift() ?? END
          if (outcome instanceof Error) throw outcome
          return outcome
        },
      },
      onMessages: (messages) => void got.push(...messages),
      isSeen: () => true,
      wake: () => NEVER,
      signal: NEVER,
      ...options,
    }),
  )
  return { error, got, pauses: world.pauses.filter((ms) => ms > 0) }
}

describe('client/src/poll-loop', () => {
  it('polls again at once after messages, and gives them in order', async () => {
    const { got, pauses } = await run([[{ content: '1' }, { content: '2' }], [{ content: '3' }]])
    expect([got.map(({ content }) => content), pauses]).toEqual([['1', '2', '3'], []])
  })

  it('asks an API that answers at once with nothing once a second', async () => {
    expect((await run([[], []])).pauses).toEqual([1000, 1000])
  })

  it('pauses 5 s after an empty poll while nobody sees the chat, and not after messages', async () => {
    const { pauses } = await run([[], [{ content: '1' }], []], { isSeen: () => false })
    expect(pauses).toEqual([5000, 5000])
  })

  it('pauses longer after each failure in a row, and starts anew after a good poll', async () => {
    const { pauses } = await run([refused(), refused(503), refused(500), [{ content: '1' }], refused(429)])
    expect(pauses).toEqual([1000, 2000, 4000, 1000])
  })

  it.each([
    [10, [10_000]],
    [0.5, [500, 500]], // the back-off is 1 s
  ])('waits the %s s of Retry-After at least', async (seconds, expected) => {
    expect((await run([refused(429, seconds)])).pauses).toEqual(expected)
  })

  it.each([400, 401, 403, 404])('ends with a failure that would come again: %i', async (status) => {
    const { error, pauses } = await run([refused(status)])
    expect([(error as ClientError).status, pauses]).toEqual([status, []])
  })

  it.each([408, 429, 500, 502, 503, 504, undefined])('goes on after one that passes: %s', async (status) => {
    expect((await run([refused(status)])).error).toBe(END)
  })

  it('ends with the reason of whoever ends it, in the middle of a pause', async () => {
    const reason = new Error('left')
    const controller = new AbortController()
    const wake = (): AbortSignal => {
      controller.abort(reason)
      return NEVER
    }
    expect((await run([refused()], { signal: controller.signal, wake })).error).toBe(reason)
  })

  it('cuts a pause short when somebody looks again, and no Retry-After', async () => {
    const { pauses } = await run([[], refused(), refused(429, 10)], { wake: () => AbortSignal.abort() })
    expect(pauses).toEqual([10_000])
  })
})

describe('client/src/poll-loop: backOffMs', () => {
  it.each([
    [0, 0, 500],
    [0, 1, 1000],
    [1, 1, 2000],
    [4, 1, 16_000],
    [5, 1, 30_000],
    [5, 0, 15_000],
    [2000, 1, 30_000],
  ])('after %i failures before, by chance %i: %i', (failures, random, ms) => {
    expect(backOffMs(failures, random)).toBe(ms)
  })
})
