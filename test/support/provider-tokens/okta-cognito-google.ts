/** Okta’s custom authorization servers, Amazon Cognito with and without resource binding, Google. */

import { backEnds, jwt, OURS, type ProviderCase, TIMES, UUID, untyped, users } from './shape.ts'

const OKTA = 'https://shop.okta.com/oauth2/default'
const okta: ProviderCase = {
  name: 'Okta',
  issuers: [
    users({ provider: 'okta', issuer: OKTA, audience: 'api://default', clientIds: ['0oaabcdefghijklmn5d7'] }),
    backEnds({ provider: 'okta', issuer: OKTA, audience: 'api://default', subjects: ['0oaservice'] }),
  ],
  user: {
    head: untyped,
    claims: {
      ...{ ver: 1, jti: 'AT.x', iss: OKTA, aud: 'api://default', sub: 'tom@example.com', ...TIMES },
      ...{ cid: '0oaabcdefghijklmn5d7', uid: '00uabcdefghijklmn5d7', scp: ['openid', 'profile'] },
    },
  },
  backEnd: {
    head: untyped,
    claims: {
      ver: 1,
      jti: 'AT.y',
      iss: OKTA,
      aud: 'api://default',
      sub: '0oaservice',
      ...TIMES,
      cid: '0oaservice',
      scp: ['x'],
    },
  },
  userId: '00uabcdefghijklmn5d7',
  refused: [
    { what: 'an ID token', claims: { aud: '0oaabcdefghijklmn5d7', cid: undefined }, code: 'AUDIENCE_WRONG' },
    {
      what: 'a service that is not listed',
      of: 'backEnd',
      claims: { sub: '0oaabcdefghijklmn5d7', cid: '0oaabcdefghijklmn5d7' },
      code: 'CLAIM_REFUSED',
      field: 'uid',
    },
    {
      what: 'a user with a listed service’s sub',
      claims: { sub: '0oaservice' },
      code: 'NOT_A_USER',
      field: 'sub',
    },
  ],
}

const COGNITO = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE'
const cognitoCase = (audience: string | undefined): ProviderCase => {
  const entry = { provider: 'cognito', issuer: COGNITO, ...(audience === undefined ? {} : { audience }) }
  const shared = {
    iss: COGNITO,
    token_use: 'access',
    ...TIMES,
    ...(audience === undefined ? {} : { aud: audience }),
  }
  const foreign = audience === undefined ? 'https://other.example.com' : undefined
  return {
    name: `Amazon Cognito, ${audience === undefined ? 'without' : 'with'} aud`,
    issuers: [
      users({ ...entry, clientIds: ['pageclient'] }),
      backEnds({ ...entry, clientIds: ['jobclient'], subjects: ['jobclient'] }),
    ],
    user: {
      head: { kid: '1234example=', alg: 'RS256' },
      claims: { ...shared, sub: UUID, client_id: 'pageclient', username: 'tom', scope: 'openid', version: 2 },
    },
    backEnd: {
      head: { kid: '1234example=', alg: 'RS256' },
      claims: { ...shared, sub: 'jobclient', client_id: 'jobclient', scope: 'jobs/run', version: 2 },
    },
    derivedOf: UUID,
    refused: [
      {
        what: 'an ID token',
        claims: { aud: 'pageclient', token_use: 'id', client_id: undefined },
        code: 'AUDIENCE_WRONG',
      },
      {
        what: 'an ID token without aud',
        claims: { token_use: 'id' },
        code: 'TYPE_REFUSED',
        field: 'token_use',
      },
      {
        what: 'a token without its use',
        claims: { token_use: undefined },
        code: 'CLAIM_REFUSED',
        field: 'token_use',
      },
      {
        what: 'a token with another aud, or none',
        claims: { aud: foreign },
        code: foreign === undefined ? 'CLAIMS_INVALID' : 'AUDIENCE_WRONG',
        field: 'aud',
      },
      {
        what: 'a client that is not listed',
        claims: { client_id: 'other' },
        code: 'CLIENT_UNKNOWN',
        field: 'client_id',
      },
      {
        what: 'a machine of the page’s client',
        of: 'backEnd',
        claims: { sub: 'pageclient', client_id: 'pageclient' },
        code: 'CLAIM_REFUSED',
        field: 'username',
      },
      {
        what: 'a machine whose client is not listed',
        of: 'backEnd',
        claims: { sub: 'other', client_id: 'other' },
        code: 'CLIENT_UNKNOWN',
        field: 'client_id',
      },
    ],
  }
}

const GOOGLE = 'https://accounts.google.com'
const google: ProviderCase = {
  name: 'Google’s ID tokens',
  issuers: [
    users({
      provider: 'google',
      audience: 'web.apps.example',
      clientIds: ['web.apps.example', 'phone.apps.example'],
    }),
  ],
  user: {
    head: jwt,
    claims: {
      iss: GOOGLE,
      azp: 'web.apps.example',
      aud: 'web.apps.example',
      sub: '103547991597142817347',
      name: 'Tom',
      ...TIMES,
      nonce: 'n',
    },
  },
  userId: '103547991597142817347',
  userName: 'Tom',
  refused: [
    {
      what: 'a token for another site',
      claims: { aud: 'other.apps.example', azp: 'other.apps.example' },
      code: 'AUDIENCE_WRONG',
    },
    {
      what: 'a client that is not listed',
      claims: { azp: 'other.apps.example' },
      code: 'CLIENT_UNKNOWN',
      field: 'azp',
    },
    {
      what: 'a service account that names our audience',
      claims: { azp: '117', sub: '117', name: undefined },
      code: 'CLIENT_UNKNOWN',
      field: 'azp',
    },
    { what: 'a token that names no client', claims: { azp: undefined }, code: 'CLAIM_REFUSED', field: 'azp' },
  ],
}

export const OKTA_CASES = [okta]
export const COGNITO_CASES = [cognitoCase(undefined), cognitoCase(OURS)]
export const GOOGLE_CASES = [google]
