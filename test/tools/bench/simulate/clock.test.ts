import { describe, expect, it } from 'vitest'
import { type Clock, virtualClock } from '../../../../tools/bench/simulate/clock.ts'

/** Work of a real thread, or as good as: it takes real time. */
const realTime = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const noting = (clock: Clock) => {
  const notes: string[] = []
  return { notes, note: (text: string) => notes.push(`${text} at ${clock.elapsed()}`) }
}

describe('tools/bench/simulate/clock', () => {
  it('goes from event to event in their order, and not beyond the end', async () => {
    const clock = virtualClock()
    const { notes, note } = noting(clock)
    for (const ms of [50, 10, 30, 10, 70, 20, 60, 40]) {
      clock.start(async () => {
        await clock.pause(ms)
        note('once')
        await clock.pause(5)
        note('twice')
      })
    }
    await clock.run(45)
    expect(notes).toEqual([
      ...['once at 10', 'once at 10', 'twice at 15', 'twice at 15', 'once at 20', 'twice at 25'],
      ...['once at 30', 'twice at 35', 'once at 40', 'twice at 45'],
    ])
    expect(clock.elapsed()).toBe(45)
    await clock.run(1_000)
    expect(notes.slice(10)).toEqual([
      ...['once at 50', 'twice at 55', 'once at 60', 'twice at 65', 'once at 70', 'twice at 75'],
    ])
  })

  it('stands still while a thread works, and hands out results in the order of their beginnings', async () => {
    const clock = virtualClock()
    const { notes, note } = noting(clock)
    clock.start(async () => {
      await clock.held(realTime(20))
      note('slow')
    })
    clock.start(async () => {
      await clock.held(realTime(1))
      note('fast')
    })
    clock.start(async () => {
      await clock.pause(1)
      note('later')
    })
    await clock.run(10)
    expect(notes).toEqual(['slow at 0', 'fast at 0', 'later at 1'])
  })

  it('hands on a failure of a thread', async () => {
    const clock = virtualClock()
    const seen: unknown[] = []
    clock.start(async () => {
      await clock.held(Promise.reject(new Error('broken'))).catch((error: Error) => seen.push(error.message))
    })
    await clock.run(1)
    expect(seen).toEqual(['broken'])
  })

  it('counts deadlines by its own time', async () => {
    const clock = virtualClock()
    await clock.run(100)
    const deadline = clock.deadline(30)
    await clock.run(120)
    expect([deadline.remainingMs(), clock.now().getTime() % 1_000]).toEqual([10, 120])
    await clock.run(500)
    expect(deadline.remainingMs()).toBe(0)
  })

  it('ends with the first failure of what was started', async () => {
    const clock = virtualClock()
    clock.start(async () => {
      await clock.pause(5)
      throw new Error('first')
    })
    await expect(clock.run(10)).rejects.toThrow('first')
  })
})
