import { createPublicKey, type KeyObject } from 'node:crypto'
import { importJWK, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compactToken } from '../../../lib/jwt/compact.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'
import type { PublicKey } from '../../../lib/jwt/signature.ts'
import type { WantedKey } from '../../../lib/oidc/provider-keys.ts'
import { oidcVerifier } from '../../../lib/oidc/verify.ts'
import { Issuer } from '../../../lib/schemas/issuers.ts'
import { foreignKey, mint } from '../../support/mint.ts'

const NOW_SECONDS = 1_800_000_000
const AMPLE = { remainingMs: () => 5_000 }
const ISSUER = 'https://idp.invalid'
const USERS = Issuer.parse({
  callerId: 'staff',
  kind: 'user',
  issuer: ISSUER,
  audience: 'for-users',
  tenant: '1',
  scopes: ['chat:relay'],
})
const JOBS = Issuer.parse({
  callerId: 'jobs',
  kind: 'back-end',
  issuer: ISSUER,
  audience: 'for-jobs',
  tenant: '1',
  subjects: ['nightly'],
  scopes: ['users:write'],
})

let own: KeyObject
let publicKey: PublicKey
beforeAll(async () => {
  own = foreignKey()
  publicKey = await importJWK(createPublicKey(own).export({ format: 'jwk' }) as JWK, 'ES256')
})

interface Case {
  readonly head?: object
  readonly claims?: object
  readonly entry?: object
  readonly entries?: readonly [Issuer, ...Issuer[]]
  readonly key?: KeyObject
  readonly isKnown?: boolean
}
const verdict = async ({ head, claims, entry, entries, key = own, isKnown = true }: Case = {}) => {
  const payload = {
    ...{ iss: ISSUER, aud: 'for-users', sub: 'tom', name: 'Tom' },
    ...{ iat: NOW_SECONDS, exp: NOW_SECONDS + 300 },
    ...claims,
  }
  const text = mint({ alg: 'ES256', typ: 'at+jwt', kid: 'one', ...head }, payload, key)
  const token = compactToken(text, { characters: 8_000, payloadBytes: 6_000 }, refusals('TOKEN'))
  const asked: WantedKey[] = []
  const told: string[] = []
  const verify = oidcVerifier({
    keys: async (_, wanted) => {
      asked.push(wanted)
      return isKnown ? publicKey : undefined
    },
    now: () => new Date(NOW_SECONDS * 1000),
    userIds: { USER_ID_MAX_LENGTH: 32 },
  })
  const listed = entries ?? [Issuer.parse({ ...USERS, ...entry }), JOBS]
  const onSigned = ({ callerId }: Issuer) => void told.push(callerId)
  const outcome = await verify({ token, entries: listed, onSigned }, AMPLE).catch(({ code, detail }) => [
    code,
    detail.field,
  ])
  return { outcome, asked, told }
}
const JOB = { aud: 'for-jobs', sub: 'nightly' }

describe('lib/oidc/verify: a good token', () => {
  it('stands for a user, of the tenant and entry that the secret lists', async () => {
    const { outcome, asked, told } = await verdict()
    expect(outcome).toEqual({
      entry: USERS,
      tenantSpaceId: '1',
      user: { userId: 'tom', userName: 'Tom' },
      expiresAt: NOW_SECONDS + 300,
    })
    expect(asked).toEqual([{ kid: 'one', alg: 'ES256' }])
    expect(told).toEqual(['staff'])
  })

  it('stands for a back end, which is no user', async () => {
    expect((await verdict({ claims: JOB })).outcome).toMatchObject({ entry: JOBS, user: undefined })
  })

  it('needs no callback', async () => {
    const text = mint({ alg: 'ES256', typ: 'JWT', kid: 'one' }, {}, own)
    const token = compactToken(text, { characters: 8_000, payloadBytes: 6_000 }, refusals('TOKEN'))
    const verify = oidcVerifier({
      keys: async () => publicKey,
      now: () => new Date(0),
      userIds: { USER_ID_MAX_LENGTH: 32 },
    })
    await expect(verify({ token, entries: [USERS] }, AMPLE)).rejects.toMatchObject({
      code: 'OIDC_CLAIMS_INVALID',
    })
  })
})

describe('lib/oidc/verify: header and signature', () => {
  it.each<[string, Case, string, string | undefined]>([
    ['an algorithm that is not listed', { head: { alg: 'HS256' } }, 'OIDC_HEADER_INVALID', 'alg'],
    ['an extension', { head: { crit: ['exp'] } }, 'OIDC_HEADER_INVALID', 'crit'],
    ['a key that it brings along', { head: { jwk: {} } }, 'OIDC_HEADER_INVALID', 'jwk'],
    ['another type', { head: { typ: 'logout+jwt' } }, 'OIDC_TYPE_REFUSED', undefined],
    ['a key that the provider has not', { isKnown: false }, 'OIDC_KEY_UNKNOWN', undefined],
  ])('refuses %s', async (_, spoilt, code, field) => {
    expect((await verdict(spoilt)).outcome).toEqual([code, field])
  })

  it('asks for no key because of a header that is refused', async () => {
    for (const head of [{ alg: 'none' }, { typ: 'logout+jwt' }])
      expect((await verdict({ head })).asked).toEqual([])
  })

  it('judges the signature before any claim, and names nobody to the log', async () => {
    const { outcome, told } = await verdict({ key: foreignKey(), claims: { exp: 1, aud: 'x', iss: 'x' } })
    expect(outcome).toEqual(['OIDC_SIGNATURE_INVALID', undefined])
    expect(told).toEqual([])
  })
})

