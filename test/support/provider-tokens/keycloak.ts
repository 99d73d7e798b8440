/** Keycloak: access tokens with an audience mapper, and ID tokens. */

import { backEnds, jwt, type ProviderCase, SERVICE_UUID, TIMES, UUID, users } from './shape.ts'

const KEYCLOAK = 'https://idp.example.com/realms/shop'
const keycloak: ProviderCase = {
  name: 'Keycloak',
  issuers: [
    users({ provider: 'keycloak', issuer: KEYCLOAK, audience: 'tokens', clientIds: ['page'] }),
    backEnds({ provider: 'keycloak', issuer: KEYCLOAK, audience: 'tokens', subjects: [SERVICE_UUID] }),
  ],
  user: {
    head: jwt,
    claims: {
      ...{ iss: KEYCLOAK, sub: UUID, aud: ['tokens', 'account'], typ: 'Bearer', azp: 'page', ...TIMES },
      ...{
        jti: 'onrtac:1',
        sid: 's',
        acr: '1',
        scope: 'openid profile',
        name: 'Tom',
        preferred_username: 'tom',
      },
    },
  },
  backEnd: {
    head: jwt,
    claims: {
      ...{
        iss: KEYCLOAK,
        sub: SERVICE_UUID,
        aud: ['tokens', 'account'],
        typ: 'Bearer',
        azp: 'nightly',
        ...TIMES,
      },
      ...{ client_id: 'nightly', clientHost: '10.0.0.1', clientAddress: '10.0.0.1', scope: 'profile' },
      preferred_username: 'service-account-nightly',
    },
  },
  derivedOf: UUID,
  userName: 'Tom',
  refused: [
    {
      what: 'an ID token of the page',
      claims: { typ: 'ID', aud: 'page', at_hash: 'h' },
      code: 'AUDIENCE_WRONG',
      field: 'aud',
    },
    {
      what: 'an ID token that an audience mapper gave our audience',
      claims: { typ: 'ID' },
      code: 'TYPE_REFUSED',
      field: 'typ',
    },
    { what: 'a refresh token', claims: { typ: 'Refresh' }, code: 'TYPE_REFUSED', field: 'typ' },
    { what: 'a token of another type', claims: { typ: 'DPoP' }, code: 'CLAIM_REFUSED', field: 'typ' },
    { what: 'a token without its type', claims: { typ: undefined }, code: 'CLAIM_REFUSED', field: 'typ' },
    {
      what: 'a service account that is not listed',
      of: 'backEnd',
      claims: { sub: UUID, azp: 'page' },
      code: 'NOT_A_USER',
    },
  ],
}

const keycloakIds: ProviderCase = {
  name: 'Keycloak’s ID tokens, where they are asked for',
  issuers: [
    users({
      provider: 'keycloak',
      issuer: KEYCLOAK,
      audience: 'page',
      acceptIdTokens: true,
      clientIds: ['page'],
    }),
  ],
  user: {
    head: jwt,
    claims: {
      ...{
        iss: KEYCLOAK,
        sub: UUID,
        aud: 'page',
        typ: 'ID',
        azp: 'page',
        nonce: 'n',
        at_hash: 'h',
        ...TIMES,
      },
      name: 'Tom',
    },
  },
  derivedOf: UUID,
  userName: 'Tom',
  refused: [
    { what: 'an access token for the page', claims: { typ: 'Bearer' }, code: 'TYPE_REFUSED', field: 'typ' },
    { what: 'an ID token of another client', claims: { azp: 'other' }, code: 'CLIENT_UNKNOWN', field: 'azp' },
  ],
}

export const KEYCLOAK_CASES = [keycloak, keycloakIds]
