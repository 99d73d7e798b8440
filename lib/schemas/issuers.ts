/** The `issuers` of the callers secret: which identity provider's tokens are callers, of which tenant, and as what. */

import * as z from 'zod/mini'
import { callerId, scopes, tenantPrefixes, tenantSpaceId } from './caller-entry.ts'
import { claimPath, list, name, providerUrl, requirements, trustedClaimPath } from './issuer-members.ts'
import { filledByPreset, providerName } from './issuer-presets.ts'
import { RULES } from './issuer-rules.ts'
import { onlyMembers, pasted } from './pasted.ts'
import { flag, lookup, oneOf, sentence, wholeNumber } from './setting-types.ts'

const DAY_SECONDS = 86_400
/** The most that `maxAgeSeconds` may be. */
export const MOST_AGE_SECONDS = 30 * DAY_SECONDS

const shared = {
  callerId,
  /** Fills what the entry leaves out. */
  provider: z.optional(providerName),
  issuer: providerUrl(),
  /** The exact address of the keys, where it is not what the issuer's discovery document names, or on another origin. */
  jwksUri: z.optional(providerUrl()),
  /** The `aud` that the provider gives to tokens for this system. Left out: only tokens without `aud` are taken. */
  audience: z.optional(name(200)),
  /** `rfc9068`: the type of the header says that it is an access token. `jwt`: it does not, and the claims must. */
  tokens: z._default(oneOf(['rfc9068', 'jwt']), 'rfc9068'),
  /** The claim that names the client that the token was given to, and the clients that may call. Default any client. */
  clientClaim: z.optional(trustedClaimPath()),
  clientIds: z.optional(list(name(200))),
  requiredClaims: z.optional(requirements),
  /** How long ago a token may have been issued, whatever its `exp` says. */
  maxAgeSeconds: z._default(wholeNumber(60, MOST_AGE_SECONDS), DAY_SECONDS),
  /** The one tenant of all its tokens; or else the claim that names one, and what each of its values stands for. */
  tenant: z.optional(tenantSpaceId),
  tenantClaim: z.optional(trustedClaimPath()),
  tenants: z.optional(
    lookup(name(200), tenantSpaceId, 'expected an object from values of the claim to tenants'),
  ),
  /** A value of that claim that begins so is itself the tenant. */
  tenantPrefixes: z.optional(tenantPrefixes),
  /** Granted to every token. What the token itself calls a scope is another system's. */
  scopes,
}

/** Tokens of people: each speaks for itself alone. */
const userIssuer = {
  ...shared,
  kind: oneOf(['user']),
  userClaim: z._default(trustedClaimPath(), 'sub'),
  /** What becomes of its value: lib/schemas/user-id-form.ts. */
  userIdForm: z._default(oneOf(['as-is', 'sha256-24']), 'as-is'),
  userNameClaim: z._default(claimPath(), 'name'),
  /** `directory`: the token is not asked for a name, and the directory's current one serves. */
  nameFrom: z._default(oneOf(['token', 'directory']), 'token'),
  /** ID tokens are meant for the client that asked for them: to be taken at all, one of `clientIds` must have. */
  acceptIdTokens: z._default(flag(), false),
}

/** Tokens of back ends (client credentials): which `sub` each has is listed, so that no person's token is one. */
const backEndIssuer = {
  ...shared,
  kind: oneOf(['back-end']),
  subjects: list(name(200)).check(z.minLength(1, 'expected at least one')),
}

const OfAKind = z.discriminatedUnion('kind', [onlyMembers(userIssuer), onlyMembers(backEndIssuer)], {
  error: ({ input }) =>
    sentence((input as { kind?: unknown } | null)?.kind, 'expected kind "user" or "back-end"'),
})

export const Issuer = pasted(
  { ...userIssuer, ...backEndIssuer },
  z.pipe(z.transform(filledByPreset), OfAKind).check(({ value, issues }) => {
    for (const { path, expected, isKept } of RULES)
      if (!isKept(value)) issues.push({ code: 'custom', path: [path], message: expected, input: undefined })
  }),
)

export type Issuer = z.infer<typeof Issuer>
export type UserIssuer = Extract<Issuer, { kind: 'user' }>
