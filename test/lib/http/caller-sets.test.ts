import { describe, expect, it } from 'vitest'
import { backEnds, backEndsAndUsers, type CallerSetDeps } from '../../../lib/http/caller-sets.ts'
import { BACK_ENDS, BACK_ENDS_AND_USERS } from '../../../lib/http/credentials.ts'
import type { Authenticate } from '../../../lib/http/principal.ts'
import { foreignKey, mint } from '../../support/mint.ts'
import { newCallerKey } from '../../support/world.ts'
import { callersOf, DEADLINE, directoryOf, NOW, notes, refusalOf, secretsOf } from './fakes.ts'

const callerKey = newCallerKey()
const SETTINGS = {
  STAGE: 'test',
  CALLERS_TABLE: 'callers',
  ALLOW_LOOPBACK_HTTP: false,
  USER_ID_MAX_LENGTH: 32,
  USER_ID_CHARACTERS: undefined,
}
const deps: CallerSetDeps = {
  runtime: { now: () => NOW, random: () => 0 },
  log: () => undefined,
  secrets: secretsOf({ callers: callersOf(callerKey) }),
  settings: SETTINGS,
}

const tokenOf = (iss: string | undefined): string =>
  mint({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' }, { iss }, foreignKey())
const asked = (authenticate: Authenticate, credential: string) =>
  authenticate({ authorization: `Bearer ${credential}` }, DEADLINE, notes().note)

const SETS = [
  ['backEnds', backEnds(deps), BACK_ENDS],
  ['backEndsAndUsers', backEndsAndUsers(deps, directoryOf('active')), BACK_ENDS_AND_USERS],
] as const

describe('lib/http/caller-sets', () => {
  it.each(SETS)('%s says which credentials it takes', (_, { credentials }, expected) => {
    expect(credentials).toBe(expected)
  })

  it.each(SETS)('%s takes a caller key', async (_, { authenticate }) => {
    expect(await asked(authenticate, callerKey)).toMatchObject({ callerId: 'shop' })
    expect(await refusalOf(asked(authenticate, newCallerKey()))).toMatchObject({ code: 'CALLER_UNKNOWN' })
  })

  it.each(SETS)('%s hands a token with an issuer to the identity providers', async (_, { authenticate }) => {
    expect(await refusalOf(asked(authenticate, tokenOf('https://idp.example.com')))).toMatchObject({
      code: 'OIDC_ISSUER_UNKNOWN',
    })
  })

  it.each(SETS)('%s refuses a token that is of no kind', async (_, { authenticate }) => {
    expect(await refusalOf(asked(authenticate, tokenOf(undefined)))).toMatchObject({
      code: 'CALLER_KIND_REFUSED',
    })
  })

  it('takes the key that docs/start.md prints on the local stage alone', async () => {
    const LOCAL_KEY = 'ctb_local-development-only'
    const local = { ...deps, settings: { ...SETTINGS, STAGE: 'local' } }
    expect(await refusalOf(asked(backEnds(local).authenticate, LOCAL_KEY))).toMatchObject({
      code: 'CALLER_UNKNOWN',
    })
    expect(await refusalOf(asked(backEnds(deps).authenticate, LOCAL_KEY))).toMatchObject({
      code: 'CALLER_MALFORMED',
    })
  })
})
