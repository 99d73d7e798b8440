/** CEC, tried once: the login, a chat token for a user of a doctor's own, and the address of the chat. */

import type { Deadline } from '../concurrency/deadline.ts'
import { CHAT_USER_ID_EXPECTED } from '../schemas/ids.ts'
import { chatTokenIssuer } from '../vendors/cec/apply-token.ts'
import { chatRelay } from '../vendors/cec/chat.ts'
import { cecContext } from '../vendors/cec/context.ts'
import { cecProfile } from '../vendors/cec/profile.ts'
import { isLongForChat } from '../vendors/cec/requests.ts'
import type { Connection } from '../vendors/connection.ts'
import { serviceTokenSource, serviceTokens } from '../vendors/service-token-source.ts'
import { attempt } from './attempt.ts'
import { DOCTOR } from './doctor-user.ts'
import { type Cause, type Finding, finding } from './findings.ts'
import type { TenantQuestion } from './question.ts'

/** A channel that no tenant has. */
const NO_CHANNEL = 'doctor'
const POLL_SECONDS = 1
/** Of a poll in a chat that nobody has begun: CEC has answered, and that is all that is asked. */
const ANSWERED: ReadonlySet<Cause> = new Set<Cause>(['REQUEST_REFUSED', 'CHANNEL_REFUSED'])

/**
 * A stored AccessToken serves, as it does for every request: it was given for these very credentials. No chat is begun, so that no
 * agent sees anything. Without a `channelId` CEC is asked for a channel that does not exist: its refusal then says that all
 * before it is right.
 */
export const tryCec = async (
  shared: Connection,
  { tenantSpaceId, channelId, userId }: TenantQuestion,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const place = { system: cecProfile.system, tenantSpaceId }
  const source = serviceTokenSource(shared, cecProfile)
  const accessTokens = serviceTokens(source, shared.tokens)
  const login = await attempt({ ...place, field: 'tokenUrl' }, () =>
    source.credentials(tenantSpaceId, (credentials) => accessTokens.get(credentials), deadline),
  )
  const ofUser = userId !== undefined && isLongForChat(userId) ? [longForChat(place)] : []
  if (!login.isGood) return [login.wrong, ...ofUser]

  const context = cecContext(shared)
  const request = { userId: DOCTOR, userName: 'Doctor', channelId: channelId ?? NO_CHANNEL, locale: 'en' }
  const chat = await attempt({ ...place, field: 'applyTokenUrl' }, () =>
    chatTokenIssuer(context)(tenantSpaceId, request, deadline),
  )
  const untried = channelId === undefined ? [finding(place, 'CHANNEL_UNTRIED')] : []
  if (!chat.isGood) {
    const isAboutChannel = chat.wrong.cause === 'CHANNEL_REFUSED' && channelId === undefined
    return [...(isAboutChannel ? untried : [behindLogin(chat.wrong)]), ...ofUser]
  }

  const visitor = { tenantSpaceId, chatToken: chat.result.token, onRenewed: () => undefined }
  const poll = { receiverId: DOCTOR, channel: 'WEB', seconds: POLL_SECONDS }
  const polled = await attempt({ ...place, field: 'chatUrl' }, () =>
    chatRelay(context).poll(visitor, poll, deadline),
  )
  const wrong = polled.isGood || ANSWERED.has(polled.wrong.cause) ? [] : [behindLogin(polled.wrong)]
  return [...wrong, ...untried, ...ofUser]
}

/** The key was taken a moment ago: what is refused now, a box before CEC refuses. */
const behindLogin = (wrong: Finding): Finding =>
  wrong.cause === 'KEY_OR_ADDRESS_REFUSED' ? { ...wrong, cause: 'ADDRESS_OR_FIREWALL' } : wrong

const longForChat = (place: { readonly system: string; readonly tenantSpaceId: string }): Finding =>
  finding({ ...place, field: 'userId' }, 'USER_ID_PATTERN', { expected: CHAT_USER_ID_EXPECTED })
