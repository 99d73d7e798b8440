/** What an identity provider publishes and signs: discovery document, key set, header and claims of its tokens. */

import * as z from 'zod/mini'
import { numericDate } from './epoch-seconds.ts'

/** Asymmetric ones alone, so that nothing public is ever a key for signing. */
export const OIDC_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384'] as const
export type OidcAlgorithm = (typeof OIDC_ALGORITHMS)[number]

/** OpenID Connect Discovery 1.0, section 3: the two members that are needed. */
export const DiscoveryDocument = z.object({
  issuer: z.string(),
  jwks_uri: z.string().check(z.maxLength(500)),
})

/** RFC 7517, section 5: a key that is not understood is ignored, and so is every other member. */
export const KeySet = z.object({ keys: z.array(z.unknown()).check(z.maxLength(100)) })

const shared = {
  kid: z.string().check(z.minLength(1), z.maxLength(256)),
  use: z.optional(z.literal('sig')),
  /** RFC 7517, section 4.3. */
  key_ops: z.optional(z.array(z.string()).check(z.refine((uses) => uses.includes('verify')))),
  alg: z.optional(z.enum(OIDC_ALGORITHMS)),
}

/** Base64url, whose padding is taken off: some providers write it (RFC 7518, section 2, does not allow it). */
const bytes = (form: RegExp) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text) => text.replace(/={1,2}$/, '')),
    ),
    z.string().check(z.regex(form)),
  )

const curve = (crv: 'P-256' | 'P-384', coordinate: RegExp) =>
  z.object({
    ...shared,
    kty: z.literal('EC'),
    crv: z.literal(crv),
    x: bytes(coordinate),
    y: bytes(coordinate),
  })

export const ProviderJwk = z.union([
  z.object({
    ...shared,
    kty: z.literal('RSA'),
    /** 2048 to 8192 bits; RFC 7518, section 3.3. */
    n: bytes(/^[A-Za-z0-9_-]{342,1366}$/),
    e: bytes(/^[A-Za-z0-9_-]{2,8}$/),
  }),
  curve('P-256', /^[A-Za-z0-9_-]{43}$/),
  curve('P-384', /^[A-Za-z0-9_-]{64}$/),
])

export type ProviderJwk = z.infer<typeof ProviderJwk>

const absent = z.optional(z.undefined('expected no such member'))

/** Extensions and keys that a token brings along are refused, not ignored; certificates and their thumbprints are ignored. */
export const OidcHeader = z.object({
  alg: z.enum(OIDC_ALGORITHMS),
  kid: z.string().check(z.minLength(1), z.maxLength(256)),
  typ: z.optional(z.string().check(z.maxLength(64))),
  crit: absent,
  b64: absent,
  jku: absent,
  jwk: absent,
  x5u: absent,
})

export type OidcHeader = z.infer<typeof OidcHeader>

/** RFC 9068, section 2.2, and OpenID Connect Core 1.0, section 2. Other claims are looked up by their configured names. */
export const OidcClaims = z.looseObject({
  iss: z.string(),
  sub: z.string().check(z.minLength(1), z.maxLength(255)),
  /** Left out by Amazon Cognito. */
  aud: z.optional(
    z.union([
      z.pipe(
        z.string(),
        z.transform((one) => [one]),
      ),
      z.array(z.string()).check(z.minLength(1), z.maxLength(100)),
    ]),
  ),
  exp: numericDate,
  iat: numericDate,
  nbf: z.optional(numericDate),
  azp: z.optional(z.string()),
  /** RFC 7800: whoever presents such a token must prove a key as well, which is not asked for here. */
  cnf: absent,
})

export type OidcClaims = z.infer<typeof OidcClaims>
