/** CEC's chat calls, relayed: the caller's chat token goes through, the tenant's secrets are added on the way. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import { NO_ANSWER, type Reply } from '../../outbound/outbound.ts'
import { jsonObject } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import type { Attempt } from '../vendor-context.ts'
import { refusesBearer, stillRefused } from './bearer-call.ts'
import type { CecContext } from './context.ts'
import { cecRefusal } from './refusals.ts'
import type { CecSettings } from './settings.ts'
import { tenantCall } from './tenant-call.ts'
import { ChatToken } from './wire.ts'

const MAX_BYTES = 256 * 1024

/** What CEC answers to a poll that found nothing: a cut poll answers the same. */
const NOTHING_NEW = { resultCode: '0', resultDesc: '', downlinkMessages: [] } as const

/** A visitor's chat: the token that the page has, and who hears of the token that takes its place. */
export interface Chat {
  readonly tenantSpaceId: string
  readonly chatToken: string
  /** CEC renews the token with any answer, a failure's included; the last one counts. */
  readonly onRenewed: (chatToken: string) => void
}

export interface Poll {
  readonly receiverId: string
  readonly channel: string
  /** How long it may hang. */
  readonly seconds: number
}

interface ChatCall {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
  readonly atMostMs?: number
}

/**
 * Sends a message, or polls for the other side's. Both texts pass as they were written, answers within 256 KiB; only a
 * 200 with a JSON object that repeats none of the tenant's secrets does. Throws CHAT_TOKEN_REFUSED, the UPSTREAM_… codes
 * and TENANT_WITHOUT_SYSTEM. A message is never sent twice, except after a refusal of the AccessToken.
 */
export const chatRelay = ({ credentials, callWithBearer, outbound }: CecContext) => {
  const relay = (chat: Chat, call: ChatCall, deadline: Deadline): Promise<string> => {
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
          return outbound({ ...made, headers, onHeaders }, deadline).catch(cutPoll(call))
        }
        const { reply, accessToken } = await callWithBearer(attempt, { send, isAmbiguous: true })
        if (reply.status === 401) throw chatTokenRefused()
        if (reply.status !== 200 || jsonObject(reply) === undefined) throw refusal(reply)
        if (reply.isUtf8 === false) throw new UpstreamFailure('unexpected-reply', { reason: 'not UTF-8' })
        if (repeatsSecret(reply.text, attempt, accessToken)) {
          throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
        }
        return reply.text
      },
      deadline,
    )
  }

  return {
    send: (chat: Chat, body: string, deadline: Deadline): Promise<string> =>
      relay(chat, { path: '/send', method: 'POST', body }, deadline),

    poll: async (chat: Chat, { receiverId, channel, seconds }: Poll, deadline: Deadline): Promise<string> => {
      const path = `/poll?${new URLSearchParams({ receiverId, channel })}`
      try {
        return await relay(chat, { path, method: 'GET', atMostMs: seconds * 1000 }, deadline)
      } catch (error) {
        if (error instanceof PollCut) return JSON.stringify(NOTHING_NEW)
        throw error
      }
    },
  }
}

const outboundCall = (
  { tenantSpaceId, settings }: Attempt<CecSettings>,
  { path, method, body, atMostMs }: ChatCall,
) => ({
  tenantSpaceId,
  url: settings.chatUrl.replace(/\/$/, '') + path,
  method,
  ...tenantCall(settings, {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }),
  ...(body === undefined ? {} : { body }),
  isRepeatable: method === 'GET',
  maxBytes: MAX_BYTES,
  ...(atMostMs === undefined ? {} : { atMostMs }),
})

const bearers = ({ appKey }: CecSettings, chatToken: string, accessToken: string) => ({
  'ccmessaging-token': chatToken,
  'x-app-key': appKey,
  authorization: `Bearer ${accessToken}`,
})

class PollCut extends Error {}

/** A poll that was heard and hangs for as long as it may is no failure; everything else that takes too long is. */
const cutPoll =
  ({ atMostMs }: ChatCall) =>
  (error: unknown): never => {
    const isQuiet =
      error instanceof BridgeError && error.code === 'UPSTREAM_TIMEOUT' && error.detail.reason === NO_ANSWER
    throw isQuiet && atMostMs !== undefined ? new PollCut() : error
  }

/** CEC says 401 for either token; after all that was allowed for the AccessToken, it is taken for the caller's. */
const chatTokenRefused = (): BridgeError =>
  new BridgeError(
    'CHAT_TOKEN_REFUSED',
    'ccmessaging-token: expected one that CEC still takes, ask applyToken for another',
  )

const refusal = (reply: Reply): UpstreamFailure =>
  refusesBearer(reply) ? stillRefused(reply) : cecRefusal('chat', reply)

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
