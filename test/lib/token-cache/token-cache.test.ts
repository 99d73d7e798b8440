import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError, type ErrorCode } from '../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import type {
  Fetch,
  ServiceToken,
  TokenRequest,
  TokenSubject,
} from '../../../lib/token-cache/service-token.ts'
import { type SharedTokens, sharedTokens } from '../../../lib/token-cache/shared-tokens.ts'
import { type TokenCache, tokenCache } from '../../../lib/token-cache/token-cache.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const SUBJECT: TokenSubject = {
  system: 'cec',
  tenantSpaceId: 't1',
  fingerprint: 'f1',
  variant: ['600'],
  overlap: 'tolerated',
}
const LIFE_MS = 600_000
/** With `random` 0.5. */
const SOFT_MS = 480_000
const HARD_MS = 570_000
const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const prefix = secret('service tokens', randomBytes(20).toString('base64url'))

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')
let at: number
let fetches: number
let table: MemoryTable
let lines: (LogFields & { readonly level: LogLevel })[]
let tokens: TokenCache

const now = () => new Date(at)
const random = () => 0.5
const newSandbox = (changes: Partial<SharedTokens> = {}): TokenCache => {
  const deps = {
    table,
    keyring: async () => ring,
    now,
    random,
    newId: () => randomBytes(8).toString('hex'),
    pause: async (ms: number) => {
      at += ms
    },
    log: (level: LogLevel, fields: LogFields) => lines.push({ level, ...fields }),
  }
  return tokenCache(deps, { ...sharedTokens(deps), ...changes })
}

beforeEach(() => {
  at = STARTED_AT
  fetches = 0
  table = memoryTable()
  lines = []
  tokens = newSandbox()
})

const deadline = { remainingMs: () => 5_000 }
const made = (): ServiceToken => {
  fetches += 1
  return { token: `${prefix} ${fetches}`, issuedAt: at, expiresAt: at + LIFE_MS }
}
const fetch: Fetch = async () => made()
const failing = (code: ErrorCode): Fetch => {
  return async () => {
    fetches += 1
    throw new BridgeError(code, 'failed', { detail: { upstreamStatus: 503 } })
  }
}
/** A fetch that answers when it is told to. */
const held = () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<ServiceToken>()
  const fetch: Fetch = () => {
    asked.resolve()
    return answer.promise
  }
  return { fetch, asked: asked.promise, answer: () => answer.resolve(made()), fail: answer.reject }
}
const request = (how: Fetch = fetch, changes: Partial<TokenSubject> = {}): TokenRequest => ({
  subject: { ...SUBJECT, ...changes },
  fetch: how,
  deadline,
})
const get = (how: Fetch = fetch, changes: Partial<TokenSubject> = {}) => tokens.get(request(how, changes))
const codes = () => lines.map(({ code }) => code)

describe('lib/token-cache/token-cache: get', () => {
  it('asks the table once, and its own memory from then on', async () => {
    const token = await get()
    table.resetCounters()
    at += SOFT_MS - 1
    expect(await get()).toBe(token)
    expect([fetches, table.calls()]).toMatchObject([1, { get: 0, change: 0 }])
  })

  it('finds in the table what another sandbox has fetched', async () => {
    const token = await newSandbox().get(request())
    expect([await get(), fetches]).toEqual([token, 1])
  })

  it('shares one look and one fetch among fifty requests at a time', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => get()))
    expect([new Set(all).size, fetches, table.calls().get]).toEqual([1, 1, 1])
  })

  it.each<[string, Partial<TokenSubject>]>([
    ['system', { system: 'oiap' }],
    ['tenant', { tenantSpaceId: 't2' }],
    ['credentials', { fingerprint: 'f2' }],
    ['life', { variant: ['1200'] }],
  ])('shares nothing with another %s', async (_, changes) => {
    const token = await get()
    expect((await get(fetch, changes)).token).not.toBe(token.token)
    expect(await get()).toBe(token)
    expect(fetches).toBe(2)
  })

  it('keeps a failed fetch for nobody', async () => {
    await expect(get(failing('UPSTREAM_UNAVAILABLE'))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect((await get()).token).toBe(`${prefix} 2`)
  })

  it('remembers the five thousand that were got last, and the table the rest', async () => {
    const perpetual = {
      get: async ({ subject }: TokenRequest) => ({ ...made(), token: subject.tenantSpaceId }),
    }
    const of = (number: number) => small.get(request(fetch, { tenantSpaceId: `tenant ${number}` }))
    const small = newSandbox(perpetual)
    for (let number = 1; number <= 5_001; number++) await of(number)
    fetches = 0
    await of(5_001)
    await of(2)
    expect(fetches).toBe(0)
    await of(1)
    expect(fetches).toBe(1)
  })
})

