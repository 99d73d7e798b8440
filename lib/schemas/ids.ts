/** Names and ids that several contracts share. */

import * as z from 'zod/mini'
import { identifier, personName } from './text.ts'
import { TEXT_RULES, type TextRule } from './text-rules.ts'

export const TENANT_SPACE_ID = /^[A-Za-z0-9_-]{1,64}$/

/** Ids that become part of a secret's name or a token's audience. */
export const TenantSpaceId = z
  .string('expected a string')
  .check(z.regex(TENANT_SPACE_ID, 'expected 1 to 64 letters, digits, underscores or hyphens'))

/** CEC's document: "a string of 1 to 32 characters" (applyToken, table 3), and no word about which. */
export const MOST_USER_ID_CHARACTERS = 32

/** CEC's chat calls take 1 to 24 characters where its applyToken takes 32. */
export const CHAT_USER_ID_CHARACTERS = 24
export const CHAT_USER_ID_EXPECTED = `expected 1 to ${CHAT_USER_ID_CHARACTERS} characters of a user who may chat`

/** What a stage may say about its user ids. */
export interface UserIdSettings {
  /** The inside of a character class, as lib/schemas/character-set.ts makes it. Left out: all that the text rules take. */
  readonly USER_ID_CHARACTERS?: string | undefined
  readonly USER_ID_MAX_LENGTH: number
}

/** The table for user ids of a stage: what every text is held to, and then the stage's own set of characters. */
export const userIdRules = ({ USER_ID_CHARACTERS: characters }: UserIdSettings): readonly TextRule[] =>
  characters === undefined ? TEXT_RULES : [...TEXT_RULES, onlyOf(characters)]

/** A user's id, of the characters and the length that the stage allows. Never changed, never case-folded. */
export const userId = (settings: UserIdSettings): z.ZodMiniString<string> =>
  identifier(settings.USER_ID_MAX_LENGTH, userIdRules(settings))

const onlyOf = (characters: string): TextRule => ({
  refused: `[^${characters}]`,
  says: 'expected only characters of USER_ID_CHARACTERS',
})

/** CEC shows it to agents. 1 to 256 characters, of form NFC whatever form it came in. */
export const UserName = personName()

/** An agent's account in CEC. No document at hand says which characters it may have, or how many. */
export const UserAccount = identifier(64)
