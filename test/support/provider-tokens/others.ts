/** Providers that have no preset: their entries are written in full. */

import {
  atJwt,
  backEnds,
  jwt,
  NOW_SECONDS,
  OURS,
  type ProviderCase,
  TENANT,
  TIMES,
  UUID,
  untyped,
  users,
} from './shape.ts'

const HYDRA = 'https://hydra.example.com/'
const hydra: ProviderCase = {
  name: 'Ory Hydra',
  issuers: [
    users({
      issuer: HYDRA,
      audience: OURS,
      tokens: 'jwt',
      clientIds: ['59c13d20'],
      userNameClaim: 'ext.name',
    }),
    backEnds({ issuer: HYDRA, audience: OURS, tokens: 'jwt', subjects: ['7f1e'] }),
  ],
  user: {
    head: jwt,
    claims: {
      aud: [OURS],
      client_id: '59c13d20',
      ...TIMES,
      ext: { name: 'Tom' },
      iss: HYDRA,
      jti: 'j',
      nbf: NOW_SECONDS,
      scp: ['openid'],
      sub: '10010001',
    },
  },
  backEnd: {
    head: jwt,
    claims: { aud: [OURS], client_id: '7f1e', ...TIMES, ext: {}, iss: HYDRA, jti: 'j', scp: [], sub: '7f1e' },
  },
  userId: '10010001',
  userName: 'Tom',
  refused: [
    {
      what: 'an ID token',
      claims: { aud: ['59c13d20'], client_id: undefined, rat: 1 },
      code: 'AUDIENCE_WRONG',
    },
    {
      what: 'an ID token that carries our audience too',
      claims: { aud: ['59c13d20', OURS], at_hash: 'h' },
      code: 'TYPE_REFUSED',
      field: 'at_hash',
    },
    {
      what: 'an audience with its client in it',
      claims: { aud: ['59c13d20', OURS] },
      code: 'TYPE_REFUSED',
      field: 'aud',
    },
    {
      what: 'a machine of the page’s client',
      of: 'backEnd',
      claims: { sub: '59c13d20', client_id: '59c13d20', ext: { name: 'Tom' } },
      code: 'NOT_A_USER',
      field: 'sub',
    },
    { what: 'no name', claims: { ext: {} }, code: 'USER_INVALID', field: 'ext.name' },
  ],
}

const DEX = 'https://dex.example.com'
const dex: ProviderCase = {
  name: 'Dex',
  issuers: [
    users({
      issuer: DEX,
      audience: 'page',
      acceptIdTokens: true,
      clientIds: ['page'],
      userIdForm: 'sha256-24',
    }),
  ],
  user: {
    head: untyped,
    claims: { iss: DEX, sub: 'CggxMDAxMDAwMRIFbG9jYWw', aud: 'page', ...TIMES, at_hash: 'h', name: 'Tom' },
  },
  derivedOf: 'CggxMDAxMDAwMRIFbG9jYWw',
  userName: 'Tom',
  refused: [
    { what: 'a token of another client', claims: { aud: 'other' }, code: 'AUDIENCE_WRONG' },
    {
      what: 'a cross-client token of another client',
      claims: { aud: ['page', 'other'], azp: 'other' },
      code: 'CLIENT_UNKNOWN',
      field: 'azp',
    },
    {
      what: 'several audiences and no client',
      claims: { aud: ['page', 'other'] },
      code: 'CLIENT_UNKNOWN',
      field: 'azp',
    },
  ],
}

const SUPABASE = 'https://abc.supabase.co/auth/v1'
const supabase: ProviderCase = {
  name: 'Supabase Auth',
  issuers: [
    users({
      ...{
        issuer: SUPABASE,
        jwksUri: `${SUPABASE}/.well-known/jwks.json`,
        audience: 'authenticated',
        tokens: 'jwt',
      },
      ...{ requiredClaims: { role: 'authenticated', is_anonymous: 'false' }, userIdForm: 'sha256-24' },
      userNameClaim: 'user_metadata.name',
    }),
  ],
  user: {
    head: jwt,
    claims: {
      iss: SUPABASE,
      sub: UUID,
      aud: 'authenticated',
      ...TIMES,
      role: 'authenticated',
      is_anonymous: false,
      user_metadata: { name: 'Tom' },
    },
  },
  derivedOf: UUID,
  userName: 'Tom',
  refused: [
    { what: 'a service role', claims: { role: 'service_role' }, code: 'CLAIM_REFUSED', field: 'role' },
    {
      what: 'somebody who has not signed in',
      claims: { is_anonymous: true },
      code: 'CLAIM_REFUSED',
      field: 'is_anonymous',
    },
  ],
}

