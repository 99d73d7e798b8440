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

/**
 * The usable keys that an issuer publishes now. `issuer` must be a configured one. Throws OIDC_KEYS_UNAVAILABLE for a
 * status other than 200, a document of another shape or issuer, and keys of another origin; what `outbound` throws.
 */
export type FetchKeys = (issuer: string, deadline: Deadline) => Promise<readonly ProviderJwk[]>

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

  return async (issuer, deadline) => {
    const at = { url: discoveryUrl(issuer), maxBytes: MAX_DISCOVERY_BYTES }
    const discovery = exactlyParsedReply(DiscoveryDocument, await get(issuer, at, deadline))
    if (discovery === undefined) throw keysUnavailable(issuer, 'no discovery document')
    // OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
    if (discovery.issuer !== issuer)
      throw keysUnavailable(issuer, 'the discovery document is of another issuer')
    if (!isSameOrigin(discovery.jwks_uri, issuer))
      throw keysUnavailable(issuer, 'jwks_uri is of another origin')
    const from = { url: discovery.jwks_uri, maxBytes: MAX_KEY_SET_BYTES }
    const set = exactlyParsedReply(KeySet, await get(issuer, from, deadline))
    if (set === undefined) throw keysUnavailable(issuer, 'no key set')
    return set.keys.flatMap((key) => {
      const { data } = ProviderJwk.safeParse(key)
      return data === undefined ? [] : [data]
    })
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
export const keysUnavailable = (issuer: string, reason: string, cause?: unknown): BridgeError =>
  new BridgeError('OIDC_KEYS_UNAVAILABLE', 'the keys of the identity provider cannot be read', {
    detail: { reason: `${new URL(issuer).host}: ${reason}` },
    cause,
  })
