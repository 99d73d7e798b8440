/** What the page of secrets says of each: who makes it, and what its members mean. The members and their forms are the schemas'. */

export interface SecretWords {
  readonly name: string
  readonly says: string
  /** By path, as `keys[].kid`. A member that is here and not in the schema, or the other way round, ends the command. */
  readonly members: Readonly<Record<string, string>>
}

const KEY = {
  'keys[].kty': 'as in a JWK (RFC 7517)',
  'keys[].crv': 'the curve',
  'keys[].x': 'a coordinate of the public key',
  'keys[].y': 'the other coordinate',
  'keys[].kid': "the key's RFC 7638 thumbprint",
}

const TENANT = (system: string): string => `tenants/<tenantSpaceId>/${system}`

const TLS = {
  ca: "PEM certificates of a private authority, the root among them, or a server's own self-signed one; with real line breaks, with `\\n`, or with blanks instead",
  serverName: 'the name of the certificate, where the address has another one',
}
const SHARED_TOKEN = {
  overlap: '`kills` where a new token ends the old one ([machine tokens](../machine-tokens.md))',
  warm: 'for whom the schedule keeps the token fresh: `active` is who had a request in the last 24 hours',
}
const USER_ID =
  "`sha256-32` sends Alibaba the first 32 hex digits of an id's SHA-256, for ids that do not fit its pattern"

const oiap = (system: string, call: string, password: string): SecretWords => ({
  name: TENANT(system),
  says: `The tenant's account with OIAP for \`${call}\`. OIAP counts and locks its two passwords apart, and so does this system.`,
  members: {
    url: `the whole address of \`${call}\`; that of the other call is refused`,
    appKey: "OIAP's tenant id. That it is CEC's tenantSpaceId is nowhere written",
    appSecret: password,
    ...TLS,
    ...SHARED_TOKEN,
  },
})

