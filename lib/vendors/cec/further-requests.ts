/**
 * What callers may ask of CEC's further chat calls, each in the form of its document's example. Nothing but the documented members
 * passes: another one might name another user.
 */

import * as z from 'zod/mini'
import { CHAT_USER_ID_CHARACTERS } from '../../schemas/ids.ts'
import { identifier, limited, text } from '../../schemas/text.ts'
import { ChatMessage, type NamedUser } from './requests.ts'

const strict = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'invalid_type' ? 'expected a JSON object' : undefined),
  })

const channel = z.literal('WEB', 'expected "WEB"')
const user = identifier(CHAT_USER_ID_CHARACTERS)
const digits = z.string('expected a string').check(z.regex(/^\d{1,6}$/, 'expected 1 to 6 digits'))
/** What people write: line breaks belong in it. */
const words = (most: number) => limited(z.string('expected a string'), most)

/** queryHistoryChatMessage, cec_07_0104. The page of 2023 has no `channel`, that of 2025 must have it. How times are written is not said. */
const HistoryQuery = strict({
  channelId: text(128),
  userId: user,
  startTime: z.optional(text(64)),
  endTime: z.optional(text(64)),
  limit: digits,
  offset: digits,
  channel: z.optional(channel),
})

/** doLeaveMessage, cec_07_0107: `callId` is the user's id, `caller` the number to call back. No page limits the message. */
const LeftMessage = strict({ callId: user, caller: text(64), leaveMessage: words(4096), channel })

/** getsatisfactionsurveymode, cec_07_0113. Before 2025 it had no member, and no body. */
const SurveyQuery = strict({
  language: z.optional(
    z
      .string('expected a string')
      .check(z.regex(/^([a-z]{2}_[A-Z]{2})?$/, 'expected a language such as "en_US", or ""')),
  ),
})

/** saveSatisfaction, cec_07_0115. Table 2 puts the members into `satisfication`, the example does not. */
const Satisfaction = strict({
  channel,
  userId: user,
  evaluation: z.enum(['1', '2', '3', '4', '5'], 'expected one of 1, 2, 3, 4, 5'),
  comment: words(511),
  channelConfigId: text(128),
  npsScore: z.optional(z.string('expected a string').check(z.regex(/^\d$/, 'expected 0 to 9'))),
  fcrValue: z.optional(z.enum(['1', '2'], 'expected 1 or 2')),
})

/** Each call by CEC's name for it: its body, the user whom it names, and whether doing it twice does no harm. */
export const FURTHER_CALLS = {
  sendAsync: { body: ChatMessage, userField: 'from', isRepeatable: false },
  queryHistoryChatMessage: { body: HistoryQuery, userField: 'userId', isRepeatable: true },
  doLeaveMessage: { body: LeftMessage, userField: 'callId', isRepeatable: false },
  getsatisfactionsurveymode: { body: SurveyQuery, userField: undefined, isRepeatable: true },
  saveSatisfaction: { body: Satisfaction, userField: 'userId', isRepeatable: false },
} as const satisfies Record<
  string,
  {
    readonly body: z.ZodMiniType<object>
    readonly userField: string | undefined
    readonly isRepeatable: boolean
  }
>

export type FurtherCall = keyof typeof FURTHER_CALLS

/** The user whom a checked body names, and the member that does; undefined for the survey, which is the tenant's. */
export const userOf = (name: FurtherCall, body: object): NamedUser | undefined => {
  const { userField: field } = FURTHER_CALLS[name]
  return field === undefined
    ? undefined
    : { field, userId: (body as Readonly<Record<string, string>>)[field] ?? '' }
}
