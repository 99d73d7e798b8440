/** Alibaba, tried once: a token for a user of a doctor's own. Tokens that are only computed are computed. */

import type { Deadline } from '../concurrency/deadline.ts'
import { liveContext } from '../vendors/live/context.ts'
import { liveImProfile } from '../vendors/live/im/profile.ts'
import { liveImToken } from '../vendors/live/im/token.ts'
import { liveMessageTokens } from '../vendors/live/message-token.ts'
import { liveProfile } from '../vendors/live/profile.ts'
import { liveRtcProfile } from '../vendors/live/rtc/profile.ts'
import { liveUserId } from '../vendors/live/user-id.ts'
import { tenantSettings } from '../vendors/tenant-settings.ts'
import { attempt } from './attempt.ts'
import { DOCTOR } from './doctor-user.ts'
import type { Finding } from './findings.ts'
import type { TenantQuestion } from './question.ts'

type Shared = Parameters<typeof liveContext>[0]

const DEVICE = { DeviceId: 'doctor', DeviceType: 'web' } as const

/** GetMessageToken, and whether the user's id that was asked about fits Alibaba's pattern. */
export const tryLive = async (
  shared: Shared,
  { tenantSpaceId, userId }: TenantQuestion,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const place = { system: liveProfile.system, tenantSpaceId }
  const call = await attempt({ ...place, field: 'endpoint' }, () =>
    liveMessageTokens(liveContext(shared))(tenantSpaceId, { ...DEVICE, UserId: DOCTOR }, deadline),
  )
  if (!call.isGood) return [call.wrong]
  if (userId === undefined) return []
  const form = await attempt(place, async () =>
    liveUserId(userId, await tenantSettings(shared.secrets, liveProfile)(tenantSpaceId, { deadline })),
  )
  return form.isGood ? [] : [form.wrong]
}

/** Nobody is called: the settings must be good, and the id must fit. */
export const tryLiveIm = async (
  { secrets, runtime }: Shared,
  { tenantSpaceId, userId = 'doctor' }: TenantQuestion,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const order = { userId, role: '', holder: 'page' } as const
  const token = await attempt({ system: liveImProfile.system, tenantSpaceId }, async () =>
    liveImToken(runtime)(order, await tenantSettings(secrets, liveImProfile)(tenantSpaceId, { deadline })),
  )
  return token.isGood ? [] : [token.wrong]
}

export const tryLiveRtc = async (
  { secrets }: Shared,
  { tenantSpaceId }: TenantQuestion,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const settings = await attempt({ system: liveRtcProfile.system, tenantSpaceId }, () =>
    tenantSettings(secrets, liveRtcProfile)(tenantSpaceId, { deadline }),
  )
  return settings.isGood ? [] : [settings.wrong]
}
