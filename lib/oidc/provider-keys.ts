/** The keys of identity providers: fetched seldom, kept for a while, and the one of a token found among them. */

import { importJWK } from 'jose'
import { boundedMap } from '../concurrency/bounded-map.ts'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { cacheTime } from '../concurrency/sandbox-time.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import { BridgeError } from '../errors.ts'
import type { PublicKey } from '../jwt/signature.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { OidcAlgorithm, ProviderJwk } from '../schemas/oidc.ts'
import { type FetchKeys, type KeySource, keysUnavailable } from './discovery.ts'

/** How long keys are used without asking again: a key that its provider withdraws is refused after that. */
const MAX_AGE_MS = 600_000
/** Least time between two fetches because of a key that is not known. Anyone can cause one. */
const COOLDOWN_MS = 30_000
/** Least time between two fetches after one that failed. */
const RETRY_MS = 5_000
/** A stage may list thousands: the one that came first goes, and is asked again. A key set has 256 KiB at most. */
const MOST_PROVIDERS = 200
/** A fetch that took longer was frozen on its way. */
const LONGEST_FETCH_MS = 15_000

export interface ProviderKeysDeps {
  readonly fetchKeys: FetchKeys
  readonly now: () => Date
}

/**
 * The key of an issuer for a `kid` and an algorithm, or undefined where it has none, or two. The source must be a
 * configured one. Throws OIDC_KEYS_UNAVAILABLE, OIDC_PROVIDER_MISCONFIGURED (`reason` says why) and DEADLINE_EXCEEDED.
 */
export type ProviderKeys = (
  source: KeySource,
  wanted: WantedKey,
  deadline: Deadline,
) => Promise<PublicKey | undefined>

export interface WantedKey {
  readonly kid: string
  readonly alg: OidcAlgorithm
}

interface Provider {
  readonly source: KeySource
  keys: readonly ProviderJwk[]
  /** By the sandbox's time, before the fetch that brought the keys. */
  fetchedAt: number
  triedAt: number
  failure?: BridgeError
}

/** One per function: its memory lives as long as the sandbox. Uses no timers; a sandbox freezes between requests. */
export const providerKeys = ({ fetchKeys, now }: ProviderKeysDeps): ProviderKeys => {
  const time = cacheTime(now)
  const providers = boundedMap<string, Provider>(MOST_PROVIDERS)
  const fetches = singleFlight<void>({ now, joinableMs: LONGEST_FETCH_MS })
  const importKey = keyImporter()

  const providerOf = (name: string, source: KeySource): Provider => {
    const never = Number.NEGATIVE_INFINITY
    const known = providers.get(name)
    if (known !== undefined) return known
    const provider = { source, keys: [], fetchedAt: never, triedAt: never }
    providers.set(name, provider)
    return provider
  }

  const load = async (provider: Provider, deadline: Deadline): Promise<void> => {
    const at = time()
    provider.triedAt = at
    try {
      const keys = await fetchKeys(provider.source, deadline)
      // A fetch that was frozen on its way must not take the place of a later one.
      if (at < provider.fetchedAt) return
      provider.keys = keys
      provider.fetchedAt = at
      delete provider.failure
    } catch (error) {
      provider.failure = asUnavailable(provider.source.issuer, error)
      throw provider.failure
    }
  }

  /** Asks again, or joins who is asking: one fetch of an issuer at a time. */
  const refresh = (name: string, provider: Provider, deadline: Deadline): Promise<void> =>
    withinDeadline(
      fetches.run(name, () => load(provider, deadline)),
      deadline,
    )

  const isOlder = (moment: number, ms: number): boolean => time() - moment >= ms

  return async (source, wanted, deadline) => {
    // Keys of an address that the secret no longer names are not used again.
    const name = lengthPrefixed(source.issuer, source.jwksUri ?? '')
    const provider = providerOf(name, source)
    if (isOlder(provider.fetchedAt, MAX_AGE_MS)) {
      if (provider.failure !== undefined && !isOlder(provider.triedAt, RETRY_MS)) throw provider.failure
      await refresh(name, provider, deadline)
    }
    const find = () => matching(provider.keys, wanted)
    // Perhaps a newer key than our copy. A fetch that is under way may bring it: that costs no other one.
    if (
      find().length === 0 &&
      (fetches.underWay(name) !== undefined || isOlder(provider.triedAt, COOLDOWN_MS))
    ) {
      await refresh(name, provider, deadline)
    }
    const [key, ...others] = find()
    // The fetch that could have brought it failed: nobody can say that the provider has no such key.
    if (key === undefined && provider.failure !== undefined) throw provider.failure
    return key === undefined || others.length > 0 ? undefined : importKey(key, wanted.alg)
  }
}

/** RFC 7518, section 3.1: the type of key that each algorithm takes, and the curve where there are several. */
const KEY_TYPES: Readonly<Record<OidcAlgorithm, 'RSA' | 'P-256' | 'P-384'>> = {
  RS256: 'RSA',
  PS256: 'RSA',
  ES256: 'P-256',
  ES384: 'P-384',
}

const typeOf = (key: ProviderJwk) => (key.kty === 'RSA' ? key.kty : key.crv)

/** The algorithm must fit the key, and be the key's own where that names one. A copy of a key is no other one. */
const matching = (keys: readonly ProviderJwk[], { kid, alg }: WantedKey): ProviderJwk[] => {
  const found = keys.filter(
    (key) => key.kid === kid && typeOf(key) === KEY_TYPES[alg] && (key.alg === undefined || key.alg === alg),
  )
  return [...new Map(found.toReversed().map((key) => [JSON.stringify(publicPart(key)), key])).values()]
}

/** Imports each key once for each algorithm. A key that cannot be imported, such as a point off the curve, is none. */
const keyImporter = () => {
  const imported = new WeakMap<ProviderJwk, Map<OidcAlgorithm, Promise<PublicKey>>>()
  return (key: ProviderJwk, alg: OidcAlgorithm): Promise<PublicKey | undefined> => {
    const known = imported.get(key) ?? new Map<OidcAlgorithm, Promise<PublicKey>>()
    imported.set(key, known)
    const publicKey = known.get(alg) ?? importJWK(publicPart(key), alg)
    known.set(alg, publicKey)
    return publicKey.catch(() => undefined)
  }
}

const publicPart = (key: ProviderJwk) =>
  key.kty === 'RSA'
    ? { kty: key.kty, n: key.n, e: key.e }
    : { kty: key.kty, crv: key.crv, x: key.x, y: key.y }

const asUnavailable = (issuer: string, error: unknown): BridgeError => {
  const code = error instanceof BridgeError ? error.code : undefined
  if (error instanceof BridgeError && code?.startsWith('OIDC_')) return error
  return keysUnavailable(issuer, code ?? 'unforeseen', error)
}
