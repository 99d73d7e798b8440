/** The calls of a chat, with both tokens kept: the access token of this API, and CEC's chat token. */

import type { AccessTokens } from './access-token.ts'
import { ask, type Members } from './ask.ts'
import type { Environment } from './environment.ts'
import { CHAT_TOKEN_DEAD, type ClientError, fail } from './errors.ts'

export interface ChatOf {
  /** The base address of the API, such as `https://….execute-api.….amazonaws.com`. */
  readonly api: string | URL
  readonly userId: string
  readonly userName: string
  /** The id of the web channel's configuration. */
  readonly channelId: string
  /** Such as `en` or `en_US`. */
  readonly locale: string
}

export interface ChatToken {
  readonly token: string
  /** The time by the page's monotonic clock before the call that brought it. */
  readonly since: number
}

/** Members of CEC's own message; those that are left out are filled in. */
export type ChatMessage = Readonly<Record<string, string>>

/** A message to the user, as CEC delivers it. */
export interface DownlinkMessage {
  readonly controlType?: string
  readonly content?: string
  readonly [member: string]: unknown
}

export interface ChatCalls {
  /** Gets a chat token. It very likely ends another chat of the same user in the same channel. */
  applyToken(signal: AbortSignal): Promise<void>
  /** Sends a text, or a message of CEC's members. */
  send(message: string | ChatMessage, signal: AbortSignal): Promise<void>
  /** What has come, after up to the API's `pollSeconds` if that is nothing. */
  poll(signal: AbortSignal): Promise<readonly DownlinkMessage[]>
  /** Another call of CEC's chat, such as `uploadFileStream`, with its own members. Resolves to those of the answer. */
  ask(name: string, body: object, signal: AbortSignal): Promise<Members>
  /** The token of this moment; undefined before `applyToken`. */
  chatToken(): ChatToken | undefined
}

export interface CallsOf extends ChatOf {
  readonly tokens: AccessTokens
  /** Goes on with the token of another tab. */
  readonly known?: ChatToken | undefined
  /** Called for each new chat token. */
  readonly onToken?: () => void
}

/** A chat token lives for an hour. From here on CEC may renew it, in an answer that a short poll would not wait for. */
const NEAR_ITS_END_MS = 50 * 60_000
const LONG_POLL = { prefer: 'wait=25' }
/** Longer than this nobody waits in front of a page: the caller is told instead. */
const LONGEST_WAIT_SECONDS = 30
const LATER = [429, 503]
const JSON_BODY = { 'content-type': 'application/json' }
const HEADER = 'ccmessaging-token'

interface Call {
  readonly path: string
  readonly signal: AbortSignal
  readonly body?: object | undefined
}

export const chatCalls = (environment: Environment, options: CallsOf): ChatCalls => {
  const { clock, wallClock } = environment
  const { tokens, userId, userName, channelId, locale, known, onToken } = options
  const base = `${String(options.api).replace(/\/+$/, '')}/apiaccess/ccmessaging/`
  let held = known

  const hold = (token: string, since: number): void => {
    held = { token, since }
    onToken?.()
  }

  /** One call with the tokens of this moment. */
  const once = (accessToken: string, { path, signal, body }: Call): Promise<Members> => {
    const since = clock.now()
    const isOld = held && since - held.since >= NEAR_ITS_END_MS
    return ask(environment, base + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(held && { [HEADER]: held.token }),
        ...(body ? JSON_BODY : isOld && LONG_POLL),
      },
      ...(body && { body: JSON.stringify(body) }),
      credentials: 'omit',
      signal,
      onAnswer: ({ headers }) => {
        const renewed = headers.get(HEADER)
        if (renewed) hold(renewed, since)
      },
    })
  }

  /**
   * A 401 is repeated once with what is new: of the access token with the next one, of a chat token that died on its way, since
   * another answer brought the next one, with that.
   */
  const call = async (of: Call): Promise<Members> => {
    const before = held?.token
    const accessToken = await tokens.get(of.signal)
    const answer = await once(accessToken, of).catch(async (error: ClientError) => {
      if (error.status !== 401) throw error
      const isChatToken = error.code === CHAT_TOKEN_DEAD
      if (isChatToken && held?.token === before) throw error
      return once(await tokens.get(of.signal, isChatToken ? undefined : accessToken), of)
    })
    const { resultCode = '0', resultDesc } = answer
    // CEC refuses some messages with status 200.
    return String(resultCode) === '0' ? answer : fail(String(resultCode), String(resultDesc), { status: 200 })
  }

  /** "Later" in so many seconds means that nothing has been done: asked once more then. */
  const patiently = (of: Call): Promise<Members> =>
    call(of).catch(async (error: ClientError) => {
      const { status = 0, retryAfterSeconds = Number.POSITIVE_INFINITY } = error
      if (!LATER.includes(status) || retryAfterSeconds > LONGEST_WAIT_SECONDS) throw error
      await clock.pause(retryAfterSeconds * 1000, of.signal)
      return call(of)
    })

  return {
    chatToken: () => held,
    ask: (name, body, signal) => patiently({ path: name, signal, body }),
    applyToken: async (signal) => {
      held = undefined
      const since = clock.now()
      const body = { userId, userName, channelId, locale }
      const { token } = await patiently({ path: 'applyToken', signal, body })
      if (typeof token !== 'string' || !token) return fail('ANSWER', 'token: expected a string')
      hold(token, since)
    },
    send: async (message, signal) => {
      const body = {
        controlType: 'CHAT',
        channel: 'WEB',
        from: userId,
        to: channelId,
        sourceType: 'CUSTOMER',
        mediaType: 'TEXT',
        timestamp: String(wallClock()),
        ...(typeof message === 'string' ? { content: message } : message),
      }
      await patiently({ path: 'send', signal, body })
    },
    poll: async (signal) => {
      const query = new URLSearchParams({ channel: 'WEB', receiverId: userId })
      const { downlinkMessages = [] } = await call({ path: `poll?${query}`, signal })
      return Array.isArray(downlinkMessages)
        ? downlinkMessages
        : fail('ANSWER', 'downlinkMessages: expected a list')
    },
  }
}
