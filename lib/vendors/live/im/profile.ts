/** Alibaba's interactive messaging. Its tokens are computed here: nobody is called, and nothing is kept. */

import type { VendorProfile } from '../../profile.ts'
import { LiveImSettings } from './settings.ts'

export const liveImProfile = {
  system: 'live-im',
  displayName: 'Alibaba interactive messaging',
  schema: LiveImSettings,
} as const satisfies VendorProfile<LiveImSettings>