const LOGTO = 'https://shop.logto.app/oidc'
const logto: ProviderCase = {
  name: 'Logto',
  issuers: [
    users({
      issuer: LOGTO,
      audience: OURS,
      clientIds: ['page'],
      nameFrom: 'directory',
      tenant: undefined,
      tenantClaim: 'organization_id',
      tenants: { acme: TENANT },
    }),
    backEnds({ issuer: LOGTO, audience: OURS, subjects: ['m2m'] }),
  ],
  user: {
    head: { ...atJwt, alg: 'ES384' },
    claims: {
      iss: LOGTO,
      sub: 'abcdef012345',
      aud: OURS,
      client_id: 'page',
      organization_id: 'acme',
      ...TIMES,
    },
  },
  backEnd: {
    head: { ...atJwt, alg: 'ES384' },
    claims: { iss: LOGTO, sub: 'm2m', aud: OURS, client_id: 'm2m', ...TIMES },
  },
  userId: 'abcdef012345',
  refused: [
    { what: 'an ID token', head: { typ: 'JWT' }, claims: { aud: 'page' }, code: 'AUDIENCE_WRONG' },
    { what: 'typ JWT', head: { typ: 'JWT' }, code: 'TYPE_REFUSED', field: 'typ' },
    {
      what: 'another organisation',
      claims: { organization_id: 'other' },
      code: 'TENANT_UNKNOWN',
      field: 'organization_id',
    },
  ],
}

const PING = 'https://auth.pingone.eu/env/as'
const pingOneCase = (typ: string | undefined): ProviderCase => ({
  name: `PingOne, typ ${typ}`,
  issuers: [
    users({
      issuer: PING,
      audience: 'our-resource',
      tokens: 'jwt',
      clientIds: ['page'],
      userIdForm: 'sha256-24',
      nameFrom: 'directory',
    }),
  ],
  user: {
    head: { ...untyped, ...(typ === undefined ? {} : { typ }) },
    claims: { iss: PING, sub: UUID, aud: ['our-resource'], client_id: 'page', env: 'e', ...TIMES },
  },
  derivedOf: UUID,
  refused: [
    {
      what: 'an ID token',
      claims: { aud: 'page', client_id: undefined, nonce: 'n' },
      code: 'AUDIENCE_WRONG',
    },
  ],
})

const ZITADEL = 'https://shop.zitadel.cloud'
const zitadel: ProviderCase = {
  name: 'ZITADEL',
  issuers: [
    users({
      issuer: ZITADEL,
      audience: '163840776835432700',
      tokens: 'jwt',
      clientIds: ['page@shop'],
      requiredClaims: { 'urn:zitadel:iam:org:project:roles': true },
      nameFrom: 'directory',
    }),
  ],
  user: {
    head: jwt,
    claims: {
      iss: ZITADEL,
      sub: '163840776835432705',
      aud: ['page@shop', '163840776835432700'],
      client_id: 'page@shop',
      ...TIMES,
      'urn:zitadel:iam:org:project:roles': { chat: { '1': 'shop' } },
    },
  },
  userId: '163840776835432705',
  refused: [
    { what: 'an ID token', claims: { at_hash: 'h' }, code: 'TYPE_REFUSED', field: 'at_hash' },
    {
      what: 'a user without a role in the project',
      claims: { 'urn:zitadel:iam:org:project:roles': {} },
      code: 'CLAIM_REFUSED',
      field: 'urn:zitadel:iam:org:project:roles',
    },
  ],
}

const AWS = 'https://abc.tokens.sts.global.api.aws'
const awsIam: ProviderCase = {
  name: 'AWS IAM outbound federation',
  issuers: [
    backEnds({
      ...{ issuer: AWS, audience: OURS, tokens: 'jwt', subjects: ['arn:aws:iam::123456789012:role/nightly'] },
      ...{ requiredClaims: { 'https://sts.amazonaws.com/.aws_account': '123456789012' } },
    }),
  ],
  backEnd: {
    head: { alg: 'ES384', kid: 'k1' },
    claims: {
      iss: AWS,
      aud: OURS,
      sub: 'arn:aws:iam::123456789012:role/nightly',
      ...TIMES,
      'https://sts.amazonaws.com/': { aws_account: '123456789012' },
    },
  },
  refused: [
    {
      what: 'another role',
      of: 'backEnd',
      claims: { sub: 'arn:aws:iam::123456789012:role/other' },
      code: 'SUBJECT_UNKNOWN',
      field: 'sub',
    },
    {
      what: 'another account',
      of: 'backEnd',
      claims: { 'https://sts.amazonaws.com/': { aws_account: '1' } },
      code: 'CLAIM_REFUSED',
    },
  ],
}

export const OTHER_CASES = [
  ...[hydra, dex, supabase, logto, zitadel, awsIam],
  ...[pingOneCase(undefined), pingOneCase('JWT'), pingOneCase('at+jwt')],
]
