import { describe, expect, it } from 'vitest'
import type { Admission } from '../../../lib/directory/directory.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'
import {
  admission,
  audience,
  type Check,
  type Claimed,
  expiry,
  issuer,
  lifetime,
  passing,
  subject,
} from '../../../lib/signed-token/checks.ts'
import { ADMITTED, AMPLE, fakeDirectory, NOW, NOW_SECONDS } from './fakes.ts'

const STAGE = 'https://stage.invalid'
const MOST_SECONDS = 3600

/** A token that every check lets through. */
const GOOD: Claimed = {
  claims: {
    iss: STAGE,
    aud: 'urn:cec:1',
    sub: 'tom',
    name: 'Tom',
    jti: 'jti-jti-jti-jti-1',
    ver: '0.0',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 300,
  },
  names: { jti: 'jti-jti-jti-jti-1', kid: 'kid-1', tenantSpaceId: '1', userId: 'tom' },
  expected: {
    audience: { claim: 'aud', is: 'urn:cec:1', refusal: () => new BridgeError('TOKEN_TENANT_DIFFERS', 'x') },
    subject: [
      { claim: 'sub', is: 'tom', refusal: () => new BridgeError('TOKEN_USER_DIFFERS', 'x') },
      { claim: 'name', is: 'Tom', refusal: () => new BridgeError('TOKEN_NAME_DIFFERS', 'x') },
    ],
  },
  profile: { refuse: refusals('TOKEN'), maxLifetimeSeconds: MOST_SECONDS, about: 'user' },
  deps: { issuer: STAGE, now: () => NOW, directory: fakeDirectory() },
  deadline: AMPLE,
}
const withClaims = (changes: Partial<Claimed['claims']>): Claimed => ({
  ...GOOD,
  claims: { ...GOOD.claims, ...changes },
})
const outcome = async (check: Check, token: Claimed): Promise<unknown> => {
  try {
    await check(token)
    return 'passes'
  } catch (error) {
    return error instanceof BridgeError ? [error.code, error.detail.field] : error
  }
}

describe('lib/signed-token/checks: a good token', () => {
  it.each(Object.entries({ lifetime, issuer, audience, expiry, subject, admission }))(
    'passes %s, and goes on as it is',
    async (_, check) => {
      expect(await passing(check)(GOOD)).toBe(GOOD)
    },
  )
})

describe('lib/signed-token/checks: lifetime', () => {
  const from = (iat: number, seconds: number) => withClaims({ iat, exp: iat + seconds })
  it.each([
    ['no life at all', from(NOW_SECONDS, 0), ['TOKEN_CLAIMS_INVALID', 'exp']],
    ['an end before its begin', from(NOW_SECONDS, -1), ['TOKEN_CLAIMS_INVALID', 'exp']],
    ['a second too much', from(NOW_SECONDS, MOST_SECONDS + 1), ['TOKEN_LIFETIME_TOO_LONG', 'exp']],
    ['a begin 6 s ahead', from(NOW_SECONDS + 6, 300), ['TOKEN_ISSUED_AHEAD', 'iat']],
    ['the shortest life', from(NOW_SECONDS, 1), 'passes'],
    ['the longest life', from(NOW_SECONDS, MOST_SECONDS), 'passes'],
    ['a begin 5 s ahead, as clocks differ', from(NOW_SECONDS + 5, 300), 'passes'],
    ['an end in the past, which is judged later', from(NOW_SECONDS - 600, 300), 'passes'],
  ])('given %s', async (_, token, expected) => {
    expect(await outcome(lifetime, token)).toEqual(expected)
  })
})

describe('lib/signed-token/checks: issuer', () => {
  it.each([`${STAGE}/`, STAGE.toUpperCase(), 'https://other.invalid', ''])('refuses %j', async (iss) => {
    expect(await outcome(issuer, withClaims({ iss }))).toEqual(['TOKEN_ISSUER_WRONG', 'iss'])
  })
})

describe('lib/signed-token/checks: audience and subject', () => {
  it.each([
    ['another audience', audience, { aud: 'urn:cec:2' }, 'TOKEN_TENANT_DIFFERS'],
    ['an audience that only begins alike', audience, { aud: 'urn:cec:10' }, 'TOKEN_TENANT_DIFFERS'],
    ['another subject', subject, { sub: 'tim' }, 'TOKEN_USER_DIFFERS'],
    ['a subject in other case', subject, { sub: 'Tom' }, 'TOKEN_USER_DIFFERS'],
    ['another name', subject, { name: 'Tim' }, 'TOKEN_NAME_DIFFERS'],
    ['another subject and name', subject, { sub: 'tim', name: 'Tim' }, 'TOKEN_USER_DIFFERS'],
  ] as const)('refuse %s, each with the code of the kind', async (_, check, changes, code) => {
    expect(await outcome(check, withClaims(changes))).toEqual([code, undefined])
  })

  it('fold and normalise nothing', async () => {
    const expected = { ...GOOD.expected, audience: { ...GOOD.expected.audience, is: 'caf\u00e9' } }
    const token = { ...withClaims({ aud: 'cafe\u0301' }), expected }
    expect(await outcome(audience, token)).toEqual(['TOKEN_TENANT_DIFFERS', undefined])
    expect(await outcome(audience, { ...withClaims({ aud: 'caf\u00e9' }), expected })).toBe('passes')
  })

  it('let every subject through where the request names none', async () => {
    const token = { ...withClaims({ sub: 'tim' }), expected: { ...GOOD.expected, subject: [] } }
    expect(await outcome(subject, token)).toBe('passes')
  })
})

