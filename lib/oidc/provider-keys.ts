/** An identity provider's keys: found by discovery, fetched seldom, and never from an address that a token names. */

import { importJWK } from 'jose'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import { BridgeError } from '../errors.ts'
import type { PublicKey } from '../jwt/signature.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { exactlyParsedReply } from '../outbound/replies.ts'
import { DiscoveryDocument, KeySet, type OidcAlgorithm, ProviderJwk } from '../schemas/oidc.ts'

/** How long keys are used without asking again: a key that its provider withdraws is refused after that. */
const MAX_AGE_MS = 600_000
/** Least time between two fetches because of a key that is not known. Anyone can cause one. */
const COOLDOWN_MS = 30_000
/** Least time between two fetches after one that failed. */
const RETRY_MS = 5_000
/** One try of one call. A fetch is two calls; one that took longer than the second number was frozen in between. */
const CALL_MS = 2_000
const LONGEST_FETCH_MS = 15_000
const MAX_DISCOVERY_BYTES = 64 * 1024
const MAX_KEY_SET_BYTES = 256 * 1024

export interface ProviderKeysDeps {
  readonly outbound: Outbound
  readonly now: () => Date
}

/**
 * The key of an issuer for a `kid` and an algorithm, or undefined where it has none, or two. `issuer` must be a
 * configured one. Throws OIDC_KEYS_UNAVAILABLE (`reason` says why) and DEADLINE_EXCEEDED.
 */
export type ProviderKeys = (
  issuer: string,
  wanted: { readonly kid: string; readonly alg: OidcAlgorithm },
  deadline: Deadline,
) => Promise<PublicKey | undefined>

interface Provider {
  keys: readonly ProviderJwk[]
  /** Epoch milliseconds before the fetch that brought the keys. */
  fetchedAt: number
  triedAt: number
  failure?: BridgeError
}

/** One per function: its memory lives as long as the sandbox. Uses no timers; a sandbox freezes between requests. */
export const providerKeys = ({ outbound, now }: ProviderKeysDeps): ProviderKeys => {
  const providers = new Map<string, Provider>()
  const fetches = singleFlight<void>({ now, joinableMs: LONGEST_FETCH_MS })
  const imported = new WeakMap<ProviderJwk, Map<OidcAlgorithm, Promise<PublicKey>>>()

  const providerOf = (issuer: string): Provider => {
    const never = Number.NEGATIVE_INFINITY
    const provider = providers.get(issuer) ?? { keys: [], fetchedAt: never, triedAt: never }
    providers.set(issuer, provider)
    return provider
  }

  const get = async (issuer: string, url: string, maxBytes: number, deadline: Deadline) => {
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
    throw unavailable(issuer, `status ${reply.status}`)
  }

  const fetched = async (issuer: string, deadline: Deadline): Promise<readonly ProviderJwk[]> => {
    const discovery = exactlyParsedReply(
      DiscoveryDocument,
      await get(issuer, discoveryUrl(issuer), MAX_DISCOVERY_BYTES, deadline),
    )
    if (discovery === undefined) throw unavailable(issuer, 'no discovery document')
    // OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
    if (discovery.issuer !== issuer) throw unavailable(issuer, 'the discovery document is of another issuer')
    if (!isSameOrigin(discovery.jwks_uri, issuer)) throw unavailable(issuer, 'jwks_uri is of another origin')
    const set = exactlyParsedReply(KeySet, await get(issuer, discovery.jwks_uri, MAX_KEY_SET_BYTES, deadline))
    if (set === undefined) throw unavailable(issuer, 'no key set')
    return set.keys.flatMap((key) => {
      const { data } = ProviderJwk.safeParse(key)
      return data === undefined ? [] : [data]
    })
  }

  const load = async (issuer: string, provider: Provider, deadline: Deadline): Promise<void> => {
    const at = now().getTime()
    provider.triedAt = at
    try {
      const keys = await fetched(issuer, deadline)
      // A fetch that was frozen on its way must not take the place of a later one.
      if (at < provider.fetchedAt) return
      provider.keys = keys
      provider.fetchedAt = at
      delete provider.failure
    } catch (error) {
      provider.failure = asUnavailable(issuer, error)
      throw provider.failure
    }
  }

  /** Asks again, or joins who is asking: one fetch of an issuer at a time. */
  const refresh = (issuer: string, provider: Provider, deadline: Deadline): Promise<void> =>
    withinDeadline(
      fetches.run(issuer, () => load(issuer, provider, deadline)),
      deadline,
    )

  const isOlder = (moment: number, ms: number): boolean => Math.abs(now().getTime() - moment) >= ms

  return async (issuer, { kid, alg }, deadline) => {
    const provider = providerOf(issuer)
    if (isOlder(provider.fetchedAt, MAX_AGE_MS)) {
      if (provider.failure !== undefined && !isOlder(provider.triedAt, RETRY_MS)) throw provider.failure
      await refresh(issuer, provider, deadline)
    }
    const find = () => matching(provider.keys, kid, alg)
    // Perhaps a newer key than our copy. A fetch that is under way may bring it: that costs no other one.
    if (
      find().length === 0 &&
      (fetches.underWay(issuer) !== undefined || isOlder(provider.triedAt, COOLDOWN_MS))
    ) {
      await refresh(issuer, provider, deadline)
    }
    const [key, ...others] = find()
    if (key === undefined || others.length > 0) return undefined
    const known = imported.get(key) ?? new Map<OidcAlgorithm, Promise<PublicKey>>()
    imported.set(key, known)
    const publicKey = known.get(alg) ?? importJWK(publicPart(key), alg)
    known.set(alg, publicKey)
    // A key that cannot be imported, such as a point off the curve, is none.
    return publicKey.catch(() => undefined)
  }
}

const KEY_TYPES: Readonly<Record<OidcAlgorithm, ProviderJwk['kty']>> = {
  RS256: 'RSA',
  PS256: 'RSA',
  ES256: 'EC',
}

/** The algorithm must fit the key, and be the key's own where that names one. */
const matching = (keys: readonly ProviderJwk[], kid: string, alg: OidcAlgorithm): ProviderJwk[] =>
  keys.filter(
    (key) => key.kid === kid && key.kty === KEY_TYPES[alg] && (key.alg === undefined || key.alg === alg),
  )

const publicPart = (key: ProviderJwk) =>
  key.kty === 'RSA'
    ? { kty: key.kty, n: key.n, e: key.e }
    : { kty: key.kty, crv: key.crv, x: key.x, y: key.y }

/** OpenID Connect Discovery 1.0, section 4: behind the issuer, whose final slash is left out. */
const discoveryUrl = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

const isSameOrigin = (url: string, issuer: string): boolean => {
  const { origin, username, password } = URL.parse(url) ?? {}
  return origin === new URL(issuer).origin && username === '' && password === ''
}

/** The reason names the provider's host: of several, an operator must know which. */
const unavailable = (issuer: string, reason: string, cause?: unknown): BridgeError =>
  new BridgeError('OIDC_KEYS_UNAVAILABLE', 'the keys of the identity provider cannot be read', {
    detail: { reason: `${new URL(issuer).host}: ${reason}` },
    cause,
  })

const asUnavailable = (issuer: string, error: unknown): BridgeError => {
  if (error instanceof BridgeError && error.code === 'OIDC_KEYS_UNAVAILABLE') return error
  return unavailable(issuer, error instanceof BridgeError ? error.code : 'unforeseen', error)
}
