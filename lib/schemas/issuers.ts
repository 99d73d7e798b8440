/** The `issuers` of the callers secret: which identity provider's tokens are callers, of which tenant, and as what. */

import * as z from 'zod'
import { TenantSpaceId } from './ids.ts'
import { text } from './text.ts'

/** Compared as it stands. Plain http is for a provider on the developer's machine; outbound calls refuse it elsewhere. */
const IssuerUrl = z
  .string('expected a string')
  .max(200, 'expected at most 200 characters')
  .regex(
    /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?)(\/[^\s?#]*)?$/,
    'expected an https URL without user, query and fragment',
  )
  .refine((url) => URL.canParse(url), 'expected an https URL')

const claimName = text(64)
const list = (item: z.ZodType<string>) =>
  z.array(item, 'expected a list').min(1, 'expected at least one').max(100, 'expected at most 100')

const shared = {
  /** What the log calls this entry. */
  callerId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, underscores or hyphens'),
  issuer: IssuerUrl,
  /** The `aud` that the provider gives to tokens for this system. */
  audience: text(200),
  /** The one tenant of all its tokens; or else the claim that names one, and what each of its values stands for. */
  tenant: TenantSpaceId.optional(),
  tenantClaim: claimName.optional(),
  tenants: z.record(text(200), TenantSpaceId).optional(),
  /** Granted to every token. What the token itself calls a scope is another system's. */
  scopes: z.array(z.string().regex(/^[a-z:-]{1,64}$/, 'expected a scope such as "enterprise-token:issue"')),
}

/** Tokens of people: each speaks for itself alone. */
const UserIssuer = z.strictObject({
  ...shared,
  kind: z.literal('user'),
  userClaim: claimName.default('sub'),
  userNameClaim: claimName.default('name'),
  /** ID tokens are meant for the client that asked for them: to be taken at all, one of these clients must have. */
  acceptIdTokens: z.boolean('expected true or false').default(false),
  clientIds: list(text(200)).optional(),
})

/** Tokens of back ends (client credentials): which `sub` each has is listed, so that no person's token is one. */
const BackEndIssuer = z.strictObject({ ...shared, kind: z.literal('back-end'), subjects: list(text(200)) })

export const Issuer = z
  .discriminatedUnion('kind', [UserIssuer, BackEndIssuer], 'expected kind "user" or "back-end"')
  .refine(
    ({ tenant, tenantClaim, tenants }) =>
      tenant === undefined
        ? tenantClaim !== undefined && tenants !== undefined && Object.keys(tenants).length > 0
        : tenantClaim === undefined && tenants === undefined,
    { path: ['tenant'], message: 'expected either tenant, or tenantClaim and tenants' },
  )
  .refine((issuer) => issuer.kind !== 'user' || issuer.acceptIdTokens === (issuer.clientIds !== undefined), {
    path: ['clientIds'],
    message: 'expected clientIds with acceptIdTokens, and only then',
  })

export type Issuer = z.infer<typeof Issuer>
