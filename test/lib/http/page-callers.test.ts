import { describe, expect, it } from 'vitest'
import { backEnds } from '../../../lib/http/caller-sets.ts'
import { BACK_ENDS, PAGES_AND_BACK_ENDS } from '../../../lib/http/credentials.ts'
import { pagesAndBackEnds } from '../../../lib/http/page-callers.ts'
import type { Authenticate } from '../../../lib/http/principal.ts'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { foreignKey, mint } from '../../support/mint.ts'
import { newCallerKey } from '../../support/world.ts'
import { callersOf, DEADLINE, NOW, notes, refusalOf, secretsOf } from './fakes.ts'

const OWN_ISSUER = 'https://tokens.example.com'
const callerKey = newCallerKey()
const { jwks } = await firstKeyRing(NOW)
const deps = {
  runtime: { now: () => NOW, random: () => 0 },
  log: () => undefined,
  secrets: secretsOf({ callers: callersOf(callerKey), jwks }),
  settings: {
    STAGE: 'test',
    CALLERS_TABLE: 'callers',
    ALLOW_LOOPBACK_HTTP: false,
    USER_ID_MAX_LENGTH: 32,
    ISSUER: OWN_ISSUER,
    DIRECTORY_TABLE: 'directory',
  },
}
const tokenOf = (head: object, iss: string | undefined): string =>
  mint({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...head }, { iss }, foreignKey())
const asked = (authenticate: Authenticate, credential: string) =>
  authenticate({ authorization: `Bearer ${credential}` }, DEADLINE, notes().note)
const refusedByPages = (credential: string) =>
  refusalOf(asked(pagesAndBackEnds(deps).authenticate, credential))

describe('lib/http/page-callers', () => {
  it('says which credentials it takes, and takes a caller key', async () => {
    expect(pagesAndBackEnds(deps).credentials).toBe(PAGES_AND_BACK_ENDS)
    expect(await asked(pagesAndBackEnds(deps).authenticate, callerKey)).toMatchObject({ callerId: 'shop' })
    expect(await refusedByPages(newCallerKey())).toMatchObject({ code: 'CALLER_UNKNOWN' })
  })

  it('judges a token of our own issuer as an access token, which a set without them does not', async () => {
    const own = tokenOf({}, OWN_ISSUER)
    expect(await refusedByPages(own)).toMatchObject({ code: 'ACCESS_TOKEN_HEADER_UNKNOWN' })
    expect(backEnds(deps).credentials).toBe(BACK_ENDS)
    expect(await refusalOf(asked(backEnds(deps).authenticate, own))).toMatchObject({
      code: 'OIDC_ISSUER_UNKNOWN',
    })
  })

  it('judges a token under one of our headers as an access token, whatever issuer it claims', async () => {
    const { kid = '' } = jwks.keys[0] ?? {}
    expect(await refusedByPages(tokenOf({ kid }, 'https://idp.example.com'))).toMatchObject({
      code: 'ACCESS_TOKEN_SIGNATURE_INVALID',
    })
  })

  it('hands every other token with an issuer to the identity providers, and refuses one without', async () => {
    expect(await refusedByPages(tokenOf({}, 'https://idp.example.com'))).toMatchObject({
      code: 'OIDC_ISSUER_UNKNOWN',
    })
    expect(await refusedByPages(tokenOf({}, undefined))).toMatchObject({ code: 'CALLER_KIND_REFUSED' })
  })
})
