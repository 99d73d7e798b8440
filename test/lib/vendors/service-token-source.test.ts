import { describe, expect, it } from 'vitest'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import type { SecretReader } from '../../../lib/secrets/reader.ts'
import type { ServiceToken } from '../../../lib/token-cache/service-token.ts'
import { oiapProfile } from '../../../lib/vendors/oiap/profile.ts'
import type { OiapSettings } from '../../../lib/vendors/oiap/settings.ts'
import type { RefreshedVendor } from '../../../lib/vendors/profile.ts'
import { byForce, requestOf, serviceTokenSource } from '../../../lib/vendors/service-token-source.ts'

const NOW = Date.parse('2026-09-21T12:00:00Z')
const MINUTE_MS = 60_000
const ofAttempt = { remainingMs: () => 5_000 }
const ofFetch = { remainingMs: () => 3_000 }
const TOKEN: ServiceToken = { token: 'any', issuedAt: NOW, expiresAt: NOW + MINUTE_MS }
const SETTINGS: OiapSettings = {
  url: 'https://oiap.example.com/token',
  appKey: 'app',
  appSecret: 'stand-in',
  overlap: 'kills',
  warm: 'never',
}

describe('lib/vendors/service-token-source requestOf', () => {
  const asked: unknown[] = []
  const vendor: RefreshedVendor<OiapSettings> = {
    ...oiapProfile,
    serviceToken: {
      variant: ({ warm }) => [warm],
      fetch: async (_, { tenantSpaceId }, deadline) => {
        asked.push([tenantSpaceId, deadline])
        return TOKEN
      },
    },
  }
  const breaker = {
    check: async () => undefined,
    recordFailure: async () => undefined,
    begin: (account: Account) => ({ account, known: undefined }),
    recordSuccess: async () => undefined,
  }
  const deps = { secrets: {} as SecretReader, breaker, outbound: async () => never(), log: () => undefined }
  const source = serviceTokenSource(deps, vendor)
  const modes: unknown[] = []
  const request = requestOf(source, {
    tenantSpaceId: 't1',
    settings: SETTINGS,
    fingerprint: 'f1',
    deadline: ofAttempt,
    guard: (call, mode) => {
      modes.push(mode)
      return call()
    },
  })

  it('says which token it is, by all that changes it', () => {
    const subject = {
      system: 'oiap',
      tenantSpaceId: 't1',
      fingerprint: 'f1',
      variant: ['never'],
      overlap: 'kills',
    }
    expect(request).toMatchObject({ subject, deadline: ofAttempt })
  })

  it('asks the vendor through the guard, within the deadline of the fetch', async () => {
    expect(await request.fetch(ofFetch, { isAlone: true })).toBe(TOKEN)
    expect(asked).toEqual([['t1', ofFetch]])
    expect(modes).toEqual([{ isAlone: true }])
  })
})

const never = (): never => {
  throw new Error('nobody may call out here')
}

describe('lib/vendors/service-token-source byForce', () => {
  const { isForced, mayFetch } = byForce(() => new Date(NOW))

  it('is by force', () => {
    expect(isForced).toBe(true)
  })

  it.each<[string, number | undefined, boolean]>([
    ['a minute after the last', NOW - MINUTE_MS, true],
    ['sooner', NOW - MINUTE_MS + 1, false],
    ['while nobody can say when the last was', undefined, false],
    ['a minute before the last, by a clock that was set back', NOW + MINUTE_MS, true],
    ['sooner before the last', NOW + MINUTE_MS - 1, false],
  ])('may fetch or not: %s', (_, forcedAt, expected) => {
    expect(mayFetch?.(forcedAt)).toBe(expected)
  })
})
