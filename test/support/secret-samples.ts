/** One good value of every secret, with every member that it may have: what schemas say of each member is tried on these. */

import { randomBytes } from 'node:crypto'
import type * as z from 'zod/mini'
import { CallersSecret } from '../../lib/schemas/callers.ts'
import { JWKS, LOG_KEY, PROBER, SIGNING_KEY, TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import { CecSettings } from '../../lib/vendors/cec/settings.ts'
import { LiveImSettings } from '../../lib/vendors/live/im/settings.ts'
import { LiveRtcSettings } from '../../lib/vendors/live/rtc/settings.ts'
import { LiveSettings } from '../../lib/vendors/live/settings.ts'
import { oiapProfile, oiapThirdPartyProfile } from '../../lib/vendors/oiap/profile.ts'

export interface SecretSample {
  readonly schema: z.ZodMiniType<object>
  readonly value: object
  /** Members that may be left out, as paths with `*` for any place in a list. */
  readonly optional: readonly string[]
}

const random = () => randomBytes(32).toString('base64url')
const publicKey = () => ({ kty: 'EC', crv: 'P-256', x: random(), y: random(), kid: random() })
const issuer = { issuer: 'https://idp.example.com/realms/shop', scopes: ['chat:relay'] }
const machine = { serverName: 'vendor.example.com', overlap: 'kills', warm: 'never' }

/**
 * Without `ca`, which needs a certificate: test/lib/schemas/ca.test.ts has those. Without `requiredClaims`, whose names and
 * values are data: test/lib/schemas/issuer-members.test.ts has those.
 */
export const secretSamples = (): Readonly<Record<string, SecretSample>> => ({
  cec: {
    schema: CecSettings,
    value: {
      tokenUrl: 'https://cec.example.com/apigovernance/api/oauth/tokenByAkSk',
      applyTokenUrl: 'https://cec.example.com/apiaccess/ccmessaging/applyToken',
      chatUrl: 'https://cec.example.com/apiaccess/ccmessaging',
      appKey: random(),
      appSecret: random(),
      tokenExpireSeconds: 900,
      locale: 'language',
      tenantSpaceIdHeader: '202007159031',
      ...machine,
    },
    optional: ['tokenExpireSeconds', 'locale', 'tenantSpaceIdHeader', 'serverName', 'overlap', 'warm'],
  },
  oiap: {
    schema: oiapProfile.schema,
    value: { url: 'https://oiap.example.com/token', appKey: random(), appSecret: random(), ...machine },
    optional: ['serverName', 'overlap', 'warm'],
  },
  'oiap-third-party': {
    schema: oiapThirdPartyProfile.schema,
    value: { url: 'https://oiap.example.com/gettoken', appKey: random(), appSecret: random(), ...machine },
    optional: ['serverName', 'overlap', 'warm'],
  },
  live: {
    schema: LiveSettings,
    value: {
      endpoint: 'https://live.example.com',
      appId: random(),
      accessKeyId: random(),
      accessKeySecret: random(),
      securityToken: random(),
      userId: 'sha256-32',
      callsPerSecond: 17,
      callsPerUserAndMinute: 90,
    },
    optional: ['securityToken', 'userId', 'callsPerSecond', 'callsPerUserAndMinute'],
  },
  'live-im': {
    schema: LiveImSettings,
    value: {
      appId: random(),
      appKey: random(),
      appSign: random(),
      lifetimeSeconds: 7200,
      userId: 'sha256-32',
    },
    optional: ['lifetimeSeconds', 'userId'],
  },
  'live-rtc': {
    schema: LiveRtcSettings,
    value: { appId: random(), appKey: random(), lifetimeSeconds: 7200, roomToken: 'base64' },
    optional: ['lifetimeSeconds', 'roomToken'],
  },
  callers: {
    schema: CallersSecret,
    value: {
      callers: [
        {
          callerId: 'shop',
          keys: [{ sha256: randomBytes(32).toString('hex'), expiresAt: 1_900_000_000 }],
          tenants: ['202007159031'],
          tenantPrefixes: ['acme-'],
          scopes: ['enterprise-token:issue'],
        },
      ],
      issuers: [
        {
          ...issuer,
          callerId: 'staff',
          kind: 'user',
          audience: 'https://tokens.example.com',
          tenant: '202007159031',
          userClaim: 'employee',
          userNameClaim: 'nickname',
          acceptIdTokens: true,
          clientIds: ['web-site'],
          provider: 'auth0',
          tokens: 'rfc9068',
          maxAgeSeconds: 3600,
          userIdForm: 'sha256-24',
          nameFrom: 'token',
        },
        {
          ...issuer,
          issuer: 'https://idp.example.com/realms/jobs',
          jwksUri: 'https://keys.example.com/jobs',
          callerId: 'jobs',
          kind: 'back-end',
          tokens: 'jwt',
          clientClaim: 'azp',
          maxAgeSeconds: 60,
          audience: 'https://tokens.example.com/jobs',
          tenantClaim: 'org',
          tenants: { acme: '202007159031' },
          tenantPrefixes: ['acme-'],
          subjects: ['nightly-job'],
        },
      ],
      table: true,
    },
    optional: [
      'issuers',
      'table',
      'callers.*.tenantPrefixes',
      ...[
        ...['userClaim', 'userNameClaim', 'userIdForm', 'nameFrom', 'provider', 'maxAgeSeconds'],
        ...['jwksUri', 'clientClaim', 'tokens', 'acceptIdTokens', 'tenants', 'tenantPrefixes'],
      ].map((name) => `issuers.*.${name}`),
    ],
  },
  'signing-key': {
    schema: SIGNING_KEY.schema,
    value: { keys: [{ ...publicKey(), d: random(), state: 'active' }] },
    optional: [],
  },
  jwks: {
    schema: JWKS.schema,
    value: { keys: [{ ...publicKey(), publishedAt: 1_800_000_000, verifyUntil: 1_800_100_000 }] },
    optional: ['keys.*.verifyUntil'],
  },
  'log-key': {
    schema: LOG_KEY.schema,
    value: { key: randomBytes(32).toString('hex') },
    optional: [],
  },
  'token-store-key': {
    schema: TOKEN_STORE_KEY.schema,
    value: { key: randomBytes(32).toString('hex') },
    optional: [],
  },
  prober: {
    schema: PROBER.schema,
    value: {
      url: 'https://tokens.example.com',
      validateUrl: 'https://tokens.example.com/4f9a2c/validate',
      callerKey: `ctb_${random()}`,
      tenantSpaceId: 'prober',
      userId: 'prober-1',
      userName: 'Prober',
      appCube: { callerKey: `ctb_${random()}`, appKey: random() },
    },
    optional: ['appCube'],
  },
})

export interface Member {
  /** The names and places that lead to it. */
  readonly path: readonly string[]
  readonly value: unknown
}

/** Every member of a value, and every item of its lists. */
export const membersOf = (value: unknown, path: readonly string[] = []): readonly Member[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, item]) => [
        { path: [...path, name], value: item },
        ...membersOf(item, [...path, name]),
      ])

/** A copy with one member changed, or left out where `change` gives undefined. */
export const withMember = <Value>(
  value: Value,
  [name = '', ...rest]: readonly string[],
  change: (member: unknown) => unknown,
): Value => {
  const copy = structuredClone(value) as Record<string, unknown>
  const changed = rest.length > 0 ? withMember(copy[name], rest, change) : change(copy[name])
  if (changed !== undefined) copy[name] = changed
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete copy[name]
  return copy as Value
}
