/** The access token's claims, and the body of the route that issues it. */

import * as z from 'zod/mini'
import type { Scope } from './callers.ts'
import { Jti, seconds, Version } from './enterprise-token.ts'
import {
  CHAT_USER_ID_CHARACTERS,
  CHAT_USER_ID_EXPECTED,
  TenantSpaceId,
  type UserIdSettings,
  UserName,
  userId,
} from './ids.ts'
import { RtcChannelId } from './rtc-channel.ts'
import { lengthInCodePoints } from './text.ts'

/** What a page may be allowed to do, for its own user and nobody else. */
export const ACCESS_SCOPES = [
  'chat-token:issue',
  'chat:relay',
  'live-token:issue',
  'rtc-token:issue',
] as const satisfies readonly Scope[]
export type AccessScope = (typeof ACCESS_SCOPES)[number]

/** The `aud` of every access token of a stage: the routes that lead to the vendors. */
export const accessAudience = (issuer: string): string => `${issuer}/upstream`

const each = (once: string) =>
  z.refine<readonly unknown[]>((list) => new Set(list).size === list.length, {
    error: once,
    params: { uniqueItems: true },
  })

const scopes = z
  .array(z.enum(ACCESS_SCOPES, `expected scopes out of ${ACCESS_SCOPES.join(', ')}`), 'expected a list')
  .check(
    z.minLength(1, 'expected at least one scope'),
    z.maxLength(ACCESS_SCOPES.length, `expected at most ${ACCESS_SCOPES.length} scopes`),
    each('expected each scope once'),
  )

/** More would not fit into the largest token that is taken. */
const MOST_CHANNELS = 4

/** The RTC channels that the token's user may enter. Any other would let a page into other people's calls. */
const rtcChannelIds = z
  .array(RtcChannelId, 'expected a list')
  .check(
    z.minLength(1, 'expected at least one channel'),
    z.maxLength(MOST_CHANNELS, `expected at most ${MOST_CHANNELS} channels`),
    each('expected each channel once'),
  )

/** For documents: a request whose scopes hold this one. */
const withScope = (scope: AccessScope) => ({
  required: ['scopes'],
  properties: { scopes: { type: 'array', contains: { const: scope } } },
})

const NAMES_CHANNELS = { required: ['rtcChannelIds'], properties: { rtcChannelIds: true } }

const CHANNELS_FIT = {
  path: ['rtcChannelIds'],
  message: 'expected rtcChannelIds with the scope rtc-token:issue, and only then',
  params: {
    if: withScope('rtc-token:issue'),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: NAMES_CHANNELS,
    else: { not: NAMES_CHANNELS },
  },
}

interface Granted {
  readonly scopes: readonly string[]
  readonly rtcChannelIds?: readonly string[] | undefined
}

const channelsFit = ({ scopes, rtcChannelIds }: Granted): boolean =>
  scopes.includes('rtc-token:issue') === (rtcChannelIds !== undefined)

/** RFC 9068, section 2.2. All required, no others: what we do not put in, we do not accept. */
export const AccessTokenClaims = z
  .strictObject({
    iss: z.string('expected a string'),
    aud: z.string('expected a string'),
    sub: z.string('expected a string').check(z.minLength(1)),
    name: z.string('expected a string').check(z.minLength(1)),
    tenantSpaceId: TenantSpaceId,
    /** RFC 8693, section 4.2: one blank between two. */
    scope: z.pipe(
      z.pipe(
        z.string('expected a string'),
        z.transform((text) => text.split(' ')),
      ),
      scopes,
    ),
    rtcChannelIds: z.optional(rtcChannelIds),
    /** The back end that asked for the token, by its callerId. */
    client_id: z.string('expected a string').check(z.minLength(1)),
    jti: Jti,
    ver: Version,
    iat: seconds,
    exp: seconds,
  })
  .check(z.refine(({ scope, rtcChannelIds }) => channelsFit({ scopes: scope, rtcChannelIds }), CHANNELS_FIT))

export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>

/**
 * POST /access-tokens. Our own route: unknown members are refused. An identity provider's back end need not name its
 * tenant. A user who is to chat has an id that the chat takes: else the first message would be refused.
 */
export const accessTokenRequest = (settings: UserIdSettings) =>
  z
    .strictObject({
      userId: userId(settings),
      userName: UserName,
      tenantSpaceId: z.optional(TenantSpaceId),
      scopes,
      rtcChannelIds: z.optional(rtcChannelIds),
    })
    .check(
      z.refine(
        ({ userId, scopes }) =>
          !scopes.includes('chat:relay') || lengthInCodePoints(userId) <= CHAT_USER_ID_CHARACTERS,
        {
          path: ['userId'],
          error: CHAT_USER_ID_EXPECTED,
          params: {
            if: withScope('chat:relay'),
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
            then: { properties: { userId: { maxLength: CHAT_USER_ID_CHARACTERS } } },
          },
        },
      ),
      z.refine(channelsFit, CHANNELS_FIT),
    )

export type AccessTokenRequest = z.infer<ReturnType<typeof accessTokenRequest>> & {
  readonly tenantSpaceId: string
}
