/** The enterprise token's claims, and the bodies of the two routes that deal in it. */

import * as z from 'zod/mini'
import { epochSeconds } from './epoch-seconds.ts'
import { TenantSpaceId, UserAccount, type UserIdSettings, UserName, userId } from './ids.ts'
import { nfc } from './text.ts'

export const AUDIENCE_PREFIX = 'urn:cec:'

export const seconds = epochSeconds

export const Jti = z
  .string('expected a string')
  .check(z.regex(/^[A-Za-z0-9_-]{16,64}$/, 'expected 16 to 64 base64url characters'))

/** The epochs of tenant and user that a token was issued under. */
export const Version = z
  .string('expected a string')
  .check(z.regex(/^\d{1,15}\.\d{1,15}$/, 'expected two epochs'))

/** All required, no others: what we do not put in, we do not accept. */
export const EnterpriseTokenClaims = z.strictObject({
  iss: z.string('expected a string'),
  aud: z
    .string('expected a string')
    .check(z.startsWith(AUDIENCE_PREFIX, `expected ${AUDIENCE_PREFIX}<tenantSpaceId>`)),
  sub: z.string('expected a string').check(z.minLength(1)),
  name: z.string('expected a string').check(z.minLength(1)),
  jti: Jti,
  ver: Version,
  iat: seconds,
  exp: seconds,
})

export type EnterpriseTokenClaims = z.infer<typeof EnterpriseTokenClaims>

/** POST /enterprise-tokens. Our own route: unknown members are refused. A user need not name itself, nor an identity provider's token its tenant. */
export const issueRequest = (settings: UserIdSettings) =>
  z.strictObject({
    userId: z.optional(userId(settings)),
    userName: z.optional(UserName),
    tenantSpaceId: z.optional(TenantSpaceId),
  })

/**
 * CEC's chatThirdPartyValidate (seed 002, table 1): four mandatory strings. Unknown members are ignored, since
 * what else CEC may send is undocumented; what the strings hold is judged against the token alone. The name is brought to
 * form NFC, as every name is when it comes in: a browser may have spelt it another way.
 */
export const ValidateRequest = z.object({
  Token: z.string('expected a string').check(z.minLength(1, 'expected a token')),
  userName: z.string('expected a string').check(z.minLength(1, 'expected a name'), z.overwrite(nfc)),
  userId: z.string('expected a string').check(z.minLength(1, 'expected an id')),
  tenantSpaceId: z.string('expected a string').check(z.minLength(1, 'expected an id')),
})

export type ValidateRequest = z.infer<typeof ValidateRequest>

/** POST /enterprise-tokens/revocations: exactly one of a user, an agent, a token or the whole tenant. */
export const revocationRequest = (settings: UserIdSettings) => {
  const subjects = ['userId', 'userAccount', 'jti', 'all'] as const
  return z
    .strictObject({
      tenantSpaceId: z.optional(TenantSpaceId),
      userId: z.optional(userId(settings)),
      userAccount: z.optional(UserAccount),
      jti: z.optional(Jti),
      all: z.optional(z.literal(true, 'expected true')),
    })
    .check(
      z.refine((request) => subjects.filter((subject) => request[subject] !== undefined).length === 1, {
        message: 'expected one of userId, userAccount, jti and all',
        params: { oneOf: subjects.map((subject) => ({ required: [subject] })) },
      }),
    )
}
