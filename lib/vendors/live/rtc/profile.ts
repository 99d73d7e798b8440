/** Alibaba's RTC (calls and co-streaming). Its tokens are computed here: nobody is called, and nothing is kept. */

import type { VendorProfile } from '../../profile.ts'
import { LiveRtcSettings } from './settings.ts'

export const liveRtcProfile = {
  system: 'live-rtc',
  displayName: 'Alibaba RTC',
  schema: LiveRtcSettings,
} as const satisfies VendorProfile<LiveRtcSettings>