describe('lib/oidc/verify: claims', () => {
  it.each<[string, Case, string, string]>([
    ['another issuer', { claims: { iss: `${ISSUER}/` } }, 'OIDC_CLAIMS_INVALID', 'iss'],
    ['a key that its holder must prove', { claims: { cnf: {} } }, 'OIDC_CLAIMS_INVALID', 'cnf'],
    ['no audience of ours', { claims: { aud: ['x'] } }, 'OIDC_AUDIENCE_WRONG', 'aud'],
    ['a begin 6 s ahead', { claims: { iat: NOW_SECONDS + 6 } }, 'OIDC_ISSUED_AHEAD', 'iat'],
    ['a validity from 6 s on', { claims: { nbf: NOW_SECONDS + 6 } }, 'OIDC_NOT_YET_VALID', 'nbf'],
    ['its end', { claims: { exp: NOW_SECONDS } }, 'OIDC_EXPIRED', 'exp'],
    ['its end within this second', { claims: { exp: NOW_SECONDS + 0.9 } }, 'OIDC_EXPIRED', 'exp'],
    ['a back end that is not listed', { claims: { ...JOB, sub: 'hourly' } }, 'OIDC_SUBJECT_UNKNOWN', 'sub'],
    ['a userId of 33 characters', { claims: { sub: 'a'.repeat(33) } }, 'OIDC_USER_INVALID', 'sub'],
    ['no name', { claims: { name: undefined } }, 'OIDC_USER_INVALID', 'name'],
    ['no configured claim', { entry: { userClaim: 'employee' } }, 'OIDC_USER_INVALID', 'employee'],
  ])('refuse %s', async (_, spoilt, code, field) => {
    expect((await verdict(spoilt)).outcome).toEqual([code, field])
  })

  it.each<[string, Case]>([
    ['a begin 5 s ahead, as clocks differ', { claims: { iat: NOW_SECONDS + 5, nbf: NOW_SECONDS + 5 } }],
    ['two audiences of ours', { claims: { aud: ['for-users', 'for-jobs'] } }],
    ['our audience among others', { claims: { aud: ['x', 'for-users'] } }],
    ['a second that is left', { claims: { exp: NOW_SECONDS + 1 } }],
    ['the whole media type', { head: { typ: 'application/at+jwt' } }],
    ['a userId of 32 characters', { claims: { sub: 'a'.repeat(32) } }],
  ])('take %s', async (_, good) => {
    expect((await verdict(good)).outcome).toMatchObject({ entry: { callerId: 'staff' } })
  })
})

describe('lib/oidc/verify: the tenant', () => {
  const mapped = { tenant: undefined, tenantClaim: 'org', tenants: { acme: '2' } }
  it('is what the claim’s value stands for', async () => {
    const { outcome } = await verdict({ entry: mapped, claims: { org: 'acme' } })
    expect(outcome).toMatchObject({ tenantSpaceId: '2' })
  })

  it('is the value itself where it begins with a prefix that the entry names, and has the form of a tenant', async () => {
    const prefixed = { ...mapped, tenantPrefixes: ['eu-'] }
    for (const [org, tenantSpaceId] of [
      ['eu-1', 'eu-1'],
      ['acme', '2'],
    ])
      expect((await verdict({ entry: prefixed, claims: { org } })).outcome).toMatchObject({ tenantSpaceId })
    for (const org of ['eu', 'eu2', 'EU-1', 'eu-1/cec', `eu-${'1'.repeat(62)}`])
      expect((await verdict({ entry: prefixed, claims: { org } })).outcome).toEqual([
        'OIDC_TENANT_UNKNOWN',
        'org',
      ])
    expect((await verdict({ entry: mapped, claims: { org: 'eu-1' } })).outcome).toEqual([
      'OIDC_TENANT_UNKNOWN',
      'org',
    ])
  })

  it.each(['2', 'Acme', 'constructor', '__proto__', ['acme', 'acme'], [['acme']], [], undefined])(
    'is not %j',
    async (org) => {
      const { outcome, told } = await verdict({ entry: mapped, claims: { org } })
      expect(outcome).toEqual(['OIDC_TENANT_UNKNOWN', 'org'])
      expect(told).toEqual(['staff'])
    },
  )
})

describe('lib/oidc/verify: an ID token', () => {
  const accepting = { acceptIdTokens: true, clientIds: ['site'] }
  it.each(['JWT', undefined])(
    'of type %j is taken where its entry says so, of a configured client',
    async (typ) => {
      const head = { typ }
      expect((await verdict({ head, entry: accepting, claims: { azp: 'site' } })).outcome).toMatchObject({
        entry: { callerId: 'staff' },
      })
      expect((await verdict({ head, claims: { azp: 'site' } })).outcome).toEqual(['OIDC_TYPE_REFUSED', 'typ'])
    },
  )

  it.each(['other', '', undefined])('of the client %j is refused', async (azp) => {
    const { outcome } = await verdict({ head: { typ: 'JWT' }, entry: accepting, claims: { azp } })
    expect(outcome).toEqual(['OIDC_CLIENT_UNKNOWN', 'azp'])
  })

  it('is never a back end’s', async () => {
    expect((await verdict({ head: { typ: 'JWT' }, claims: JOB })).outcome).toEqual([
      'OIDC_TYPE_REFUSED',
      'typ',
    ])
  })
})
