/** All vendors, for what serves them all: the schedule, the commands and tests. A route's package has its own vendor alone. */

import { cecProfile } from './cec/profile.ts'
import { liveImProfile } from './live/im/profile.ts'
import { liveProfile } from './live/profile.ts'
import { liveRtcProfile } from './live/rtc/profile.ts'
import { oiapProfile } from './oiap/profile.ts'
import type { RefreshedVendor, ServiceTokenSettings } from './profile.ts'

export const VENDORS = [cecProfile, oiapProfile, liveProfile] as const

/** Whose tokens are computed here: nobody is called. */
export const COMPUTED_VENDORS = [liveImProfile, liveRtcProfile] as const

/** Every system that a tenant may have settings for. */
export const systems = (): readonly string[] => [...VENDORS, ...COMPUTED_VENDORS].map(({ system }) => system)

export type VendorSystem = (typeof VENDORS)[number]['system']

/** Those with a service token, which the schedule refreshes ahead. Not filtered from all: the schedule's package has no other. */
export const REFRESHED_VENDORS: readonly RefreshedVendor<ServiceTokenSettings>[] = [cecProfile, oiapProfile]

export type RefreshedSystem = Extract<(typeof VENDORS)[number], { readonly serviceToken: unknown }>['system']