describe('lib/signed-token/checks: expiry', () => {
  const at = (ms: number): Claimed => ({ ...GOOD, deps: { ...GOOD.deps, now: () => new Date(ms) } })
  it('is at exp, to the millisecond and without tolerance', async () => {
    expect(await outcome(expiry, at(GOOD.claims.exp * 1000 - 1))).toBe('passes')
    expect(await outcome(expiry, at(GOOD.claims.exp * 1000))).toEqual(['TOKEN_EXPIRED', 'exp'])
  })
})

describe('lib/signed-token/checks: admission', () => {
  const found = (changes: object, claims: Partial<Claimed['claims']> = {}): Claimed => ({
    ...withClaims(claims),
    deps: { ...GOOD.deps, directory: fakeDirectory({ ...ADMITTED, ...changes }) },
  })
  const user = (changes: object) => ({ user: { ...ADMITTED.user, ...changes } })

  it('asks about the user, the tenant, the token and the key, once', async () => {
    const directory = fakeDirectory()
    await outcome(admission, { ...GOOD, deps: { ...GOOD.deps, directory } })
    expect(directory.asked).toEqual([{ ...GOOD.names, kind: 'user', ver: GOOD.claims.ver }])
  })

  it('asks about an agent, whom no entry need admit, and holds it against its epoch', async () => {
    const profile = { ...GOOD.profile, about: 'agent' as const }
    const verdict = (admitted: Partial<Admission>) => {
      const directory = fakeDirectory({ ...ADMITTED, user: undefined, ...admitted })
      return outcome(admission, { ...GOOD, profile, deps: { ...GOOD.deps, directory } })
    }

    expect(await verdict({})).toBe('passes')
    expect(await verdict({ agentEpoch: 1 })).toEqual(['TOKEN_REVOKED', 'ver'])
    expect(await verdict({ tenantEpoch: 1 })).toEqual(['TOKEN_REVOKED', 'ver'])
    expect(await verdict({ isTokenRevoked: true })).toEqual(['TOKEN_REVOKED', 'jti'])
    expect(await verdict({ isKeyRevoked: true })).toEqual(['TOKEN_KEY_REVOKED', undefined])
  })

  it.each([
    ['a revoked key', found({ isKeyRevoked: true }), ['TOKEN_KEY_REVOKED', undefined]],
    ['a key that has come to its end', found({ keyEndsAt: NOW_SECONDS }), ['TOKEN_KEY_RETIRED', undefined]],
    ['a key that is about to', found({ keyEndsAt: NOW_SECONDS + 1 }), 'passes'],
    ['nobody', found({ user: undefined }), ['TOKEN_USER_UNKNOWN', 'sub']],
    ['a disabled user', found(user({ status: 'disabled' })), ['TOKEN_USER_INACTIVE', 'sub']],
    ['a tombstone', found(user({ status: 'deleted' })), ['TOKEN_USER_INACTIVE', 'sub']],
    ['a user of another name', found(user({ userName: 'Tim' })), ['TOKEN_USER_UNKNOWN', 'name']],
    ['a revoked token', found({ isTokenRevoked: true }), ['TOKEN_REVOKED', 'jti']],
    ['a newer epoch of the user', found(user({ epoch: 1 })), ['TOKEN_REVOKED', 'ver']],
    ['a newer epoch of the tenant', found({ tenantEpoch: 1 }), ['TOKEN_REVOKED', 'ver']],
    ['the current epochs', found({ tenantEpoch: 2, ...user({ epoch: 3 }) }, { ver: '2.3' }), 'passes'],
    ['a just-in-time user of another name', found(user({ userName: 'Tim', justInTime: true })), 'passes'],
    [
      'another name that is no caller’s word',
      found(user({ userName: 'Tim', justInTime: false })),
      ['TOKEN_USER_UNKNOWN', 'name'],
    ],
  ])('given %s', async (_, token, expected) => {
    expect(await outcome(admission, token)).toEqual(expected)
  })

  it('says of a revoked key’s token nothing but that', async () => {
    const all = { isKeyRevoked: true, user: undefined, isTokenRevoked: true, tenantEpoch: 9 }
    expect(await outcome(admission, found(all))).toEqual(['TOKEN_KEY_REVOKED', undefined])
  })
})
