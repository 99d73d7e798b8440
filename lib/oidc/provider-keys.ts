/** The keys of identity providers: fetched seldom, kept for a while, and the one of a token found among them. */

import { importJWK } from 'jose'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { cacheTime } from '../concurrency/sandbox-time.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import { BridgeError } from '../errors.ts'
import type { PublicKey } from '../jwt/signature.ts'
import type { OidcAlgorithm, ProviderJwk } from '../schemas/oidc.ts'
import { type FetchKeys, keysUnavailable } from './discovery.ts'

/** How long keys are used without asking again: a key that its provider withdraws is refused after that. */
const MAX_AGE_MS = 600_000
/** Least time between two fetches because of a key that is not known. Anyone can cause one. */
const COOLDOWN_MS = 30_000
/** Least time between two fetches after one that failed. */
const RETRY_MS = 5_000
/** A fetch that took longer was frozen on its way. */
const LONGEST_FETCH_MS = 15_000

export interface ProviderKeysDeps {
  readonly fetchKeys: FetchKeys
  readonly now: () => Date
}

/**
 * The key of an issuer for a `kid` and an algorithm, or undefined where it has none, or two. `issuer` must be a
 * configured one. Throws OIDC_KEYS_UNAVAILABLE (`reason` says why) and DEADLINE_EXCEEDED.
 */
export type ProviderKeys = (
  issuer: string,
  wanted: WantedKey,
  deadline: Deadline,
) => Promise<PublicKey | undefined>

export interface WantedKey {
  readonly kid: string
  readonly alg: OidcAlgorithm
}

interface Provider {
  readonly issuer: string
  keys: readonly ProviderJwk[]
  /** By the sandbox's time, before the fetch that brought the keys. */
  fetchedAt: number
  triedAt: number
  failure?: BridgeError
}

/** One per function: its memory lives as long as the sandbox. Uses no timers; a sandbox freezes between requests. */
export const providerKeys = ({ fetchKeys, now }: ProviderKeysDeps): ProviderKeys => {
  const time = cacheTime(now)
  const providers = new Map<string, Provider>()
  const fetches = singleFlight<void>({ now, joinableMs: LONGEST_FETCH_MS })
  const importKey = keyImporter()

  const providerOf = (issuer: string): Provider => {
    const never = Number.NEGATIVE_INFINITY
    const provider = providers.get(issuer) ?? { issuer, keys: [], fetchedAt: never, triedAt: never }
    providers.set(issuer, provider)
    return provider
  }

  const load = async (provider: Provider, deadline: Deadline): Promise<void> => {
    const at = time()
    provider.triedAt = at
    try {
      const keys = await fetchKeys(provider.issuer, deadline)
      // A fetch that was frozen on its way must not take the place of a later one.
      if (at < provider.fetchedAt) return
      provider.keys = keys
      provider.fetchedAt = at
      delete provider.failure
    } catch (error) {
      provider.failure = asUnavailable(provider.issuer, error)
      throw provider.failure
    }
  }

  /** Asks again, or joins who is asking: one fetch of an issuer at a time. */
  const refresh = (issuer: string, provider: Provider, deadline: Deadline): Promise<void> =>
    withinDeadline(
      fetches.run(issuer, () => load(provider, deadline)),
      deadline,
    )

  const isOlder = (moment: number, ms: number): boolean => time() - moment >= ms

  return async (issuer, wanted, deadline) => {
    const provider = providerOf(issuer)
    if (isOlder(provider.fetchedAt, MAX_AGE_MS)) {
      if (provider.failure !== undefined && !isOlder(provider.triedAt, RETRY_MS)) throw provider.failure
      await refresh(issuer, provider, deadline)
    }
    const find = () => matching(provider.keys, wanted)
    // Perhaps a newer key than our copy. A fetch that is under way may bring it: that costs no other one.
    if (
      find().length === 0 &&
      (fetches.underWay(issuer) !== undefined || isOlder(provider.triedAt, COOLDOWN_MS))
    ) {
      await refresh(issuer, provider, deadline)
    }
    const [key, ...others] = find()
    return key === undefined || others.length > 0 ? undefined : importKey(key, wanted.alg)
  }
}

const KEY_TYPES: Readonly<Record<OidcAlgorithm, ProviderJwk['kty']>> = {
  RS256: 'RSA',
  PS256: 'RSA',
  ES256: 'EC',
}

/** The algorithm must fit the key, and be the key's own where that names one. */
const matching = (keys: readonly ProviderJwk[], { kid, alg }: WantedKey): ProviderJwk[] =>
  keys.filter(
    (key) => key.kid === kid && key.kty === KEY_TYPES[alg] && (key.alg === undefined || key.alg === alg),
  )

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
  if (error instanceof BridgeError && error.code === 'OIDC_KEYS_UNAVAILABLE') return error
  return keysUnavailable(issuer, error instanceof BridgeError ? error.code : 'unforeseen', error)
}
