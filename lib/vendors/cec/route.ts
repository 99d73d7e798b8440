/** What the routes of a chat have in common: the chat that a request is about. */

import { requireUser, tenantOf } from '../../http/principal.ts'
import type { CallerRequest } from '../../http/route.ts'
import type { Chat } from './chat-call.ts'
import { chatTokenOf, type NamedUser } from './requests.ts'

/**
 * The chat of the caller's tenant whose token the request has in `ccmessaging-token`. A user that the request names must be the
 * caller's own. The calls for files name none: the chat token alone says whose the chat is, and CEC judges it. Throws
 * USER_FORBIDDEN, what `tenantOf` throws, and CHAT_TOKEN_REFUSED. Notes tenant and named user.
 */
export const chatOf = (
  { caller, header, note, answerHeader }: Pick<CallerRequest, 'caller' | 'header' | 'note' | 'answerHeader'>,
  user?: NamedUser,
): Chat => {
  if (user !== undefined) requireUser(caller, user.userId, user.field)
  const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
  note({ tenantSpaceId, ...(user === undefined ? {} : { userId: user.userId }) })
  return {
    tenantSpaceId,
    chatToken: chatTokenOf(header('ccmessaging-token')),
    onRenewed: (chatToken) => answerHeader('ccmessaging-token', chatToken),
  }
}