export const SECRET_WORDS: Readonly<Record<string, SecretWords>> = {
  'signing-key': {
    name: 'signing-key',
    says: 'The private keys. The function `rotateSigningKey` makes them. No value, or `{"keys":[]}`, means not initialised: issuing answers 503 until the first rotation.',
    members: {
      keys: 'the key that signs, and the next one',
      ...KEY,
      'keys[].d': 'the private key',
      'keys[].state': '`active` signs; `next` is already public',
      'keys[].signsAtOnce':
        'with a first key, or one that replaces a dropped one: any other signs once it has been public for 1,510 s',
    },
  },
  jwks: {
    name: 'jwks',
    says: 'The public keys, as `/.well-known/jwks.json` shows them. The function `rotateSigningKey` makes them.',
    members: {
      keys: 'all that a token may have been signed with',
      ...KEY,
      'keys[].publishedAt': 'since when it is public, in epoch seconds',
      'keys[].verifyUntil': 'of a retired key: until when its tokens are taken, in epoch seconds',
    },
  },
  callers: {
    name: 'callers',
    says: 'Who may call. `npm run caller-key` writes entries. Without a value there are no callers. [Callers](../callers.md) says what an entry means.',
    members: {
      callers: 'one entry a caller',
      'callers[].callerId': 'its name in the log',
      'callers[].keys': 'two at most, for a roll-over',
      'callers[].keys[].sha256': "hex of the whole key's SHA-256",
      'callers[].keys[].expiresAt': 'when it ends, in epoch seconds',
      'callers[].tenants': 'the tenants that it may name',
      'callers[].tenantPrefixes':
        'every tenant whose id begins so ([many callers](../callers.md#many-callers))',
      'callers[].scopes': 'what it may do ([scopes](scopes.md))',
      issuers:
        'one entry for each identity provider and kind ([identity providers](../identity-providers.md))',
      'issuers[].callerId': "the entry's name in the log, and in access tokens that it asks for",
      'issuers[].kind':
        '`user`: each token speaks for its user. `back-end`: client credentials, for all users',
      'issuers[].provider': 'fills [what the entry leaves out](../identity-providers.md#ready-entries)',
      'issuers[].issuer':
        'exactly the `iss` of the tokens, without user, query and fragment; `<issuer>/.well-known/openid-configuration` names the keys, on the same origin. https; on a laptop also http on loopback',
      'issuers[].jwksUri':
        'the exact address of the keys, of any origin; the discovery document is then not asked. The same in every entry of an issuer',
      'issuers[].audience':
        'what `aud` must be or contain; one entry for each issuer, audience and kind. Left out: tokens without `aud` alone (Cognito)',
      'issuers[].tokens':
        '`rfc9068`: `typ` must be `at+jwt`. `jwt`: also `JWT` and no `typ`, where nothing looks like an ID token',
      'issuers[].clientClaim': 'the claim that names a client',
      'issuers[].clientIds': 'the clients that may call; left out: any',
      'issuers[].requiredClaims':
        'what further claims must hold: `{"token_use":"access","scp":true,"gty":false}`',
      'issuers[].maxAgeSeconds': 'how long ago a token may have been issued; left out: 86400',
      'issuers[].tenant': 'the tenant of all tokens; or `tenantClaim`',
      'issuers[].tenantClaim': 'the claim that names the tenant, with `tenants` or `tenantPrefixes`',
      'issuers[].tenants': 'what each value of that claim stands for',
      'issuers[].tenantPrefixes':
        'a value behind one of these is itself [the tenant](../callers.md#many-callers)',
      'issuers[].scopes': "what these callers may do; the token's own `scope` says nothing here",
      'issuers[].userClaim':
        'where the `userId` is, also inside objects (`ext.id`); a value that cannot be one is a 401',
      'issuers[].userIdForm':
        "`sha256-24` [derives a userId](../identity-providers.md#the-userid) of 24 characters, for ids that are longer than CEC's 32 (a UUID) or its chat's 24",
      'issuers[].userNameClaim': 'where the `userName` is, also inside objects (`ext.name`)',
      'issuers[].nameFrom': "`directory`: the token carries no name, and the directory's serves",
      'issuers[].acceptIdTokens': 'also ID tokens, whose `azp`, or sole `aud`, is one of `clientIds`',
      'issuers[].subjects': "the `sub` of each back end that may call: no user's token is then taken for one",
      table: 'true: the callers table is asked as well ([many callers](../callers.md#many-callers))',
    },
  },
  'log-key': {
    name: 'log-key',
    says: 'Hashes the user ids of the logs, where the parameter `logUserIds` is `hashed`. It is made at deploy. Without it nobody can say [whose the old lines are](../privacy.md#ids-in-logs).',
    members: { key: 'the key itself' },
  },
  'token-store-key': {
    name: 'token-store-key',
    says: 'Seals the stored tokens. It is made at deploy. Another one in its place costs one fetch of each token.',
    members: { key: 'the key itself' },
  },
  prober: {
    name: 'prober',
    says: 'Where [the prober](../operate.md#the-prober) asks, as whom, and about whom. You make it where the prober is switched on.',
    members: {
      url: "the stage's output `HttpApiUrl`",
      validateUrl: "the stage's output `ValidateUrl`, as CEC was told",
      callerKey:
        'the whole caller key; its scopes are `enterprise-token:issue` and `enterprise-token:revoke`',
      tenantSpaceId: 'the only tenant of that key, which no customer has',
      userId: 'a user of that tenant, who is in the directory',
      userName: "that user's name",
      appCube: 'for an AppCube token; left out: nothing is asked of OIAP',
      'appCube.callerKey': 'the caller key of a tenant with OIAP; its only scope is `app-cube-token:issue`',
      'appCube.appKey': "that tenant's id with OIAP",
    },
  },
  cec: {
    name: TENANT('cec'),
    says: "The tenant's account with CEC. `npm run tenant -- add` asks for the values.",
    members: {
      tokenUrl: 'the whole address of `tokenByAkSk`',
      applyTokenUrl: 'the whole address of `applyToken`',
      chatUrl: 'the address of `send` and `poll` without their names',
      appKey: '`app_key` (AK)',
      appSecret: '`app_secret` (SK)',
      tokenExpireSeconds: 'the life that an AccessToken is asked for; left out: 3600',
      locale: '`language` cuts the country off (`zh_CN` becomes `zh`), for a CEC that takes a language alone',
      tenantSpaceIdHeader: 'is sent to CEC as `X-TenantSpaceID`',
      ...TLS,
      ...SHARED_TOKEN,
    },
  },
  oiap: oiap(
    'oiap',
    'getAppCubeToken',
    'what OIAP\'s tab "API Password Settings" calls "API Password", in a later manual "AppCube password"',
  ),
  'oiap-third-party': oiap(
    'oiap-third-party',
    'gettoken',
    'what the same tab "API Password Settings" calls "Third-party password"',
  ),
  live: {
    name: TENANT('live'),
    says: "The tenant's account with Alibaba's older interactive messaging. [A policy](../alibaba-ram-policy.json) grants its RAM user the one action that is needed.",
    members: {
      endpoint: 'the address, without a path, such as `https://live.aliyuncs.com`',
      appId: 'the id of the interactive-messages application',
      accessKeyId: 'of the RAM user',
      accessKeySecret: 'of the RAM user',
      securityToken: 'with temporary credentials (STS) only',
      userId: USER_ID,
      callsPerSecond: 'of all users together; left out: 90',
      callsPerUserAndMinute: 'left out: 20',
    },
  },
  'live-im': {
    name: TENANT('live-im'),
    says: "The tenant's application of Alibaba's new interactive messaging. All as Alibaba's console names them ([what they mean](../alibaba-live.md)).",
    members: {
      appId: '`AppID`',
      appKey: '`AppKey`: it never leaves this system',
      appSign: '`AppSign`: it goes to the client',
      lifetimeSeconds: 'left out: an hour for a page, a day for a back end',
      userId: USER_ID,
    },
  },
  'live-rtc': {
    name: TENANT('live-rtc'),
    says: "The tenant's application of Alibaba's RTC.",
    members: {
      appId: '`AppID`',
      appKey: '`AppKey`',
      lifetimeSeconds: 'left out: an hour for a page, 23 hours and 55 minutes for a back end',
      roomToken:
        "how `getRtcAuthToken` for rooms writes its token ([Alibaba's ready clients](../alibaba-live.md#alibabas-ready-clients))",
    },
  },
}
