import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { admitted } from '../../../lib/oidc/admit.ts'
import { Issuer } from '../../../lib/schemas/issuers.ts'
import { OidcClaims } from '../../../lib/schemas/oidc.ts'
import { derivedUserId } from '../../../lib/schemas/user-id-form.ts'

const NOW_SECONDS = 1_800_000_000
const ISSUER = 'https://idp.example.com'
const USERS = { callerId: 'staff', kind: 'user', issuer: ISSUER, audience: 'ours', tenant: '1', scopes: [] }
const JWT = { ...USERS, tokens: 'jwt' }

const verdict = (entry: object, changes: object = {}, type: 'access' | 'jwt' = 'jwt') => {
  const good = { iss: ISSUER, aud: 'ours', sub: 'tom', name: 'Tom', azp: 'page' }
  const claims = OidcClaims.parse({ ...good, iat: NOW_SECONDS, exp: NOW_SECONDS + 60, ...changes })
  const signed = { claims, type, backEnds: ['job'], now: new Date(NOW_SECONDS * 1000) }
  try {
    return admitted(Issuer.parse(entry), { ...signed, userIds: { USER_ID_MAX_LENGTH: 32 } }).user
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error
    return `${error.code} ${error.detail.field}`
  }
}
const TOM = { userId: 'tom', userName: 'Tom' }

describe('lib/oidc/admit: tokens whose header does not say that they are access tokens', () => {
  it.each<[string, object, object, unknown]>([
    ['a client', JWT, {}, TOM],
    ['no client', JWT, { azp: undefined }, 'OIDC_CLIENT_UNKNOWN azp'],
    [
      'no client, but a claim that is demanded',
      { ...JWT, requiredClaims: { role: 'x' } },
      { azp: undefined, role: 'x' },
      TOM,
    ],
    [
      'no client, and a claim that may not be',
      { ...JWT, requiredClaims: { gty: false } },
      { azp: undefined },
      'OIDC_CLIENT_UNKNOWN azp',
    ],
    ...['iss', 'sub', 'aud', 'exp', 'iat'].map((claim): [string, object, object, unknown] => [
      `no client, and ${claim}, which every token has`,
      { ...JWT, requiredClaims: { [claim]: true } },
      { azp: undefined },
      'OIDC_CLIENT_UNKNOWN azp',
    ]),
    ['the client as its audience', JWT, { azp: 'ours' }, 'OIDC_TYPE_REFUSED aud'],
    [
      'the same, with a claim that is demanded',
      { ...JWT, requiredClaims: { role: 'x' } },
      { azp: 'ours', role: 'x' },
      'OIDC_TYPE_REFUSED aud',
    ],
    ['the client among its audiences', JWT, { aud: ['ours', 'page'] }, 'OIDC_TYPE_REFUSED aud'],
    [
      'the same, with a claim that every token has',
      { ...JWT, requiredClaims: { sub: 'tom' } },
      { aud: ['ours', 'page'] },
      'OIDC_TYPE_REFUSED aud',
    ],
    [
      'the same, with a claim that is demanded',
      { ...JWT, requiredClaims: { role: 'x' } },
      { aud: ['ours', 'page'], role: 'x' },
      TOM,
    ],
    ['an entry that wants the header to say so', USERS, {}, 'OIDC_TYPE_REFUSED typ'],
  ])('with %s', (_, entry, changes, outcome) => {
    expect(verdict(entry, changes)).toEqual(outcome)
  })

  it('are taken as well where the header says so, but for an ID token’s claims', () => {
    expect(verdict(JWT, {}, 'access')).toEqual(TOM)
    expect(verdict(JWT, { nonce: 'n' }, 'access')).toBe('OIDC_TYPE_REFUSED nonce')
    expect(verdict(USERS, { nonce: 'n' }, 'access')).toEqual(TOM)
  })
})

describe('lib/oidc/admit: the client', () => {
  const LISTED = { ...USERS, clientIds: ['page'] }
  it.each<[object, unknown]>([
    [{}, TOM],
    [{ azp: 'other' }, 'OIDC_CLIENT_UNKNOWN azp'],
    [{ azp: undefined }, 'OIDC_CLIENT_UNKNOWN azp'],
    [{ azp: undefined, client_id: 'page' }, TOM],
    [{ client_id: 'other' }, 'OIDC_CLIENT_UNKNOWN azp'],
  ])('must be a listed one: %j', (changes, outcome) => {
    expect(verdict(LISTED, changes, 'access')).toEqual(outcome)
  })
})

describe('lib/oidc/admit: the age', () => {
  it.each([
    [{}, 86_400, TOM],
    [{}, 86_401, 'OIDC_TOO_OLD iat'],
    [{ maxAgeSeconds: 600 }, 600, TOM],
    [{ maxAgeSeconds: 600 }, 601, 'OIDC_TOO_OLD iat'],
    [{ maxAgeSeconds: 2_592_000 }, 2_592_000, TOM],
  ])('with %j may be %i s, or is refused: %j', (changes, age, outcome) => {
    expect(verdict({ ...USERS, ...changes }, { iat: NOW_SECONDS - age }, 'access')).toEqual(outcome)
  })
})

describe('lib/oidc/admit: the user', () => {
  it.each<[string, object, object, unknown]>([
    ['a number as its id', {}, { employee: 10010001 }, { userId: '10010001', userName: 'Tom' }],
    ['a list of one', {}, { employee: ['e1'] }, { userId: 'e1', userName: 'Tom' }],
    ['a list of two', {}, { employee: ['e1', 'e2'] }, 'OIDC_USER_INVALID employee'],
    ['a number that is not exact', {}, { employee: 2 ** 53 }, 'OIDC_USER_INVALID employee'],
    ['an object', {}, { employee: { e1: {} } }, 'OIDC_USER_INVALID employee'],
    ['an id too long', {}, { employee: 'a'.repeat(33) }, 'OIDC_USER_INVALID employee'],
    [
      'a long id, derived',
      { userIdForm: 'sha256-24' },
      { employee: 'a'.repeat(36) },
      { userId: derivedUserId(ISSUER, 'a'.repeat(36)), userName: 'Tom' },
    ],
    [
      'an id with blanks, derived',
      { userIdForm: 'sha256-24' },
      { employee: ' a ' },
      { userId: derivedUserId(ISSUER, ' a '), userName: 'Tom' },
    ],
    ['no id, derived', { userIdForm: 'sha256-24' }, {}, 'OIDC_USER_INVALID employee'],
    ['an empty id, derived', { userIdForm: 'sha256-24' }, { employee: '' }, 'OIDC_USER_INVALID employee'],
    [
      'half a character, derived',
      { userIdForm: 'sha256-24' },
      { employee: 'a\ud800' },
      'OIDC_USER_INVALID employee',
    ],
    [
      'no name, where the directory has it',
      { nameFrom: 'directory' },
      { employee: 'e1', name: undefined },
      { userId: 'e1' },
    ],
    [
      'a name of its own, where the directory has it',
      { nameFrom: 'directory' },
      { employee: 'e1' },
      { userId: 'e1' },
    ],
    ['a listed back end’s sub', {}, { employee: 'e1', sub: 'job' }, 'OIDC_NOT_A_USER sub'],
  ])('with %s', (_, entry, changes, outcome) => {
    expect(verdict({ ...USERS, userClaim: 'employee', ...entry }, changes, 'access')).toEqual(outcome)
  })
})
