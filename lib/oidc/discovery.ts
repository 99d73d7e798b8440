/** An identity provider's published keys: found by discovery, never at an address that a token names. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { exactlyParsedReply } from '../outbound/replies.ts'
import { DiscoveryDocument, KeySet, ProviderJwk } from '../schemas/oidc.ts'

/** One try of one call. A fetch is two calls. */
const CALL_MS = 2_000
const MAX_DISCOVERY_BYTES = 64 * 1024
const MAX_KEY_SET_BYTES = 256 * 1024

/** Whose keys, and where they are. Both by the secret, never by a token. */
export interface KeySource {
  readonly issuer: string
  /** The exact address. Left out: what the issuer's discovery document names, which must be of the issuer's origin. */
  readonly jwksUri?: string | undefined
}

/**
 * The usable keys that an issuer publishes now. Throws OIDC_PROVIDER_MISCONFIGURED for
 * what stays as it is until somebody changes it: a document of another issuer, keys of another origin.
 * Throws OIDC_KEYS_UNAVAILABLE for any other status than 200 and any other document, and what `outbound` throws.
 */
export type FetchKeys = (source: KeySource, deadline: Deadline) => Promise<readonly ProviderJwk[]>

export const keyDiscovery = (outbound: Outbound): FetchKeys => {
  const get = async (issuer: string, { url, maxBytes }: Document, deadline: Deadline) => {
    const reply = await outbound(
      {
        // Connections are shared with no other issuer.
        tenantSpaceId: `issuer ${issuer}`,
        url,
        method: 'GET',
        headers: { accept: 'application/json' },
        isRepeatable: true,
        maxBytes,
        atMostMs: CALL_MS,
      },
      deadline,
    )
    if (reply.status === 200) return reply
    throw keysUnavailable(issuer, `status ${reply.status}`)
  }

  const discovered = async (issuer: string, deadline: Deadline): Promise<string> => {
    const at = { url: discoveryUrl(issuer), maxBytes: MAX_DISCOVERY_BYTES }
    const discovery = exactlyParsedReply(DiscoveryDocument, await get(issuer, at, deadline))
    if (discovery === undefined) throw keysUnavailable(issuer, 'no discovery document')
    // OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
    if (discovery.issuer !== issuer)
      throw misconfigured(issuer, 'the discovery document is of another issuer')
    if (!isSameOrigin(discovery.jwks_uri, issuer))
      throw misconfigured(issuer, 'jwks_uri is of another origin: name it as jwksUri in the entry')
    return discovery.jwks_uri
  }

  return async ({ issuer, jwksUri }, deadline) => {
    const url = jwksUri ?? (await discovered(issuer, deadline))
    const from = { url, maxBytes: MAX_KEY_SET_BYTES }
    const set = exactlyParsedReply(KeySet, await get(issuer, from, deadline))
    if (set === undefined) throw keysUnavailable(issuer, 'no key set')
    return set.keys.flatMap((key) => ProviderJwk.safeParse(key).data ?? [])
  }
}

interface Document {
  readonly url: string
  readonly maxBytes: number
}

/** OpenID Connect Discovery 1.0, section 4: behind the issuer, whose final slash is left out. */
const discoveryUrl = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

const isSameOrigin = (url: string, issuer: string): boolean => {
  const { origin, username, password } = URL.parse(url) ?? {}
  return origin === new URL(issuer).origin && username === '' && password === ''
}

/** The reason names the provider's host: of several, an operator must know which. */
const failing =
  (code: 'OIDC_KEYS_UNAVAILABLE' | 'OIDC_PROVIDER_MISCONFIGURED') =>
  (issuer: string, reason: string, cause?: unknown): BridgeError =>
    new BridgeError(code, 'the keys of the identity provider cannot be read', {
      detail: { reason: `${new URL(issuer).host}: ${reason}` },
      cause,
    })

/** Trying again later makes sense. */
export const keysUnavailable = failing('OIDC_KEYS_UNAVAILABLE')
/** It does not: the entry or the provider must be changed first. */
export const misconfigured = failing('OIDC_PROVIDER_MISCONFIGURED')
