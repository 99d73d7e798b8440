/** Every cache of docs/architecture.md that has a life of its own, with its clock set back: none outlives its promise. */

import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { rememberedCallers } from '../../lib/callers/remembered.ts'
import { circuitBreaker } from '../../lib/circuit-breaker/circuit-breaker.ts'
import type { Clock } from '../../lib/concurrency/sandbox-time.ts'
import { singleFlight } from '../../lib/concurrency/single-flight.ts'
import { rememberedItems } from '../../lib/directory/remembered-items.ts'
import { BridgeError } from '../../lib/errors.ts'
import { providerKeys } from '../../lib/oidc/provider-keys.ts'
import { ALL } from '../../lib/prewarm/share.ts'
import { sweep as lookThrough } from '../../lib/prewarm/sweep.ts'
import type { ProviderJwk } from '../../lib/schemas/oidc.ts'
import { secretReader } from '../../lib/secrets/reader.ts'
import { SecretSourceError } from '../../lib/secrets/source.ts'
import { failFastTable } from '../../lib/table/fail-fast-table.ts'
import { keyring } from '../../lib/token-cache/seal.ts'
import { sharedTokens } from '../../lib/token-cache/shared-tokens.ts'
import { tokenCache } from '../../lib/token-cache/token-cache.ts'
import { memoryTable } from '../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { secret } from '../support/canary.ts'
import { account, credential } from './circuit-breaker/breaker-world.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS
const deadline = { remainingMs: () => 5_000 }
const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })

let wall: number
let monotonic: number
const now: Clock = Object.assign(() => new Date(wall), { monotonicMs: () => monotonic })
beforeEach(() => {
  wall = Date.parse('2026-09-21T12:00:00Z')
  monotonic = 0
})
const pass = (ms: number): void => {
  wall += ms
  monotonic += ms
}

/** Fills a cache, and says for each later use whether it was served from there. */
type Filled = () => Promise<boolean>
const counting =
  (ask: () => Promise<unknown>, count: () => number): Filled =>
  async () => {
    const before = count()
    await ask().catch(() => undefined)
    return count() === before
  }

const SECRET = { name: 'any', schema: z.strictObject({}) }
/** `failure`: what reads after the first one end with, or all where `always` says so. */
const secrets = async (failure?: SecretSourceError, always = false): Promise<Filled> => {
  let reads = 0
  const source = {
    read: async () => {
      reads += 1
      if (failure !== undefined && (always || reads > 1)) throw failure
      return { versionId: 'v1', value: '{}' }
    },
  }
  const reader = secretReader({ source, prefix: 'p', now, random: () => 0, log: () => undefined })
  const read = () => reader.read(SECRET, { deadline })
  await read().catch(() => undefined)
  return counting(read, () => reads)
}

/** Served while Secrets Manager is away: what counts is an answer, not a read. */
const staleSecret = async (): Promise<Filled> => {
  let isAway = false
  const source = {
    read: async () => {
      if (isAway) throw new SecretSourceError('transient', 'ServiceUnavailable')
      return { versionId: 'v1', value: '{}' }
    },
  }
  const reader = secretReader({ source, prefix: 'p', now, random: () => 0, log: () => undefined })
  const read = () => reader.read(SECRET, { deadline })
  await read()
  isAway = true
  return async () => (await read().catch(() => undefined)) !== undefined
}

const directory = async (): Promise<Filled> => {
  let reads = 0
  const items = rememberedItems(
    {
      read: async () => {
        reads += 1
        return new Map()
      },
    },
    now,
  )
  const ask = () => items.read(['item'], deadline)
  await ask()
  return counting(ask, () => reads)
}

const callerItem = async (): Promise<Filled> => {
  let reads = 0
  const items = rememberedCallers(
    {
      read: async () => {
        reads += 1
        return { text: '{}' }
      },
    },
    now,
  )
  const ask = () => items.read('key#a', deadline)
  await ask()
  return counting(ask, () => reads)
}

const identityProvider = async (): Promise<Filled> => {
  let fetches = 0
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k' } as ProviderJwk
  const keys = providerKeys({
    fetchKeys: async () => {
      fetches += 1
      return [jwk]
    },
    now,
  })
  const ask = () => keys({ issuer: 'https://idp.example.com' }, { kid: 'k', alg: 'ES256' }, deadline)
  await ask()
  return counting(ask, () => fetches)
}

const silentTable = async (): Promise<Filled> => {
  let asked = 0
  const get = async () => {
    asked += 1
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'silent', { detail: { reason: 'TimeoutError' } })
  }
  const table = failFastTable({ ...memoryTable(), get }, now)
  const ask = () => table.get('pk', deadline)
  await ask().catch(() => undefined)
  return counting(ask, () => asked)
}

const flight = async (): Promise<Filled> => {
  const flights = singleFlight<void>({ now, joinableMs: 10 * SECOND_MS })
  void flights.run('key', () => new Promise(() => undefined))
  return async () => flights.underWay('key') !== undefined
}

