/** The access token's claims, and the body of the route that issues it. */

import * as z from 'zod'
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
import { lengthInCodePoints } from './text.ts'

/** What a page may be allowed to do, for its own user and nobody else. */
export const ACCESS_SCOPES = [
  'chat-token:issue',
  'chat:relay',
  'live-token:issue',
] as const satisfies readonly Scope[]
export type AccessScope = (typeof ACCESS_SCOPES)[number]

/** The `aud` of every access token of a stage: the routes that lead to the vendors. */
export const accessAudience = (issuer: string): string => `${issuer}/upstream`

const scopes = z
  .array(z.enum(ACCESS_SCOPES, `expected scopes out of ${ACCESS_SCOPES.join(', ')}`), 'expected a list')
  .min(1, 'expected at least one scope')
  .max(ACCESS_SCOPES.length, `expected at most ${ACCESS_SCOPES.length} scopes`)
  .refine((list) => new Set(list).size === list.length, 'expected each scope once')

/** RFC 9068, section 2.2. All required, no others: what we do not put in, we do not accept. */
export const AccessTokenClaims = z.strictObject({
  iss: z.string('expected a string'),
  aud: z.string('expected a string'),
  sub: z.string('expected a string').min(1),
  name: z.string('expected a string').min(1),
  tenantSpaceId: TenantSpaceId,
  /** RFC 8693, section 4.2: one blank between two. */
  scope: z
    .string('expected a string')
    .transform((text) => text.split(' '))
    .pipe(scopes),
  /** The back end that asked for the token, by its callerId. */
  client_id: z.string('expected a string').min(1),
  jti: Jti,
  ver: Version,
  iat: seconds,
  exp: seconds,
})

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
      tenantSpaceId: TenantSpaceId.optional(),
      scopes,
    })
    .refine(
      ({ userId, scopes }) =>
        !scopes.includes('chat:relay') || lengthInCodePoints(userId) <= CHAT_USER_ID_CHARACTERS,
      { path: ['userId'], error: CHAT_USER_ID_EXPECTED },
    )

export type AccessTokenRequest = z.infer<ReturnType<typeof accessTokenRequest>> & {
  readonly tenantSpaceId: string
}
