import { describe, expect, it } from 'vitest'
import { authenticator } from '../../../lib/http/callers.ts'
import { BACK_ENDS, type CredentialKind, PAGES_AND_BACK_ENDS } from '../../../lib/http/credentials.ts'
import { oidcCallers } from '../../../lib/http/oidc-callers.ts'
import { foreignKey, mint } from '../../support/mint.ts'
import {
  DEADLINE,
  directoryOf,
  NOW,
  notes,
  nowSeconds,
  providerOf,
  refusalOf,
  secretsOf,
  sourceOf,
} from './fakes.ts'

const ISSUER = 'https://idp.example.com'
const TENANT = '202007159031'
const FIVE_MINUTES = 300
const key = foreignKey()

const entry = { issuer: ISSUER, audience: 'bridge', tenant: TENANT, scopes: ['chat:relay'] }
const callersSecret = {
  callers: [],
  issuers: [
    { ...entry, kind: 'user', callerId: 'staff' },
    { ...entry, kind: 'back-end', callerId: 'jobs', audience: 'bridge-jobs', subjects: ['job-1'] },
  ],
}
const token = (changes: object = {}): string =>
  mint(
    { alg: 'ES256', kid: 'k1', typ: 'at+jwt' },
    {
      iss: ISSUER,
      aud: 'bridge',
      sub: '10010001',
      name: 'Tom',
      iat: nowSeconds,
      exp: nowSeconds + FIVE_MINUTES,
      ...changes,
    },
    key,
  )
const USER_TOKEN = token()
const BACK_END_TOKEN = token({ aud: 'bridge-jobs', sub: 'job-1' })

/** Asks as a route does that takes these kinds; `status` is the user's in the directory that it asks. */
const asked = (
  credential: string,
  kinds: readonly CredentialKind[],
  directory?: Parameters<typeof oidcCallers>[0]['directory'],
) => {
  const callers = sourceOf(secretsOf({ callers: callersSecret }))
  const { note, noted } = notes()
  const now = () => NOW
  const own = oidcCallers({
    callers,
    outbound: providerOf(ISSUER, 'k1', key),
    now,
    userIds: { USER_ID_MAX_LENGTH: 32, USER_ID_CHARACTERS: undefined },
    kinds,
    ...(directory === undefined ? {} : { directory }),
  })
  const authenticate = authenticator({ callers, stage: 'test', now, tokens: [own] })
  return { principal: authenticate({ authorization: `Bearer ${credential}` }, DEADLINE, note), noted }
}
const { kinds: EVERYBODY } = PAGES_AND_BACK_ENDS

describe('lib/http/oidc-callers', () => {
  it('takes a user, bound to its id, name and tenant', async () => {
    const { principal, noted } = asked(USER_TOKEN, EVERYBODY)
    expect(await principal).toEqual({
      callerId: 'staff',
      tenants: [TENANT],
      tenantSpaceId: TENANT,
      scopes: ['chat:relay'],
      expiresAt: nowSeconds + FIVE_MINUTES,
      userId: '10010001',
      userName: 'Tom',
    })
    expect(noted()).toEqual({ callerId: 'staff', tenantSpaceId: TENANT, userId: '10010001' })
  })

  it('takes a back end, bound to nobody', async () => {
    expect(await asked(BACK_END_TOKEN, BACK_ENDS.kinds).principal).toEqual({
      callerId: 'jobs',
      tenants: [TENANT],
      tenantSpaceId: TENANT,
      scopes: ['chat:relay'],
      expiresAt: nowSeconds + FIVE_MINUTES,
    })
  })

  it('refuses a kind that the route does not take, and says in the log whose it was', async () => {
    const { principal, noted } = asked(USER_TOKEN, BACK_ENDS.kinds)
    expect(await refusalOf(principal)).toMatchObject({ code: 'CALLER_KIND_REFUSED' })
    expect(noted()).toEqual({ callerId: 'staff', tenantSpaceId: TENANT, userId: '10010001' })
    expect(await asked(USER_TOKEN, EVERYBODY).principal).toMatchObject({ userId: '10010001' })
  })

  it('refuses an issuer that the callers secret does not list, without asking it', async () => {
    const { principal, noted } = asked(token({ iss: 'https://other.example.com' }), EVERYBODY)
    expect(await refusalOf(principal)).toMatchObject({ code: 'OIDC_ISSUER_UNKNOWN' })
    expect(noted()).toEqual({})
  })

  it('leaves a token that claims no issuer to the others', async () => {
    const { principal } = asked(token({ iss: undefined }), EVERYBODY)
    expect(await refusalOf(principal)).toMatchObject({ code: 'CALLER_KIND_REFUSED' })
  })

  describe('with a directory', () => {
    it.each(['disabled', 'deleted'] as const)('refuses a user who is %s there', async (status) => {
      expect(await refusalOf(asked(USER_TOKEN, EVERYBODY, directoryOf(status)).principal)).toMatchObject({
        code: 'OIDC_USER_INACTIVE',
      })
    })

    it('takes one who is active there, and one whom it does not know', async () => {
      for (const status of ['active', undefined] as const)
        expect(await asked(USER_TOKEN, EVERYBODY, directoryOf(status)).principal).toMatchObject({
          userId: '10010001',
        })
    })

    it('does not ask it about a back end', async () => {
      expect(await asked(BACK_END_TOKEN, EVERYBODY, directoryOf('disabled')).principal).toMatchObject({
        callerId: 'jobs',
      })
    })
  })
})
