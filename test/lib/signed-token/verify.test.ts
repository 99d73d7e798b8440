import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { ACCESS_TOKEN } from '../../../lib/access-token/verify.ts'
import type { Admission } from '../../../lib/directory/directory.ts'
import { ENTERPRISE_TOKEN } from '../../../lib/enterprise-token/verify.ts'
import type { SignedClaims, TokenProfile } from '../../../lib/signed-token/profile.ts'
import { signedTokenVerifier } from '../../../lib/signed-token/verify.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { accessClaims, claims, foreignKey, header, mint, privateKeyOf } from '../../support/mint.ts'
import { ISSUER, TENANT, USER } from '../../support/world.ts'
import {
  ADMITTED,
  AMPLE,
  activeKeyOf,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
} from './fakes.ts'

let ring: KeyRing
beforeAll(async () => {
  ring = await newRing()
})

/** A good token and what it is held against, and what a fault changes. */
interface Case {
  readonly suffix: string
  readonly head: Record<string, unknown>
  readonly isForeign: boolean
  readonly verifyUntil: number | undefined
  readonly claims: Record<string, unknown>
  readonly admission: Admission
}
type Fault = readonly [step: string, code: string, change: (good: Case) => Partial<Case>]

interface Kind<C extends SignedClaims, A> {
  readonly profile: TokenProfile<C, A>
  readonly asked: A
  readonly good: () => Record<string, unknown>
  readonly faults: readonly Fault[]
}

const verdictOf =
  <C extends SignedClaims, A>({ profile, asked, good }: Pick<Kind<C, A>, 'profile' | 'asked' | 'good'>) =>
  async (...changes: readonly Fault[2][]) => {
    const { kid, ...key } = activeKeyOf(ring)
    let spoilt: Case = {
      suffix: '',
      head: header(kid, { typ: profile.typ }),
      isForeign: false,
      verifyUntil: undefined,
      claims: good(),
      admission: { ...ADMITTED, user: { userName: USER.userName, status: 'active', epoch: 0 } },
    }
    for (const change of changes) spoilt = { ...spoilt, ...change(spoilt) }
    const { suffix, head, isForeign, verifyUntil, admission } = spoilt
    const text = mint(head, spoilt.claims, isForeign ? foreignKey() : privateKeyOf({ kid, ...key })) + suffix
    const directory = fakeDirectory(admission)
    const secrets = fakeSecrets({
      ...ring,
      jwks: { keys: ring.jwks.keys.map((published) => ({ ...published, verifyUntil })) },
    })
    const told: unknown[] = []
    const verify = signedTokenVerifier({ secrets, directory, issuer: ISSUER, now: () => NOW }, profile)
    const result = verify({ text, asked, onSigned: (names) => void told.push(names) }, AMPLE)
    const code = await result.then(
      () => 'passes',
      (error: { code: string }) => error.code,
    )
    return { code, asked: directory.asked.length, told: told.length }
  }

const ofClaims =
  (changes: Record<string, unknown>): Fault[2] =>
  (good) => ({ claims: { ...good.claims, ...changes } })
const ofAdmission =
  (changes: object): Fault[2] =>
  (good) => ({ admission: { ...good.admission, ...changes } })
const ofUser =
  (changes: object): Fault[2] =>
  ({ admission }) => ({
    admission: { ...admission, ...(admission.user && { user: { ...admission.user, ...changes } }) },
  })

/** The steps that every kind has, in their order: a fault of each, with the code of the family. */
const faultsOf = (
  family: 'TOKEN' | 'ACCESS_TOKEN',
  audience: Fault,
  subject: readonly Fault[],
  mostSeconds: number,
): readonly Fault[] => [
  ['form', `${family}_TOO_LARGE`, () => ({ suffix: 'A'.repeat(5_000) })],
  ['form', `${family}_MALFORMED`, () => ({ suffix: '=' })],
  ['header', `${family}_HEADER_UNKNOWN`, ({ head }) => ({ head: { ...head, typ: 'JWT' } })],
  ['header', `${family}_KEY_RETIRED`, () => ({ verifyUntil: NOW_SECONDS })],
  ['signature', `${family}_SIGNATURE_INVALID`, () => ({ isForeign: true })],
  ['claims', `${family}_CLAIMS_INVALID`, ofClaims({ admin: true })],
  [
    'lifetime',
    `${family}_LIFETIME_TOO_LONG`,
    ofClaims({ iat: NOW_SECONDS - 2 * mostSeconds, exp: NOW_SECONDS - mostSeconds + 1 }),
  ],
  ['issuer', `${family}_ISSUER_WRONG`, ofClaims({ iss: 'https://other.invalid' })],
  audience,
  ['expiry', `${family}_EXPIRED`, ofClaims({ iat: NOW_SECONDS - 300, exp: NOW_SECONDS })],
  ...subject,
  ['admission', `${family}_KEY_REVOKED`, ofAdmission({ isKeyRevoked: true })],
  ['admission', `${family}_USER_UNKNOWN`, ofAdmission({ user: undefined })],
  ['admission', `${family}_USER_INACTIVE`, ofUser({ status: 'disabled' })],
  ['admission', `${family}_USER_UNKNOWN`, ofUser({ userName: 'Tim' })],
  ['admission', `${family}_REVOKED`, ofAdmission({ isTokenRevoked: true })],
  ['admission', `${family}_REVOKED`, ofAdmission({ tenantEpoch: 1 })],
]

