/** CEC's chat calls, relayed: the caller's chat token goes through, the tenant's secrets are added on the way. */

import type { Deadline } from '../../deadline.ts'
import { BridgeError } from '../../errors.ts'
import { ChatToken } from '../../schemas/cec.ts'
import type { CecSettings } from '../../schemas/upstream-settings.ts'
import type { Attempt } from '../credentials.ts'
import { holdsSecret } from '../echo.ts'
import { UpstreamFailure } from '../failures.ts'
import { NO_ANSWER, type OutboundCall, type Reply } from '../outbound.ts'
import { jsonObject } from '../replies.ts'
import { refusal } from './apply-token.ts'
import type { CecConnection } from './connection.ts'

const MAX_BYTES = 256 * 1024

/** What CEC answers to a poll that found nothing: a cut poll answers the same. */
const NOTHING_NEW = { resultCode: '0', resultDesc: '', downlinkMessages: [] } as const

export interface ChatDeps extends CecConnection {
  /** How long a poll may hang. */
  readonly pollSeconds: number
}

export interface Relayed {
  /** The vendor's answer as it came. */
  readonly text: string
  /** A chat token that takes the place of the caller's. */
  readonly renewedToken: string | undefined
}

interface ChatCall {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly chatToken: string
  readonly body?: string
  readonly atMostMs?: number
}

/**
 * Sends a message, or polls for the other side's. Answers pass unchanged within 256 KiB; only a 200 with a
 * JSON object that repeats none of the tenant's secrets does. Throws CHAT_TOKEN_REFUSED, the UPSTREAM_… codes and
 * TENANT_WITHOUT_SYSTEM. A message is never sent twice, except after a refusal of the AccessToken.
 */
export const chatRelay = ({ credentials, callWithBearer, outbound, pollSeconds }: ChatDeps) => {
  const relay = (tenantSpaceId: string, call: ChatCall, deadline: Deadline): Promise<Relayed> =>
    credentials(
      tenantSpaceId,
      async (attempt) => {
        const send = (accessToken: string) =>
          outbound(outboundCall(tenantSpaceId, attempt.settings, call, accessToken), deadline).catch(
            cutPoll(call),
          )
        const { reply, accessToken } = await callWithBearer(
          tenantSpaceId,
          attempt,
          { send, isAmbiguous: true },
          deadline,
        )
        if (reply.status === 401) throw chatTokenRefused()
        if (reply.status !== 200 || jsonObject(reply) === undefined) throw refusal(reply)
        if (repeatsSecret(reply.text, attempt, accessToken)) {
          throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
        }
        return { text: reply.text, renewedToken: renewedToken(reply, attempt, accessToken) }
      },
      deadline,
    )

  return {
    send: (tenantSpaceId: string, chatToken: string, body: string, deadline: Deadline): Promise<Relayed> =>
      relay(tenantSpaceId, { path: '/send', method: 'POST', chatToken, body }, deadline),

    poll: async (
      tenantSpaceId: string,
      chatToken: string,
      query: { readonly receiverId: string; readonly channel: string },
      deadline: Deadline,
    ): Promise<Relayed> => {
      const path = `/poll?${new URLSearchParams(query)}`
      try {
        return await relay(
          tenantSpaceId,
          { path, method: 'GET', chatToken, atMostMs: pollSeconds * 1000 },
          deadline,
        )
      } catch (error) {
        if (error instanceof PollCut) return { text: JSON.stringify(NOTHING_NEW), renewedToken: undefined }
        throw error
      }
    },
  }
}

const outboundCall = (
  tenantSpaceId: string,
  { chatUrl, appKey, ca }: CecSettings,
  { path, method, chatToken, body, atMostMs }: ChatCall,
  accessToken: string,
): OutboundCall => ({
  tenantSpaceId,
  url: chatUrl.replace(/\/$/, '') + path,
  method,
  headers: {
    accept: 'application/json',
    'ccmessaging-token': chatToken,
    'x-app-key': appKey,
    authorization: `Bearer ${accessToken}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(body === undefined ? {} : { body }),
  ca,
  isRepeatable: method === 'GET',
  maxBytes: MAX_BYTES,
  ...(atMostMs === undefined ? {} : { atMostMs }),
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

const repeatsSecret = (answer: string, { settings }: Attempt<CecSettings>, accessToken: string): boolean =>
  holdsSecret(answer, [accessToken, settings.appSecret, settings.appKey])

const renewedToken = (
  reply: Reply,
  attempt: Attempt<CecSettings>,
  accessToken: string,
): string | undefined => {
  const result = ChatToken.safeParse(reply.headers['ccmessaging-token'])
  return result.success && !repeatsSecret(result.data, attempt, accessToken) ? result.data : undefined
}
