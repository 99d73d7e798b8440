import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { compactToken } from '../../../lib/jwt/compact.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'
import { oidcVerifier } from '../../../lib/oidc/verify.ts'
import { CallersSecret } from '../../../lib/schemas/callers.ts'
import type { Issuer } from '../../../lib/schemas/issuers.ts'
import { derivedUserId } from '../../../lib/schemas/user-id-form.ts'
import { base64url, mintHs256, mintRsa } from '../../support/mint.ts'
import { PROVIDERS } from '../../support/provider-tokens/providers.ts'
import { NOW_SECONDS, type Refusal, type Shape, TENANT } from '../../support/provider-tokens/shape.ts'

const KEYS: Readonly<Record<string, KeyObject>> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
}
const keyFor = (alg: unknown): KeyObject => KEYS[String(alg)] as KeyObject

const signed = ({ head, claims }: Shape): string => {
  if (head['alg'] === 'RS256') return mintRsa(head, claims, keyFor('RS256'), false)
  const input = `${base64url(head)}.${base64url(claims)}`
  const signature = sign('sha384', Buffer.from(input), { key: keyFor('ES384'), dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const verify = oidcVerifier({
  keys: (_, { alg }) => importJWK(createPublicKey(keyFor(alg)).export({ format: 'jwk' }) as JWK, alg),
  now: () => new Date(NOW_SECONDS * 1000),
  userIds: { USER_ID_MAX_LENGTH: 32 },
})

const entriesOf = (issuers: readonly object[]) =>
  CallersSecret.parse({ callers: [], issuers }).issuers as unknown as readonly [Issuer, ...Issuer[]]

/** Whom the token stands for, or the code without its family and the field. */
const verdict = async (issuers: readonly object[], text: string) => {
  const token = compactToken(text, { characters: 8_192, payloadBytes: 6_144 }, refusals('TOKEN'))
  return verify({ token, entries: entriesOf(issuers) }, { remainingMs: () => 5_000 }).then(
    ({ entry, tenantSpaceId, user }) => ({ callerId: entry.callerId, tenantSpaceId, user }),
    (error: unknown) => {
      if (!(error instanceof BridgeError)) throw error
      return { code: error.code.replace('OIDC_', ''), field: error.detail.field }
    },
  )
}

const changed = (good: Shape, { head = {}, claims = {} }: Pick<Refusal, 'head' | 'claims'>): Shape => ({
  head: defined({ ...good.head, ...head }),
  claims: defined({ ...good.claims, ...claims }),
})
const defined = (object: object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

/** What no provider's access token for somebody else, of another time or another kind may do. */
const FOR_ALL: readonly Refusal[] = [
  {
    what: 'another audience',
    claims: { aud: 'https://other.example.com' },
    code: 'AUDIENCE_WRONG',
    field: 'aud',
  },
  { what: 'an hour too late', claims: { exp: NOW_SECONDS }, code: 'EXPIRED', field: 'exp' },
  { what: 'an age of more than a day', claims: { iat: NOW_SECONDS - 86_401 }, code: 'TOO_OLD', field: 'iat' },
  { what: 'a logout token', head: { typ: 'logout+jwt' }, code: 'TYPE_REFUSED' },
  { what: 'alg none', head: { alg: 'none' }, code: 'HEADER_INVALID', field: 'alg' },
]

/** ID tokens are told by these. Where an entry asks for ID tokens, they are no fault. */
const FOR_ACCESS_TOKENS: readonly Refusal[] = ['nonce', 'c_hash', 'at_hash', 'events'].map((field) => ({
  what: `a claim ${field}`,
  claims: { [field]: 'x' },
  code: 'TYPE_REFUSED',
  field,
}))

describe.each(PROVIDERS)('lib/oidc: $name', (provider) => {
  const { issuers, user, backEnd, derivedOf, userId, userName } = provider
  const taken = async (of: 'user' | 'backEnd') => {
    const good = of === 'user' ? user : backEnd
    if (good === undefined) throw new Error(`${provider.name} has no such token`)
    return { good, outcome: await verdict(issuers, signed(good)) }
  }

  // A provider has at least one of the two, and not each has both.
  it.each(user === undefined ? [] : ['user' as const])('takes a %s’s token', async (of) => {
    const { good, outcome } = await taken(of)
    const id = userId ?? derivedUserId(String(good.claims['iss']), String(derivedOf))
    const named = userName === undefined ? {} : { userName }
    expect(outcome).toEqual({ callerId: 'staff', tenantSpaceId: TENANT, user: { userId: id, ...named } })
  })

  it.each(backEnd === undefined ? [] : ['backEnd' as const])(
    'takes a %s’s token of the same issuer and audience',
    async (of) => {
      const { outcome } = await taken(of)
      expect(outcome).toEqual({ callerId: 'jobs', tenantSpaceId: TENANT, user: undefined })
    },
  )

  const isJwt = entriesOf(issuers)[0].tokens === 'jwt'
  const general = [...FOR_ALL, ...(isJwt ? FOR_ACCESS_TOKENS : [])]

  it.each([...provider.refused, ...general])('refuses $what: $code', async (row) => {
    const of = row.of ?? (user === undefined ? 'backEnd' : 'user')
    const { good, outcome } = await taken(of)
    expect(outcome).toHaveProperty('callerId')
    const refusal = await verdict(issuers, await spoilt(changed(good, row)))
    expect(refusal).toMatchObject({
      code: row.code,
      ...(row.field === undefined ? {} : { field: row.field }),
    })
  })
})

const spoilt = async (shape: Shape): Promise<string> =>
  shape.head['alg'] === 'none' ? mintHs256(shape.head, shape.claims, 'none') : signed(shape)
