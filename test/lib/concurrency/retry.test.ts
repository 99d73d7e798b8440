import { describe, expect, it } from 'vitest'
import { retries } from '../../../lib/concurrency/retry.ts'

const POLICY = { attempts: 3, pauseMs: 100 }
const passing = new Error('may pass')
const mayPass = (error: unknown): boolean => error === passing
const endless = { remainingMs: () => 60_000 }

/** Tries that fail so often before they succeed, the pauses between them, and how many there were. */
const tried = (failures: number, error: unknown = passing) => {
  const state = { calls: 0, pauses: [] as number[] }
  const retry = retries({
    ...POLICY,
    random: () => 0.5,
    pause: async (ms) => void state.pauses.push(ms),
  })
  const call = async (): Promise<string> => {
    state.calls += 1
    if (state.calls <= failures) throw error
    return 'result'
  }
  return { state, retry, call }
}

describe('lib/concurrency/retry', () => {
  it.each([
    [0, []],
    [1, [50]],
    [2, [50, 100]],
  ])(
    'brings the result after %i failures, with a pause after each that doubles',
    async (failures, pauses) => {
      const { state, retry, call } = tried(failures)
      expect(await retry(call, { mayPass, deadline: endless })).toBe('result')
      expect(state).toEqual({ calls: failures + 1, pauses })
    },
  )

  it('throws the last failure when the tries are used up', async () => {
    const { state, retry, call } = tried(3)
    await expect(retry(call, { mayPass, deadline: endless })).rejects.toBe(passing)
    expect(state).toEqual({ calls: 3, pauses: [50, 100] })
  })

  it('throws at once what will not pass', async () => {
    const lasting = new Error('lasts')
    const { state, retry, call } = tried(1, lasting)
    await expect(retry(call, { mayPass, deadline: endless })).rejects.toBe(lasting)
    expect(state).toEqual({ calls: 1, pauses: [] })
  })

  it('pauses only where the deadline leaves time for it', async () => {
    const short = tried(1)
    await expect(short.retry(short.call, { mayPass, deadline: { remainingMs: () => 49 } })).rejects.toBe(
      passing,
    )
    expect(short.state.calls).toBe(1)
    const enough = tried(1)
    expect(await enough.retry(enough.call, { mayPass, deadline: { remainingMs: () => 50 } })).toBe('result')
  })
})
