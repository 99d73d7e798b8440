import { describe, expect, it } from 'vitest'
import { type PollLoad, type PollPolicy, pollPlan } from '../../../../lib/vendors/cec/poll-length.ts'

const POLICY: PollPolicy = { usualSeconds: 5, longestSeconds: 25, executions: 600 }
/** Polls that CEC holds for `heldSeconds`, with as many executions as that takes. */
const load = (perSecond: number, heldSeconds: number, busy = perSecond * heldSeconds): PollLoad => ({
  perSecond,
  heldSeconds,
  busy,
})
const plan = (changes: Partial<PollPolicy>, request: Partial<Parameters<typeof pollPlan>[1]> = {}) =>
  pollPlan({ ...POLICY, ...changes }, { random: 0.999, ...request })

describe('lib/vendors/cec/poll-length: pollPlan', () => {
  it.each([
    ['nothing', undefined, 5],
    ['more', 20, 20],
    ['as much as is allowed', 25, 25],
    ['too much', 3600, 25],
    ['less', 2, 2],
    ['nothing at all', 0, 1],
  ])('gives a page that asks for %s its due', (_, askedSeconds, seconds) => {
    expect(plan({}, { askedSeconds })).toEqual({ seconds })
    expect(plan({}, { askedSeconds, load: load(100, 5) })).toEqual({ seconds })
  })

  it('keeps the usual length below what a stage allows at most', () => {
    expect(plan({ longestSeconds: 2 })).toEqual({ seconds: 2 })
  })

  it.each<[string, PollLoad | undefined, Partial<PollPolicy>]>([
    ['nothing is known of others', undefined, {}],
    ['nobody else polls', load(0, 0), {}],
    ['executions are enough', load(120, 5), {}],
    ['CEC answers at once, however many poll', load(2_000, 0.29), {}],
    ['executions are not limited', load(10_000, 5), { executions: undefined }],
  ])('asks CEC for the usual time where %s', (_, of, policy) => {
    expect(plan(policy, { load: of })).toEqual({ seconds: 5 })
  })

  describe('where executions run short', () => {
    const crowd = load(240, 5, 600)

    it.each([
      [0, { seconds: 5 }],
      [0.499, { seconds: 5 }],
      [0.5, { retryAfterSeconds: 2 }],
      [0.999, { retryAfterSeconds: 2 }],
    ])('asks CEC for those that fit, and never cuts them sooner: %d', (random, expected) => {
      expect(plan({}, { load: crowd, random })).toEqual(expected)
    })

    it.each([
      ['one in two', 240, 0.5, 2],
      ['one in four', 480, 0.25, 4],
      ['one in forty, and after 30 s at most', 4_800, 0.025, 30],
    ])('asks for %s', (_, perSecond, share, retryAfterSeconds) => {
      const of = { load: load(perSecond, 5, 600) }
      expect(plan({}, { ...of, random: share - 0.001 })).toEqual({ seconds: 5 })
      expect(plan({}, { ...of, random: share })).toEqual({ retryAfterSeconds })
    })

    it('supposes more polls than were seen once all executions are busy: Lambda refuses what nobody counts', () => {
      const of = (busy: number) => plan({}, { load: load(126, 5, busy), random: 0.5 })
      expect(of(630)).toEqual({ seconds: 5 })
      expect(of(631)).toEqual({ retryAfterSeconds: 3 })
    })

    it('gives a page that asks what it asks for, as often as its part allows', () => {
      const long = { askedSeconds: 20, load: load(60, 20, 600) }
      expect(plan({}, { ...long, random: 0.499 })).toEqual({ seconds: 20 })
      expect(plan({}, { ...long, random: 0.5 })).toEqual({ retryAfterSeconds: 2 })
    })

    describe('and polls may become shorter', () => {
      const shortestSeconds = 0.5

      it.each([
        ['as usual', 120, 5],
        ['half as long', 240, 2.5],
        ['a tenth as long', 1_200, 0.5],
      ])('waits %s for all of them', (_, perSecond, seconds) => {
        expect(plan({ shortestSeconds }, { load: load(perSecond, 5, 600) })).toEqual({ seconds })
      })

      it('goes no further, and asks CEC for those that fit', () => {
        const of = { load: load(2_400, 5, 600) }
        expect(plan({ shortestSeconds }, { ...of, random: 0.499 })).toEqual({ seconds: 0.5 })
        expect(plan({ shortestSeconds }, { ...of, random: 0.5 })).toEqual({ retryAfterSeconds: 2 })
      })

      it('makes none longer: the shortest is not above the usual', () => {
        expect(plan({ shortestSeconds: 25 }, { load: load(60, 5) })).toEqual({ seconds: 5 })
      })

      it('leaves a page that asks what it asks for: its token would be lost with the answer', () => {
        const of = { askedSeconds: 20, load: load(240, 2.5, 600) }
        expect(plan({ shortestSeconds }, of)).toEqual({ seconds: 20 })
      })
    })
  })

  it('never waits longer than the stage allows, nor shorter than a page asks or the stage permits, whatever the load', () => {
    for (const shortestSeconds of [undefined, 0.3, 25])
      for (const askedSeconds of [undefined, 0, 3, 100])
        for (const perSecond of [0, 0.1, 10, 1_000, 1e6])
          for (const heldSeconds of [0, 0.3, 5, 25])
            for (const random of [0, 0.5, 0.999]) {
              const of = { askedSeconds, load: load(perSecond, heldSeconds), random }
              const result = plan({ shortestSeconds }, of)
              const least =
                askedSeconds === undefined ? Math.min(shortestSeconds ?? 5, 5) : Math.max(askedSeconds, 1)
              if ('seconds' in result) {
                expect(result.seconds).toBeLessThanOrEqual(25)
                expect(result.seconds).toBeGreaterThanOrEqual(Math.min(least, 25))
              } else {
                expect(result.retryAfterSeconds).toBeGreaterThanOrEqual(1)
                expect(result.retryAfterSeconds).toBeLessThanOrEqual(30)
                expect(random).toBeGreaterThan(0)
              }
            }
  })
})
