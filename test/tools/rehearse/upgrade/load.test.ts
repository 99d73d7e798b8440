import { describe, expect, it } from 'vitest'
import {
  answeredRightly,
  assertEachAsked,
  startLoad,
  total,
} from '../../../../tools/rehearse/upgrade/load.ts'

const OPTIONS = { lanes: 2, pauseMs: 0 }
/** Resolves once it was asked so often. */
const counting = (times: number, ask: () => Promise<void> = async () => {}) => {
  let asked = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    enough: promise,
    ask: async () => {
      if (++asked === times) resolve()
      await ask()
    },
  }
}

describe('tools/rehearse/upgrade/load', () => {
  it('asks every job again and again, and counts by phase and job', async () => {
    const [one, two] = [counting(4), counting(4)]
    const load = startLoad(
      [
        { name: 'one', ask: one.ask },
        { name: 'two', ask: two.ask },
      ],
      OPTIONS,
    )
    load.enter('first')
    await Promise.all([one.enough, two.enough])
    load.enter('second')
    await load.end()
    expect([...(load.counts.get('first')?.keys() ?? [])].sort()).toEqual(['one', 'two'])
    expect(total(load.counts, 'first').asked).toBeGreaterThanOrEqual(8)
    expect(total(load.counts, 'first').wrong).toBe(0)
    expect(load.wrong).toEqual([])
  })

  it('counts a wrong answer in the phase in which it was asked for, and tells the first few', async () => {
    const answers = counting(8, () => Promise.reject(new Error('expected retCode 0, got 6')))
    const load = startLoad([{ name: 'validate', ask: answers.ask }], OPTIONS)
    load.enter('deployment')
    await answers.enough
    await load.end()
    const { asked, wrong } = total(load.counts, 'deployment')
    expect(wrong).toBe(asked)
    expect(load.wrong).toHaveLength(5)
    expect(load.wrong[0]).toBe('deployment: validate: expected retCode 0, got 6')
  })

  it('shows nothing by a phase without a request, and by a job that was never asked', () => {
    const count = (asked: number, wrong = 0) => new Map([['issue', { asked, wrong }]])
    const counts = new Map([
      ['before', count(2)],
      ['during', count(3)],
      ['wrongly', count(3, 1)],
    ])
    const load = { counts, wrong: ['wrongly: issue: expected 201'] }
    expect(answeredRightly(load, ['before', 'during'])).toBe(5)
    expect(() => answeredRightly(load, ['before', 'after'])).toThrow('no request was made: after')
    expect(() => answeredRightly(load, [])).toThrow('no request was made: no phase')
    expect(() => answeredRightly(load, ['before', 'wrongly'])).toThrow(
      '1 of 5 requests were answered wrongly:\nwrongly: issue: expected 201',
    )
    expect(() => assertEachAsked(load, [{ name: 'issue' }])).not.toThrow()
    expect(() => assertEachAsked(load, [{ name: 'issue' }, { name: 'chat: poll' }])).toThrow(
      'never asked: chat: poll',
    )
    expect(() => assertEachAsked(load, [])).toThrow('never asked: there is no job')
  })

  it('has counted nothing for a phase that was never entered', () => {
    expect(total(new Map(), 'never')).toEqual({ asked: 0, wrong: 0 })
  })
})
