import { describe, expect, it } from 'vitest'
import {
  backEndBy,
  clientOf,
  declaredType,
  noAccessTokenBy,
  noIdTokenBy,
} from '../../../lib/oidc/token-type.ts'
import { OidcClaims } from '../../../lib/schemas/oidc.ts'

const claims = (changes: object = {}) =>
  OidcClaims.parse({ iss: 'https://idp.example.com', sub: 'tom', aud: 'ours', iat: 1, exp: 2, ...changes })

describe('lib/oidc/token-type: declaredType', () => {
  it.each([
    ['at+jwt', 'access'],
    ['AT+JWT', 'access'],
    ['application/at+jwt', 'access'],
    ['Application/AT+jwt', 'access'],
    ['JWT', 'jwt'],
    ['jwt', 'jwt'],
    ['application/jwt', 'jwt'],
    [undefined, 'jwt'],
    ['', undefined],
    ['JWT ', undefined],
    ['at+jwt;x', undefined],
    ['logout+jwt', undefined],
    ['dpop+jwt', undefined],
    ['cec-enterprise+jwt', undefined],
    ['toString', undefined],
  ])('of %j is %s', (typ, type) => {
    expect(declaredType(typ)).toBe(type)
  })
})

describe('lib/oidc/token-type: noAccessTokenBy', () => {
  it.each([
    [{}, undefined],
    [{ token_use: 'access', typ: 'Bearer' }, undefined],
    [{ nonce: null }, 'nonce'],
    [{ at_hash: 'x' }, 'at_hash'],
    [{ c_hash: 'x' }, 'c_hash'],
    [{ s_hash: 'x' }, 's_hash'],
    [{ events: {} }, 'events'],
    [{ token_use: 'id' }, 'token_use'],
    [{ token_use: 'other' }, 'token_use'],
    [{ token_use: ['access', 'id'] }, 'token_use'],
    [{ typ: 'ID' }, 'typ'],
    [{ typ: 'id' }, 'typ'],
    [{ typ: ['ID'] }, 'typ'],
    [{ typ: 'Refresh' }, 'typ'],
    [{ typ: 'Logout' }, 'typ'],
  ])('of %j is %s', (changes, claim) => {
    expect(noAccessTokenBy(claims(changes))).toBe(claim)
  })
})

describe('lib/oidc/token-type: noIdTokenBy', () => {
  it.each([
    [{}, undefined],
    [{ nonce: 'n', at_hash: 'h' }, undefined],
    [{ token_use: 'id', typ: 'ID' }, undefined],
    [{ typ: 'JWT' }, undefined],
    [{ token_use: 'access' }, 'token_use'],
    [{ typ: 'Bearer' }, 'typ'],
  ])('of %j is %s', (changes, claim) => {
    expect(noIdTokenBy(claims(changes))).toBe(claim)
  })
})

describe('lib/oidc/token-type: clientOf', () => {
  it.each([
    [{ azp: 'a' }, undefined, 'a'],
    [{ client_id: 'a' }, undefined, 'a'],
    [{ cid: 'a' }, undefined, 'a'],
    [{ appid: 'a' }, undefined, 'a'],
    [{ azp: 'a', client_id: 'a' }, undefined, 'a'],
    [{ azp: 'a', client_id: 'b' }, undefined, undefined],
    [{ azp: 'a', client_id: ['a'] }, undefined, undefined],
    [{ azp: '' }, undefined, undefined],
    [{}, undefined, undefined],
    [{ azp: 'a', client_id: 'b' }, 'client_id', 'b'],
    [{ azp: 'a' }, 'client_id', undefined],
    [{ client_id: ['b'] }, 'client_id', undefined],
    [{ ext: { client: 'c' } }, 'ext.client', 'c'],
  ])('of %j by %s is %s', (changes, claim, client) => {
    expect(clientOf(claims(changes), claim)).toBe(client)
  })
})

describe('lib/oidc/token-type: backEndBy', () => {
  it.each([
    [{ azp: 'page' }, undefined],
    [{ sub: 'page', azp: 'page' }, 'sub'],
    [{ sub: 'page', client_id: 'page' }, 'sub'],
    [{ sub: 'page', cid: 'page' }, 'sub'],
    [{ sub: 'page@clients', azp: 'page' }, 'sub'],
    [{ sub: 'other@clients', azp: 'page' }, undefined],
    [{ gty: 'client-credentials' }, 'gty'],
    [{ gty: ['client-credentials'] }, 'gty'],
    [{ gty: 'password' }, undefined],
    [{ idtyp: 'app' }, 'idtyp'],
    [{ idtyp: 'App' }, 'idtyp'],
    [{ idtyp: 'apps' }, undefined],
    [{ idtyp: 'user' }, undefined],
    [{ azp: 'Job', preferred_username: 'service-account-job' }, 'preferred_username'],
    [{ azp: 'page', preferred_username: 'service-account-job' }, undefined],
    [{ clientAddress: '10.0.0.1' }, 'clientAddress'],
  ])('of %j is %s', (changes, claim) => {
    expect(backEndBy(claims(changes))).toBe(claim)
  })
})
