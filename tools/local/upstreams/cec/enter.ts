/** The three credentials that every call within a chat carries. */

import { type Call, header, type Reply } from '../call.ts'
import { authorize } from './authorize.ts'
import { cecError } from './errors.ts'
import type { CecState, ChatSession } from './state.ts'

/** The chat of a call whose AccessToken, app key and chat token are good and of one tenant, or the refusal. */
export const enter = (call: Call, state: CecState): { session: ChatSession } | { refusal: Reply } => {
  const authorized = authorize(call, state)
  if ('refusal' in authorized) return authorized
  const session = state.sessionOfChatToken(header(call, 'ccmessaging-token'))
  if (session === undefined || session.tenantSpaceId !== authorized.app.tenantSpaceId) {
    return { refusal: cecError(401, "ccmessaging-token is unknown, has expired or is another tenant's") }
  }
  return { session }
}
