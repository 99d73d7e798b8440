/** What callers may ask of CEC (seed 000 and the interface references): applyToken and the chat calls. */

import * as z from 'zod/mini'
import { BridgeError } from '../../errors.ts'
import {
  CHAT_USER_ID_CHARACTERS,
  CHAT_USER_ID_EXPECTED,
  type UserIdSettings,
  UserName,
  userId,
} from '../../schemas/ids.ts'
import { identifier, lengthInCodePoints, text } from '../../schemas/text.ts'
import { ChatToken } from './wire.ts'

/** Language alone in 2023's document, language and country in 2025's. */
const Locale = z
  .string('expected a string')
  .check(z.regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'expected a language such as "en" or "en_US"'))

/**
 * applyToken's body. Table 2 puts the four members into `reqBody`, the example does not: both forms are read as one, and a mixture
 * of them has members too many. Whatever came, the flat form is what comes out.
 */
export const applyTokenRequest = (settings: UserIdSettings) =>
  z.pipe(
    z.transform(unwrapped),
    z.strictObject(
      { userId: userId(settings), userName: UserName, channelId: text(128), locale: Locale },
      { error: ({ code }) => (code === 'invalid_type' ? 'expected a JSON object' : undefined) },
    ),
  )

/** What stands inside `reqBody`, where a body has that member alone: CEC's tables write it so, and its examples do not. */
export const unwrapped = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return body
  const [[name, inner] = [], ...others] = Object.entries(body)
  return name === 'reqBody' && others.length === 0 ? inner : body
}

export type ApplyTokenRequest = z.infer<ReturnType<typeof applyTokenRequest>>

/**
 * Throws BODY_INVALID where the chat would refuse the id of a user who calls for itself and may chat: at its first
 * message, long after this one. A back end's users may chat elsewhere, or not at all.
 */
export const requireChatUserId = (
  caller: { readonly userId?: string; readonly scopes: readonly string[] },
  userId: string,
): void => {
  const mayChat = caller.userId !== undefined && caller.scopes.includes('chat:relay')
  if (mayChat && isLongForChat(userId))
    throw new BridgeError('BODY_INVALID', `userId: ${CHAT_USER_ID_EXPECTED}`, { detail: { field: 'userId' } })
}

export const isLongForChat = (userId: string): boolean => lengthInCodePoints(userId) > CHAT_USER_ID_CHARACTERS

/** What the relay looks at in a message; the rest is CEC's to judge. `from` is the userId, here 1 to 24 code points. */
export const ChatMessage = z
  .looseObject({
    from: identifier(CHAT_USER_ID_CHARACTERS),
    controlType: z.enum(
      ['CONNECT', 'CHAT', 'TRANS2AGENT', 'INPUT', 'READ', 'DISCONNECT'],
      'expected one of CONNECT, CHAT, TRANS2AGENT, INPUT, READ, DISCONNECT',
    ),
  })
  .check(
    // A parser that does not mind the case of names would take such a member for the sender.
    z.refine(
      (message) => !Object.keys(message).some((name) => name !== 'from' && name.toLowerCase() === 'from'),
      {
        path: ['from'],
        message: 'expected no other spelling of this member',
        params: { patternProperties: { '^(?!from$)[Ff][Rr][Oo][Mm]$': false } },
      },
    ),
    // CEC's tables put a message into this member: a second one in it might have another sender.
    z.refine((message) => !Object.keys(message).some((name) => name.toLowerCase() === 'reqbody'), {
      path: ['reqBody'],
      message: 'expected its members beside each other, as in the example of the document',
      params: { patternProperties: { '^[Rr][Ee][Qq][Bb][Oo][Dd][Yy]$': false } },
    }),
  )

/** A user whom a request names, and the member that does. */
export interface NamedUser {
  readonly userId: string
  readonly field: string
}

/** Unknown members are ignored, as in a message (jQuery adds `_`): what CEC is asked is written anew from these two. */
export const PollQuery = z.object({
  receiverId: identifier(CHAT_USER_ID_CHARACTERS),
  channel: z._default(text(32), 'WEB'),
})

/** The chat token of a request. Throws CHAT_TOKEN_REFUSED without a usable one. */
export const chatTokenOf = (header: string | undefined): string => {
  const result = ChatToken.safeParse(header)
  if (result.success) return result.data
  throw new BridgeError('CHAT_TOKEN_REFUSED', 'ccmessaging-token: expected the token of an applyToken call')
}
