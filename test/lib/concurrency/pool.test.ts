import { describe, expect, it } from 'vitest'
import { runJobs } from '../../../lib/concurrency/pool.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)
const turn = () => new Promise((resolve) => setImmediate(resolve))
const endless = { remainingMs: () => 60_000 }
const LIMITS = { concurrency: 4, reserveMs: 10_000 }

describe('lib/concurrency/pool', () => {
  it('runs every job once, in their order', async () => {
    const done: number[] = []
    const left = await runJobs(numbers(10), async (job) => void done.push(job), {
      ...LIMITS,
      deadline: endless,
    })
    expect([done, left]).toEqual([numbers(10), 0])
  })

  it('runs as many at a time as it may, and no more', async () => {
    let running = 0
    let most = 0
    const job = async () => {
      running += 1
      most = Math.max(most, running)
      await turn()
      running -= 1
    }
    await runJobs(numbers(20), job, { ...LIMITS, deadline: endless })
    expect(most).toBe(4)
    most = 0
    await runJobs(numbers(3), job, { ...LIMITS, deadline: endless })
    expect(most).toBe(3)
  })

  it('has nothing to do without jobs', async () => {
    expect(await runJobs([], async () => expect.unreachable(), { ...LIMITS, deadline: endless })).toBe(0)
  })

  it('begins none that may not end in time, ends those under way, and says how many are left', async () => {
    let leftMs = 15_000
    const done: number[] = []
    const job = async (number: number) => {
      leftMs -= 1_000
      await turn()
      done.push(number)
    }
    const left = await runJobs(numbers(20), job, { ...LIMITS, deadline: { remainingMs: () => leftMs } })
    expect([done, left]).toEqual([numbers(5), 15])
    expect(await runJobs(numbers(20), job, { ...LIMITS, deadline: { remainingMs: () => 10_000 } })).toBe(20)
    expect(await runJobs(numbers(1), job, { ...LIMITS, deadline: { remainingMs: () => 10_001 } })).toBe(0)
  })

  it('throws the first failure, begins nothing after it, and leaves nothing running', async () => {
    let running = 0
    const begun: number[] = []
    const job = async (number: number) => {
      begun.push(number)
      running += 1
      await turn()
      if (number !== 1) await turn()
      running -= 1
      if (number === 1) throw new Error('broken')
    }
    await expect(runJobs(numbers(20), job, { ...LIMITS, deadline: endless })).rejects.toThrow('broken')
    expect([running, begun]).toEqual([0, [0, 1, 2, 3]])
  })
})
