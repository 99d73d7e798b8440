/** Entra ID in both versions, Auth0 in both dialects. */

import {
  atJwt,
  backEnds,
  jwt,
  NOW_SECONDS,
  OURS,
  type ProviderCase,
  SERVICE_UUID,
  TIMES,
  UUID,
  users,
} from './shape.ts'

const TID = 'dddddddd-0000-4000-8000-000000000001'
const API = '11111111-2222-4333-8444-555555555555'
const PAGE = 'c0ffee00-0000-4000-8000-000000000001'
const entraCase = (version: 1 | 2): ProviderCase => {
  const issuer =
    version === 2 ? `https://login.microsoftonline.com/${TID}/v2.0` : `https://sts.windows.net/${TID}/`
  const client = version === 2 ? 'azp' : 'appid'
  const audience = version === 2 ? API : `api://${API}`
  const shared = {
    iss: issuer,
    aud: audience,
    nbf: NOW_SECONDS - 60,
    ...TIMES,
    tid: TID,
    ver: `${version}.0`,
  }
  const entry = { provider: 'entra', issuer, audience }
  return {
    name: `Entra ID, version ${version}`,
    issuers: [users({ ...entry, clientIds: [PAGE] }), backEnds({ ...entry, subjects: [SERVICE_UUID] })],
    user: {
      head: { ...jwt, x5t: 'x' },
      claims: {
        ...{ ...shared, [client]: PAGE, name: 'Tom', oid: UUID, scp: 'Chat.Use' },
        ...{ preferred_username: 'tom@example.com', sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ' },
      },
    },
    backEnd: {
      head: jwt,
      claims: {
        ...{
          ...shared,
          [client]: 'c0ffee00-0000-4000-8000-000000000002',
          oid: SERVICE_UUID,
          sub: SERVICE_UUID,
        },
        roles: ['Chat.All'],
      },
    },
    derivedOf: UUID,
    userName: 'Tom',
    refused: [
      {
        what: 'an ID token for the API’s own application',
        claims: { [client]: undefined, scp: undefined },
        code: 'CLIENT_UNKNOWN',
        field: client,
      },
      {
        what: 'an app that is not listed, as a user',
        of: 'backEnd',
        claims: { sub: UUID, oid: UUID, [client]: PAGE, name: 'Tom' },
        code: 'CLAIM_REFUSED',
        field: 'scp',
      },
      {
        what: 'an app that is not listed, with the optional claim',
        claims: { idtyp: 'app' },
        code: 'NOT_A_USER',
        field: 'idtyp',
      },
      {
        what: 'a user, as a listed back end',
        of: 'backEnd',
        claims: { scp: 'Chat.Use' },
        code: 'CLIENT_UNKNOWN',
        field: client,
      },
      {
        what: 'a page that is the API itself',
        claims: { [client]: audience },
        code: 'CLIENT_UNKNOWN',
        field: client,
      },
      {
        what: 'a user of another tenant’s issuer',
        claims: { iss: issuer.replace('1', '2') },
        code: 'CLAIMS_INVALID',
        field: 'iss',
      },
    ],
  }
}

const AUTH0 = 'https://shop.auth0.com/'
const auth0Case = (dialect: 'default' | 'rfc9068_profile'): ProviderCase => {
  const isDefault = dialect === 'default'
  const client = isDefault ? 'azp' : 'client_id'
  const head = isDefault ? jwt : atJwt
  const entry = { provider: 'auth0', issuer: AUTH0, audience: OURS }
  const sub = 'google-oauth2|103547991597142817347'
  return {
    name: `Auth0, dialect ${dialect}`,
    issuers: [
      users({ ...entry, clientIds: ['my_client_id'], userNameClaim: 'https://example.com/name' }),
      backEnds({ ...entry, subjects: ['my_m2m@clients'] }),
    ],
    user: {
      head,
      claims: {
        ...{ iss: AUTH0, sub, aud: [OURS, `${AUTH0}userinfo`], ...TIMES, [client]: 'my_client_id' },
        ...{ scope: 'openid profile', 'https://example.com/name': 'Tom' },
      },
    },
    backEnd: {
      head,
      claims: {
        iss: AUTH0,
        sub: 'my_m2m@clients',
        aud: OURS,
        ...TIMES,
        [client]: 'my_m2m',
        gty: 'client-credentials',
      },
    },
    derivedOf: sub,
    userName: 'Tom',
    refused: [
      {
        what: 'an ID token',
        head: { typ: 'JWT' },
        claims: { aud: 'my_client_id', [client]: undefined },
        code: 'AUDIENCE_WRONG',
      },
      {
        what: 'a machine that is not listed',
        of: 'backEnd',
        claims: { sub: 'other@clients', [client]: 'other' },
        code: 'CLIENT_UNKNOWN',
      },
      {
        what: 'a machine of the page’s client',
        claims: { sub: 'my_client_id@clients' },
        code: 'NOT_A_USER',
        field: 'sub',
      },
      {
        what: 'a machine by its grant',
        claims: { gty: 'client-credentials' },
        code: 'CLAIM_REFUSED',
        field: 'gty',
      },
      {
        what: 'no name',
        claims: { 'https://example.com/name': undefined },
        code: 'USER_INVALID',
        field: 'https://example.com/name',
      },
    ],
  }
}

export const ENTRA_CASES = [entraCase(2), entraCase(1)]
export const AUTH0_CASES = [auth0Case('default'), auth0Case('rfc9068_profile')]