describe('lib/token-cache/token-cache: past the soft limit', () => {
  it('one request renews the token, and all others have the old one at once', async () => {
    const old = await get()
    at += SOFT_MS
    const slow = held()
    const renewing = get(slow.fetch)
    await slow.asked
    expect(await Promise.all([get(slow.fetch), get(slow.fetch)])).toEqual([old, old])
    slow.answer()
    const renewed = await renewing
    expect([renewed.token, fetches]).toEqual([`${prefix} 2`, 2])
    expect(await get()).toBe(renewed)
  })

  it('takes the newer one that another sandbox has fetched', async () => {
    const other = newSandbox()
    await get()
    await other.get(request())
    at += SOFT_MS
    const renewed = await other.get(request())
    expect([await get(), renewed.token, fetches]).toEqual([renewed, `${prefix} 2`, 2])
  })

  it('looks again only after some seconds when there is nothing newer to be had', async () => {
    let looks = 0
    const busy = newSandbox({
      renew: async () => {
        looks += 1
        return undefined
      },
    })
    const old = await busy.get(request())
    at += SOFT_MS
    for (let i = 0; i < 5; i++) expect(await busy.get(request())).toBe(old)
    expect(looks).toBe(1)
    at += 7_500
    expect(await busy.get(request())).toBe(old)
    expect([looks, fetches]).toEqual([2, 1])
  })

  it('nobody fails for a renewal that does: it is logged, and the old token goes on', async () => {
    const old = await get()
    at += SOFT_MS
    expect(await get(failing('UPSTREAM_THROTTLED'))).toBe(old)
    expect(lines.at(-1)).toEqual({
      level: 'WARN',
      code: 'MACHINE_TOKEN_KEPT',
      system: 'cec',
      tenantSpaceId: 't1',
      reason: 'UPSTREAM_THROTTLED',
      upstreamStatus: 503,
    })
    at += 7_500
    expect((await get()).token).toBe(`${prefix} 3`)
  })

  it('a vendor that says "come back in a day" is left alone until the hard limit, and no longer', async () => {
    const old = await get()
    at += SOFT_MS
    const inADay: Fetch = async () => {
      fetches += 1
      throw new BridgeError('UPSTREAM_THROTTLED', 'failed', { detail: { retryAfterSeconds: 86_400 } })
    }
    expect(await get(inADay)).toBe(old)
    at += HARD_MS - SOFT_MS - 1
    expect([await get(), fetches]).toEqual([old, 2])
    at += 1
    expect([(await get()).token, fetches]).toEqual([`${prefix} 3`, 3])
    // Nothing of the hint is left for the new token
    at += SOFT_MS
    expect([(await get()).token, fetches]).toEqual([`${prefix} 4`, 4])
  })

  it('a renewal that fails only when the old token is past its hard limit fails the one who waited for it', async () => {
    await get()
    at += SOFT_MS
    const slow = held()
    const renewing = get(slow.fetch)
    await slow.asked
    at += HARD_MS - SOFT_MS
    slow.fail(new BridgeError('UPSTREAM_TIMEOUT', 'failed'))
    await expect(renewing).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(codes().at(-1)).toBe('MACHINE_TOKEN_KEPT')
  })

  it('is not a thing where a new token kills the old one: that is left until the hard limit', async () => {
    const old = await get(fetch, { overlap: 'kills' })
    at += HARD_MS - 1
    expect(await get(fetch, { overlap: 'kills' })).toBe(old)
    at += 1
    expect((await get(fetch, { overlap: 'kills' })).token).toBe(`${prefix} 2`)
  })
})

