/** One call within a chat of CEC's, relayed: the caller's chat token goes through, the tenant's secrets are added on the way. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import type { OutboundCall, Reply } from '../../outbound/outbound.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import type { Attempt } from '../vendor-context.ts'
import { refusesBearer, stillRefused } from './bearer-call.ts'
import type { CecContext } from './context.ts'
import type { CecSettings } from './settings.ts'
import { tenantCall } from './tenant-call.ts'
import { ChatToken } from './wire.ts'

/** A visitor's chat: the token that the page has, and who hears of the token that takes its place. */
export interface Chat {
  readonly tenantSpaceId: string
  readonly chatToken: string
  /** CEC renews the token with any answer, a failure's included; the last one counts. */
  readonly onRenewed: (chatToken: string) => void
}

export interface ChatCall
  extends Pick<OutboundCall, 'method' | 'body' | 'isRepeatable' | 'isFinal' | 'maxBytes' | 'atMostMs'> {
  /** Behind the tenant's `chatUrl`. */
  readonly path: string
  /** What is wrong with an answer that is neither 401 nor about the AccessToken; undefined for a good one. */
  readonly failureIn: (reply: Reply) => BridgeError | undefined
  /** Throws what no answer, or none that could be read, means to this call. Default the error that it is given. */
  readonly onError?: (error: unknown) => never
}

export type CallInChat = (chat: Chat, call: ChatCall, deadline: Deadline) => Promise<string>

/**
 * Makes one call and gives the answer as it was written: one that the call takes for good, in UTF-8, which repeats none of the
 * tenant's secrets. Whose the chat is, and whether it is of this tenant, is CEC's to say: it is shown the chat token together with
 * the tenant's AccessToken. Throws CHAT_TOKEN_REFUSED, the UPSTREAM_… codes and TENANT_WITHOUT_SYSTEM. A call that must not be
 * repeated is sent once, except after a refusal of the AccessToken.
 */
export const callInChat =
  ({ credentials, callWithBearer, outbound }: CecContext): CallInChat =>
  (chat, call, deadline) => {
    const { tenantSpaceId, onRenewed } = chat
    // Of two tries the first may bring the token that the second needs.
    let { chatToken } = chat
    return credentials(
      tenantSpaceId,
      async (attempt) => {
        const send = (accessToken: string): Promise<Reply> => {
          const onHeaders = (headers: Reply['headers']): void => {
            const renewed = renewedToken(headers, attempt, accessToken)
            if (renewed === undefined) return
            chatToken = renewed
            onRenewed(renewed)
          }
          const made = outboundCall(attempt, call)
          // Made anew for each try: of two, the first may have renewed the token.
          const headers = () => ({ ...made.headers, ...bearers(attempt.settings, chatToken, accessToken) })
          return outbound({ ...made, headers, onHeaders }, deadline).catch(call.onError)
        }
        const { reply, accessToken } = await callWithBearer(attempt, { send, isAmbiguous: true })
        if (reply.status === 401) throw chatTokenRefused()
        if (refusesBearer(reply)) throw stillRefused(reply)
        const failure = call.failureIn(reply)
        if (failure !== undefined) throw failure
        if (reply.isUtf8 === false) throw new UpstreamFailure('unexpected-reply', { reason: 'not UTF-8' })
        if (repeatsSecret(reply.text, attempt, accessToken)) {
          throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
        }
        return reply.text
      },
      deadline,
    )
  }

const outboundCall = (
  { tenantSpaceId, settings }: Attempt<CecSettings>,
  { path, failureIn: _, onError: __, ...call }: ChatCall,
) => ({
  ...call,
  tenantSpaceId,
  url: settings.chatUrl.replace(/\/$/, '') + path,
  ...tenantCall(settings, {
    accept: 'application/json',
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  }),
})

const bearers = ({ appKey }: CecSettings, chatToken: string, accessToken: string) => ({
  'ccmessaging-token': chatToken,
  'x-app-key': appKey,
  authorization: `Bearer ${accessToken}`,
})

/** CEC says 401 for either token; after all that was allowed for the AccessToken, it is taken for the caller's. */
const chatTokenRefused = (): BridgeError =>
  new BridgeError(
    'CHAT_TOKEN_REFUSED',
    'ccmessaging-token: expected one that CEC still takes, ask applyToken for another',
  )

const repeatsSecret = (answer: string, { settings }: Attempt<CecSettings>, accessToken: string): boolean =>
  holdsSecret(answer, [accessToken, settings.appSecret, settings.appKey])

/** Of several such header lines, which Node joins, the last one counts. */
const renewedToken = (
  headers: Reply['headers'],
  attempt: Attempt<CecSettings>,
  accessToken: string,
): string | undefined => {
  const result = ChatToken.safeParse(
    String(headers['ccmessaging-token'] ?? '')
      .split(', ')
      .at(-1),
  )
  return result.success && !repeatsSecret(result.data, attempt, accessToken) ? result.data : undefined
}
