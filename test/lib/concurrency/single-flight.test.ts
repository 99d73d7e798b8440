import { describe, expect, it } from 'vitest'
import { singleFlight } from '../../../lib/concurrency/single-flight.ts'

const JOINABLE_MS = 10_000
const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')

/** Runs that end when they are told to, and how many were started. */
const runs = () => {
  const started: PromiseWithResolvers<string>[] = []
  const start = (): Promise<string> => {
    const run = Promise.withResolvers<string>()
    started.push(run)
    return run.promise
  }
  return { started, start }
}

describe('lib/concurrency/single-flight', () => {
  it('shares one run and its result among all who come while it is under way', async () => {
    const { started, start } = runs()
    const flights = singleFlight<string>()
    const all = Promise.all([flights.run('a', start), flights.run('a', start), flights.run('a', start)])
    started[0]?.resolve('result')
    expect(await all).toEqual(['result', 'result', 'result'])
    expect(started).toHaveLength(1)
  })

  it('shares nothing between two keys', async () => {
    const { started, start } = runs()
    const flights = singleFlight<string>()
    const both = Promise.all([flights.run('a', start), flights.run('b', start)])
    for (const [number, run] of started.entries()) run.resolve(`result ${number}`)
    expect(await both).toEqual(['result 0', 'result 1'])
  })

  it('shares a failure with all who wait for it, and keeps it for nobody who comes later', async () => {
    const { started, start } = runs()
    const flights = singleFlight<string>()
    const both = Promise.allSettled([flights.run('a', start), flights.run('a', start)])
    started[0]?.reject(new RangeError('failed'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(flights.underWay('a')).toBeUndefined()
    const later = flights.run('a', start)
    started[1]?.resolve('result')
    expect(await later).toBe('result')
  })

  it('keeps no result for those who come later', async () => {
    const flights = singleFlight<number>()
    let count = 0
    const start = async () => ++count
    expect(await flights.run('a', start)).toBe(1)
    expect(await flights.run('a', start)).toBe(2)
  })

  it('leaves nothing behind where the start itself throws', () => {
    const flights = singleFlight<string>()
    const broken = () => {
      throw new TypeError('a mistake')
    }
    expect(() => flights.run('a', broken)).toThrow('a mistake')
    expect(flights.underWay('a')).toBeUndefined()
  })

  it('tells what is under way, and nothing before or after', async () => {
    const { started, start } = runs()
    const flights = singleFlight<string>()
    expect(flights.underWay('a')).toBeUndefined()
    const run = flights.run('a', start)
    expect(flights.underWay('a')).toBe(run)
    started[0]?.resolve('result')
    await run
    expect(flights.underWay('a')).toBeUndefined()
  })

  it.each([
    ['is joined until its time is up', JOINABLE_MS - 1, 1],
    ['is joined by nobody from then on: it was frozen on its way', JOINABLE_MS, 2],
    ['is joined by nobody where the clock was set back by as much', -JOINABLE_MS, 2],
  ])('a run %s', (_, agoMs, expected) => {
    let at = STARTED_AT
    const { started, start } = runs()
    const flights = singleFlight<string>({ now: () => new Date(at), joinableMs: JOINABLE_MS })
    void flights.run('a', start)
    at += agoMs
    void flights.run('a', start)
    expect(started).toHaveLength(expected)
  })

  it('does not forget the later run when one that was frozen ends after all', async () => {
    let at = STARTED_AT
    const { started, start } = runs()
    const flights = singleFlight<string>({ now: () => new Date(at), joinableMs: JOINABLE_MS })
    const frozen = flights.run('a', start)
    at += JOINABLE_MS
    const later = flights.run('a', start)
    started[0]?.resolve('late')
    expect(await frozen).toBe('late')
    expect(flights.underWay('a')).toBe(later)
  })
})