const ENTERPRISE = {
  profile: ENTERPRISE_TOKEN,
  asked: { token: '', ...USER, tenantSpaceId: TENANT },
  good: () => claims({}, NOW_SECONDS),
}
const ACCESS = {
  profile: ACCESS_TOKEN,
  asked: undefined,
  good: () => accessClaims({ iat: NOW_SECONDS, exp: NOW_SECONDS + 300 }),
}

const KINDS = [
  {
    kind: 'an enterprise token',
    verdict: verdictOf(ENTERPRISE),
    faults: faultsOf(
      'TOKEN',
      ['audience', 'TOKEN_TENANT_DIFFERS', ofClaims({ aud: 'urn:cec:other' })],
      [
        ['subject', 'TOKEN_USER_DIFFERS', ofClaims({ sub: 'other' })],
        ['subject', 'TOKEN_NAME_DIFFERS', ofClaims({ name: 'Tim' })],
      ],
      3600,
    ),
  },
  {
    kind: 'an access token',
    verdict: verdictOf(ACCESS),
    faults: faultsOf(
      'ACCESS_TOKEN',
      ['audience', 'ACCESS_TOKEN_AUDIENCE_WRONG', ofClaims({ aud: ISSUER })],
      [],
      900,
    ),
  },
]

describe.each(KINDS)('lib/signed-token/verify: $kind', ({ verdict, faults }) => {
  it('without a fault passes, after one look into the directory', async () => {
    expect(await verdict()).toEqual({ code: 'passes', asked: 1, told: 1 })
  })

  it.each(faults)('is refused by the step %s with %s', async (_, code, change) => {
    expect((await verdict(change)).code).toBe(code)
  })

  it.each(faults.map(([step, code], at) => [step, code, faults.slice(at)] as const))(
    'is refused by %s with %s, whatever later steps would say',
    async (_, code, fromHere) => {
      // the first fault is applied last, so that none of the others takes its place
      const changes = fromHere.map(([, , change]) => change).reverse()
      expect((await verdict(...changes)).code).toBe(code)
    },
  )

  it('costs no look into the directory unless every other step lets it pass', async () => {
    for (const [step, code, change] of faults) {
      const { asked } = await verdict(change)
      expect({ code, asked }).toEqual({ code, asked: step === 'admission' ? 1 : 0 })
    }
  })

  it('is named to the log from its signature on, also when it is then refused', async () => {
    for (const [step, code, change] of faults) {
      const { told } = await verdict(change)
      const isUnproven = ['form', 'header', 'signature', 'claims'].includes(step)
      expect({ code, told }).toEqual({ code, told: isUnproven ? 0 : 1 })
    }
  })
})

describe('lib/signed-token/verify: signature before claims', () => {
  it('reads no claim of a token whose signature does not hold', async () => {
    const read: unknown[] = []
    const watched = z.custom<z.infer<typeof ENTERPRISE_TOKEN.claims>>((value) => {
      read.push(value)
      return ENTERPRISE_TOKEN.claims.safeParse(value).success
    })
    const verdict = verdictOf({ ...ENTERPRISE, profile: { ...ENTERPRISE_TOKEN, claims: watched } })
    const expired = ofClaims({ iat: NOW_SECONDS - 300, exp: NOW_SECONDS })
    expect((await verdict(expired, () => ({ isForeign: true }))).code).toBe('TOKEN_SIGNATURE_INVALID')
    expect(read).toEqual([])
    expect((await verdict(expired)).code).toBe('TOKEN_EXPIRED')
    expect(read).toHaveLength(1)
  })
})
