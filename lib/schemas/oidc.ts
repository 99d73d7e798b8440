/** What an identity provider publishes and signs: discovery document, key set, header and claims of its tokens. */

import * as z from 'zod'
import { numericDate } from './epoch-seconds.ts'

/** Asymmetric ones alone, so that nothing public is ever a key for signing. */
export const OIDC_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384'] as const
export type OidcAlgorithm = (typeof OIDC_ALGORITHMS)[number]

/** OpenID Connect Discovery 1.0, section 3: the two members that are needed. */
export const DiscoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.string().max(500) })

/** RFC 7517, section 5: a key that is not understood is ignored, and so is every other member. */
export const KeySet = z.object({ keys: z.array(z.unknown()).max(100) })

const shared = {
  kid: z.string().min(1).max(256),
  use: z.literal('sig').optional(),
  /** RFC 7517, section 4.3. */
  key_ops: z
    .array(z.string())
    .refine((uses) => uses.includes('verify'))
    .optional(),
  alg: z.enum(OIDC_ALGORITHMS).optional(),
}

/** Base64url, whose padding is taken off: some providers write it (RFC 7518, section 2, does not allow it). */
const bytes = (form: RegExp) =>
  z
    .string()
    .transform((text) => text.replace(/={1,2}$/, ''))
    .pipe(z.string().regex(form))

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

const absent = z.undefined('expected no such member').optional()

/** Extensions and keys that a token brings along are refused, not ignored; certificates and their thumbprints are ignored. */
export const OidcHeader = z.object({
  alg: z.enum(OIDC_ALGORITHMS),
  kid: z.string().min(1).max(256),
  typ: z.string().max(64).optional(),
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
  sub: z.string().min(1).max(255),
  /** Left out by Amazon Cognito. */
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1).max(100)]).optional(),
  exp: numericDate,
  iat: numericDate,
  nbf: numericDate.optional(),
  azp: z.string().optional(),
  /** RFC 7800: whoever presents such a token must prove a key as well, which is not asked for here. */
  cnf: absent,
})

export type OidcClaims = z.infer<typeof OidcClaims>
