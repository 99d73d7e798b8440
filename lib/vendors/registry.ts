/** All vendors, for what serves them all: the schedule, the commands and tests. A route's package has its own vendor alone. */

import { cecProfile } from './cec/profile.ts'
import { liveImProfile } from './live/im/profile.ts'
import { liveProfile } from './live/profile.ts'
import { liveRtcProfile } from './live/rtc/profile.ts'
import { oiapProfile, oiapThirdPartyProfile } from './oiap/profile.ts'
import type { RefreshedVendor, ServiceTokenSettings } from './profile.ts'

export const VENDORS = [cecProfile, oiapProfile, oiapThirdPartyProfile, liveProfile] as const

/** Whose tokens are computed here: nobody is called. */
export const COMPUTED_VENDORS = [liveImProfile, liveRtcProfile] as const

export type VendorSystem = (typeof VENDORS)[number]['system']

/** Every system that a tenant may have settings for. */
export type SystemName = VendorSystem | (typeof COMPUTED_VENDORS)[number]['system']

// A function: a list would be kept in every package that takes one vendor from here.
export const systemNames = (): readonly SystemName[] =>
  [...VENDORS, ...COMPUTED_VENDORS].map(({ system }) => system)

export type RefreshedSystem = Extract<(typeof VENDORS)[number], { readonly serviceToken: unknown }>['system']

/** Those with a service token, which the schedule refreshes ahead. Not filtered from all: the schedule's package has no other. */
export const REFRESHED_VENDORS: readonly (RefreshedVendor<ServiceTokenSettings> & {
  readonly system: RefreshedSystem
})[] = [cecProfile, oiapProfile, oiapThirdPartyProfile]
