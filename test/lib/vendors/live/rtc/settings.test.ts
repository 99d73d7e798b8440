import { describe, expect, it } from 'vitest'
import { LiveRtcSettings } from '../../../../../lib/vendors/live/rtc/settings.ts'
import { faultsIn } from '../../../../support/schemas.ts'

const SETTINGS = { appId: 'an-application', appKey: 'not-a-real-key' }
const faultsOf = (lifetimeSeconds: number) => faultsIn(LiveRtcSettings, { ...SETTINGS, lifetimeSeconds })

describe('lib/vendors/live/rtc/settings', () => {
  it.each([60, 86_100])('takes a life of %i s', (seconds) => {
    expect(faultsOf(seconds)).toBe('none')
  })

  it.each([59, 86_101, 86_400])(
    'refuses a life of %i s, which is too short or too near to 24 hours',
    (seconds) => {
      expect(faultsOf(seconds)).toBe('lifetimeSeconds: expected a whole number from 60 to 86100')
    },
  )
})