describe('lib/token-cache/token-cache: past the hard limit', () => {
  it('all wait for one fetch, and nobody has the old token', async () => {
    await get()
    at += HARD_MS
    const slow = held()
    const all = [get(slow.fetch), get(slow.fetch), get(slow.fetch)]
    await slow.asked
    slow.answer()
    expect((await Promise.all(all)).map(({ token }) => token)).toEqual(Array(3).fill(`${prefix} 2`))
    expect(fetches).toBe(2)
  })

  it('a failed fetch is everybody’s, and the old token nobody’s', async () => {
    await get()
    at += HARD_MS
    const slow = held()
    const all = Promise.allSettled([get(slow.fetch), get(slow.fetch)])
    await slow.asked
    slow.fail(new BridgeError('UPSTREAM_UNAVAILABLE', 'failed'))
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

describe('lib/token-cache/token-cache: who joins another’s fetch', () => {
  it('is told in time for an answer when it takes too long', async () => {
    const slow = held()
    const starter = get(slow.fetch)
    await slow.asked
    const short = { remainingMs: () => 1_020 }
    await expect(tokens.get({ ...request(), deadline: short })).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
    slow.answer()
    expect((await starter).token).toBe(`${prefix} 1`)
  })

  it('begins again, with time left, when the starter had none', async () => {
    const slow = held()
    const starter = get(slow.fetch)
    await slow.asked
    const joiner = get()
    slow.fail(new BridgeError('UPSTREAM_TIMEOUT', 'too late'))
    await expect(starter).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect((await joiner).token).toBe(`${prefix} 1`)
  })

  it('fails with the starter when its own time is up as well', async () => {
    const slow = held()
    const starter = get(slow.fetch)
    await slow.asked
    let leftMs = 5_000
    const joiner = tokens.get({ ...request(), deadline: { remainingMs: () => leftMs } })
    leftMs = 1_000
    slow.fail(new BridgeError('UPSTREAM_TIMEOUT', 'too late'))
    await expect(starter).rejects.toBeDefined()
    await expect(joiner).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(fetches).toBe(0)
  })

  it('fails with the starter for what the vendor said', async () => {
    const slow = held()
    const starter = get(slow.fetch)
    await slow.asked
    const joiner = get()
    slow.fail(new BridgeError('UPSTREAM_CREDENTIAL', 'refused'))
    await expect(starter).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    await expect(joiner).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    expect(fetches).toBe(0)
  })
})

describe('lib/token-cache/token-cache: replace', () => {
  const always = {}
  const never = { mayFetch: () => false }
  const replace = (refused: ServiceToken, wanted: object = always, how: Fetch = fetch) =>
    tokens.replace(request(how), refused, wanted)

  it('gives another only where a fetch is allowed, which then is everybody’s', async () => {
    const first = await get()
    expect([await replace(first, never), fetches]).toEqual([undefined, 1])
    const second = await replace(first)
    expect([second?.token, fetches]).toEqual([`${prefix} 2`, 2])
    expect(await get()).toBe(second)
  })

  it('gives at once the other that this sandbox has already', async () => {
    const first = await get()
    const second = await replace(first)
    table.resetCounters()
    expect([await replace(first, never), table.calls().get]).toEqual([second, 0])
  })

  it('gives the other that is in the table', async () => {
    const first = await get()
    const second = await newSandbox().replace(request(), first, always)
    expect([await replace(first, never), fetches]).toEqual([second, 2])
  })

  it('shares one fetch among all that were refused the same token', async () => {
    const first = await get()
    const all = await Promise.all(Array.from({ length: 10 }, () => replace(first)))
    expect([new Set(all).size, fetches]).toEqual([1, 2])
  })

  it('is not denied to who may fetch because another who may not came first', async () => {
    const first = await get()
    const [unsure, sure] = await Promise.all([replace(first, { ...never, isForced: true }), replace(first)])
    expect([unsure, sure?.token]).toEqual([undefined, `${prefix} 2`])
  })

  it('joins no fetch that began before the refusal: it may bring the very token that is refused', async () => {
    const slow = held()
    const first = get(slow.fetch)
    await slow.asked
    slow.answer()
    const refused = await first
    expect((await replace(refused))?.token).toBe(`${prefix} 2`)
  })

  it('leaves the refused token in use while no other is to be had', async () => {
    const first = await get()
    await expect(replace(first, always, failing('UPSTREAM_UNAVAILABLE'))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(await get()).toBe(first)
  })
})
