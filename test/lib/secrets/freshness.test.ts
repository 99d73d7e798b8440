import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { freshnessOf, heldSecret, mayForce, SECRET_LIMITS } from '../../../lib/secrets/freshness.ts'

const ASKED = Date.parse('2026-11-22T10:00:00Z')
const second = (seconds: number): number => ASKED + seconds * 1000
const END_OF_AGE = second(300)
const END_OF_STALE = second(1200)
const JUST_BEFORE = -1

const secret = { value: { colour: 'red' }, versionId: 'v1' }
const held = { secret, askedAt: ASKED, freshUntil: END_OF_AGE, staleUntil: END_OF_STALE }
const failure = new BridgeError('SECRET_UNAVAILABLE', 'secret a cannot be read (AccessDeniedException)')

describe('lib/secrets/freshness', () => {
  describe('freshnessOf', () => {
    it.each([
      ['at once', ASKED, 'fresh'],
      ['just before the end of its age', END_OF_AGE + JUST_BEFORE, 'fresh'],
      ['at the end of its age', END_OF_AGE, 'stale'],
      ['just before it is too stale', END_OF_STALE + JUST_BEFORE, 'stale'],
    ])('finds a value %s usable: %i is %s', (_, at, state) => {
      expect(freshnessOf({ held }, at)).toEqual({ state, secret })
    })

    it('finds nothing in an entry without a value, and in one whose value is too stale', () => {
      expect(freshnessOf({}, ASKED)).toEqual({ state: 'absent' })
      expect(freshnessOf({ held }, END_OF_STALE)).toEqual({ state: 'absent' })
    })

    it.each([
      ['a stale value', { held, pause: { until: second(305) } }, secret],
      ['a final failure', { pause: { until: second(305), failure } }, failure],
      [
        'a final failure rather than a stale value',
        { held, pause: { until: second(305), failure } },
        failure,
      ],
    ])('gives %s again until a next read may go out', (_, entry, outcome) => {
      expect(freshnessOf(entry, END_OF_AGE)).toEqual({ state: 'retry-later', outcome })
      expect(freshnessOf(entry, second(305) + JUST_BEFORE)).toEqual({ state: 'retry-later', outcome })
      expect(freshnessOf(entry, second(305)).state).toBe('held' in entry ? 'stale' : 'absent')
    })

    it('uses a fresh value although a read has failed', () => {
      const entry = { held, pause: { until: second(305), failure } }
      expect(freshnessOf(entry, END_OF_AGE + JUST_BEFORE)).toEqual({ state: 'fresh', secret })
    })

    it('has a read go out during a pause when there is nothing to give', () => {
      expect(freshnessOf({ pause: { until: second(305) } }, ASKED)).toEqual({ state: 'absent' })
      expect(freshnessOf({ held, pause: { until: second(1205) } }, END_OF_STALE)).toEqual({ state: 'absent' })
    })
  })

  describe('mayForce', () => {
    it('grants the first, and another one after 30 s', () => {
      expect(mayForce({}, ASKED, SECRET_LIMITS)).toBe(true)
      expect(mayForce({ forcedAt: ASKED }, second(30) + JUST_BEFORE, SECRET_LIMITS)).toBe(false)
      expect(mayForce({ forcedAt: ASKED }, second(30), SECRET_LIMITS)).toBe(true)
    })
  })

  describe('heldSecret', () => {
    it('counts both ages from the moment of asking', () => {
      expect(heldSecret(secret, ASKED, { limits: SECRET_LIMITS, random: () => 0 })).toEqual(held)
    })

    it('lets jitter shorten the age, by a tenth at most', () => {
      const { freshUntil, staleUntil } = heldSecret(secret, ASKED, {
        limits: SECRET_LIMITS,
        random: () => 0.5,
      })
      expect({ freshUntil, staleUntil }).toEqual({ freshUntil: second(285), staleUntil: second(1185) })
    })
  })
})