const breakerMemory = async (): Promise<Filled> => {
  const table = memoryTable()
  const breaker = circuitBreaker({ table, keyed: async (of) => of, now, random: () => 0 })
  const OIAP = account('oiap')
  await breaker.recordFailure(OIAP, credential, deadline)
  return counting(
    () => breaker.check(OIAP, deadline),
    () => table.calls().get,
  )
}

const tokenMemory = async (): Promise<Filled> => {
  const table = memoryTable()
  const deps = { table, keyring: async () => ring, now, random: () => 0.5, newId: () => `${wall}` }
  const all = { ...deps, pause: async () => undefined, log: () => undefined }
  const tokens = tokenCache(all, sharedTokens(all))
  let fetches = 0
  const subject = {
    system: 'cec',
    tenantSpaceId: 't',
    fingerprint: 'f',
    variant: [],
    overlap: 'kills',
  } as const
  const fetch = async () => {
    fetches += 1
    return {
      token: secret('token', `t-${fetches}`.padEnd(20, 'x')),
      issuedAt: wall,
      expiresAt: wall + 600 * SECOND_MS,
    }
  }
  const ask = () => tokens.get({ subject, fetch, deadline })
  await ask()
  return counting(ask, () => fetches)
}

const sweep = async (): Promise<Filled> => {
  const table = memoryTable()
  let lists = 0
  const list = async function* () {
    lists += 1
    yield { secrets: [], next: undefined }
  }
  const see = async () => ({ left: 0, unread: [] })
  const look = () => lookThrough({ table, list, prefix: 'p', systems: [], share: ALL, now }, see, deadline)
  await look()
  return async () => {
    const before = lists
    await look()
    return lists === before
  }
}

const UNREADABLE = new SecretSourceError('final', 'AccessDeniedException')
const CACHES: readonly [name: string, lifeMs: number, fill: () => Promise<Filled>][] = [
  ['a secret', 300 * SECOND_MS, secrets],
  ['an old secret in an outage', 1_200 * SECOND_MS, staleSecret],
  ['the failed read of a secret', 5 * SECOND_MS, () => secrets(UNREADABLE, true)],
  ['an answer of the directory', 500, directory],
  ['an item of the callers table', 500, callerItem],
  ['keys of an identity provider', 600 * SECOND_MS, identityProvider],
  ['the silence of the tokens table', 5 * SECOND_MS, silentTable],
  ['a run that may be joined', 10 * SECOND_MS, flight],
  ['a block in the memory of a sandbox', 30 * SECOND_MS, breakerMemory],
]

describe.each(CACHES)('lib: %s, when the clock is set back', (_, lifeMs, fill) => {
  it('is used to the end of its life, and no longer, by a clock that nobody sets', async () => {
    const isCached = await fill()
    pass(lifeMs - 1)
    expect(await isCached()).toBe(true)
    pass(1)
    expect(await isCached()).toBe(false)
  })

  it('is used no longer where the clock goes wrong by less than what passes', async () => {
    const isCached = await fill()
    pass(lifeMs / 2)
    expect(await isCached()).toBe(true)
    pass(lifeMs / 2)
    wall -= lifeMs / 4
    expect(await isCached()).toBe(false)
  })

  it('is not used at all once that is seen', async () => {
    const isCached = await fill()
    pass(1)
    expect(await isCached()).toBe(true)
    wall -= HOUR_MS
    expect(await isCached()).toBe(false)
  })
})

describe('lib: a service token, when the clock is set back', () => {
  const HARD_LIMIT_MS = 570 * SECOND_MS
  it.each([
    ['not at all', 0],
    ['by less than what passes', 100 * SECOND_MS],
    ['by an hour', HOUR_MS],
  ])('is used to its hard limit and no longer: %s', async (_, ms) => {
    const isCached = await tokenMemory()
    pass(HARD_LIMIT_MS / 2)
    wall -= ms
    expect(await isCached()).toBe(true)
    pass(HARD_LIMIT_MS / 2 - 1)
    expect(await isCached()).toBe(true)
    pass(1)
    // nor is it taken from the table again, which shows it as good to a clock that was set back
    expect(await isCached()).toBe(false)
  })
})

describe('lib: what sandboxes share, when the clock is set back by an hour', () => {
  it('a pause of refused credentials is over for who has watched it for its whole length', async () => {
    const table = memoryTable()
    const breaker = circuitBreaker({ table, keyed: async (of) => of, now, random: () => 0 })
    const CEC = account('cec')
    await breaker.recordFailure(CEC, credential, deadline)
    wall -= HOUR_MS
    pass(15 * 60 * SECOND_MS - 1)
    expect(await breaker.check(CEC, deadline)).toBeDefined()
    pass(1)
    expect(await breaker.check(CEC, deadline)).toBeUndefined()
  })

  it('the hourly sweep is due', async () => {
    const isDone = await sweep()
    expect(await isDone()).toBe(true)
    wall -= HOUR_MS
    expect(await isDone()).toBe(false)
  })
})
