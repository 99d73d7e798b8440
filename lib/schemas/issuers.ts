/** The `issuers` of the callers secret: which identity provider's tokens are callers, of which tenant, and as what. */

import * as z from 'zod'
import { callerId, scopes, tenantSpaceId } from './caller-entry.ts'
import { onlyMembers, pasted } from './pasted.ts'
import { flag, lookup, oneOf, sentence, text } from './setting-types.ts'
import { address } from './setting-urls.ts'

const name = (most: number) => text(new RegExp(`^[^]{1,${most}}$`, 'u'), `expected 1 to ${most} characters`)

const HTTPS = /^(https:\/\/|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(\/|$))/

/** Compared as it stands. Plain http is for a provider on the developer's machine; outbound calls refuse it elsewhere. */
const issuer = address(200, (url) => (HTTPS.test(url) ? undefined : 'expected an https URL'))

const claimName = name(64)
const list = (item: z.ZodType<string>) => z.array(item, 'expected a list').max(100, 'expected at most 100')

const shared = {
  callerId,
  issuer,
  /** The `aud` that the provider gives to tokens for this system. */
  audience: name(200),
  /** The one tenant of all its tokens; or else the claim that names one, and what each of its values stands for. */
  tenant: tenantSpaceId.optional(),
  tenantClaim: claimName.optional(),
  tenants: lookup(
    name(200),
    tenantSpaceId,
    'expected an object from values of the claim to tenants',
  ).optional(),
  /** Granted to every token. What the token itself calls a scope is another system's. */
  scopes,
}

/** Tokens of people: each speaks for itself alone. */
const userIssuer = {
  ...shared,
  kind: oneOf(['user']),
  userClaim: claimName.default('sub'),
  userNameClaim: claimName.default('name'),
  /** ID tokens are meant for the client that asked for them: to be taken at all, one of these clients must have. */
  acceptIdTokens: flag().default(false),
  clientIds: list(name(200)).optional(),
}

/** Tokens of back ends (client credentials): which `sub` each has is listed, so that no person's token is one. */
const backEndIssuer = {
  ...shared,
  kind: oneOf(['back-end']),
  subjects: list(name(200)).min(1, 'expected at least one'),
}

export const Issuer = pasted(
  { ...userIssuer, ...backEndIssuer },
  z.discriminatedUnion('kind', [onlyMembers(userIssuer), onlyMembers(backEndIssuer)], {
    error: ({ input }) =>
      sentence((input as { kind?: unknown } | null)?.kind, 'expected kind "user" or "back-end"'),
  }),
)
  .refine(
    ({ tenant, tenantClaim, tenants = {} }) => {
      const isMapped = Object.keys(tenants).length > 0
      return tenant === undefined
        ? tenantClaim !== undefined && isMapped
        : tenantClaim === undefined && !isMapped
    },
    { path: ['tenant'], message: 'expected either tenant, or tenantClaim and tenants' },
  )
  .refine(
    (issuer) => issuer.kind !== 'user' || issuer.acceptIdTokens === (issuer.clientIds ?? []).length > 0,
    {
      path: ['clientIds'],
      message: 'expected clientIds with acceptIdTokens, and only then',
    },
  )

export type Issuer = z.infer<typeof Issuer>
