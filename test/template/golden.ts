/** Who may do what: the table that the roles of the template are checked against. */
import { arnOf } from './policy.ts'

export const FUNCTIONS = [
  'issueEnterpriseToken',
  'issueAccessToken',
  'validateEnterpriseToken',
  'issueAgentToken',
  'validateAgentToken',
  'revokeEnterpriseTokens',
  'putUser',
  'batchUsers',
  'queryUsers',
  'listUsers',
  'jwks',
  'rotateSigningKey',
  'applyToken',
  'chatRelay',
  'chatCalls',
  'uploadFileStream',
  'downloadFileStream',
  'appCubeToken',
  'oiapThirdPartyToken',
  'liveMessageToken',
  'liveImToken',
  'liveRtcToken',
  'auiLiveToken',
  'auiRtcToken',
  'prewarmTokens',
  'probe',
  'doctor',
]

/** The settings that every function is given, and no more: one that nothing reads misleads whoever changes it. */
export const SETTINGS = [
  'STAGE',
  'SECRETS_PREFIX',
  'ISSUER',
  'DIRECTORY_TABLE',
  'CALLERS_TABLE',
  'TOKENS_TABLE',
  'DIRECTORY',
  'JUST_IN_TIME_USER_DAYS',
  'TOKEN_LIFETIME_SECONDS',
  'ACCESS_TOKEN_LIFETIME_SECONDS',
  'ISSUES_PER_USER_AND_MINUTE',
  'USER_ID_CHARACTERS',
  'USER_ID_MAX_LENGTH',
  'POLL_SECONDS',
  'LONGEST_POLL_SECONDS',
  'SHORTEST_POLL_SECONDS',
  'POLL_EXECUTIONS',
  'CEC_SOURCE_CIDRS',
  'PREWARM_SHARES',
  'LOG_LEVEL',
  'LOG_USER_IDS',
]

/** Items of the directory, each by a key as lib/directory makes them. */
const DIRECTORY_ITEMS = {
  'users of the directory': '4:user12:2020071590318:10010001',
  'agents of the directory': '5:agent12:2020071590314:a101',
  'tenants of the directory': '6:tenant12:202007159031',
  'revoked tokens': '13:revoked-token12:20200715903122:abcdefghijklmnopqrstuv',
  'revoked keys': '11:revoked-key4:kid1',
} as const

const EPOCHS = 'epochs of '

type DirectoryItems = keyof typeof DIRECTORY_ITEMS

/** A whole item, or its epoch alone: who may name every attribute may name that one too. */
const onItems = (action: string, ...kinds: readonly DirectoryItems[]) =>
  kinds.flatMap((items) => [`dynamodb:${action} on ${items}`, `dynamodb:${action} on ${EPOCHS}${items}`])

/** Whether a user's token is good depends on the user, the tenant, and what was revoked. Nobody reads by anything but a key. */
export const READS_DIRECTORY = onItems(
  'BatchGetItem',
  ...(['users of the directory', 'tenants of the directory', 'revoked tokens', 'revoked keys'] as const),
)

/** The same for an agent's token. */
const READS_AGENTS = onItems(
  'BatchGetItem',
  ...(['agents of the directory', 'tenants of the directory', 'revoked tokens', 'revoked keys'] as const),
)

/** Who calls: the secret, and the callers table item by item. */
const READS_CALLERS = [
  'secretsmanager:GetSecretValue on secret callers',
  'dynamodb:GetItem on table callers',
  'dynamodb:GetItem on a caller of the table',
]

/** Items of the tokens table, each by a key as lib/token-store makes them, and one that a sloppy pattern would take in. */
const TOKEN_ITEMS = {
  'items of cec': '3:cec5:token12:20200715903143:x4:3600',
  'items of oiap': '4:oiap5:block12:20200715903143:x',
  'items of oiap-third-party': '16:oiap-third-party5:token12:20200715903143:x',
  'items of live': '4:live5:calls43:x10:1700000000',
  'items of issue': '5:issue5:calls43:x8:29000000',
  'items of prewarm': '7:prewarm5:sweep',
  'items of a system of similar name': '5:oiap25:token12:20200715903143:x',
} as const

/** Everything that an action is tried on in the template of a stage, by the name used in the table below. */
export const resourcesOf = (stage: string): Record<string, string> => {
  const prefix = `cec-token-bridge/${stage}`
  const directoryName = `cec-token-bridge-${stage}-directory`
  const directory = arnOf.table(directoryName)
  const callersName = `cec-token-bridge-${stage}-callers`
  const tokensName = `cec-token-bridge-${stage}-tokens`
  const tokens = arnOf.table(tokensName)
  const group = (name: string) => `/aws/lambda/cec-token-bridge-${stage}-${name}`
  return {
    'secret signing-key': arnOf.secret(`${prefix}/signing-key`),
    'secret jwks': arnOf.secret(`${prefix}/jwks`),
    'secret callers': arnOf.secret(`${prefix}/callers`),
    'secret token-store-key': arnOf.secret(`${prefix}/token-store-key`),
    'secret tenants/202007159031/cec': arnOf.secret(`${prefix}/tenants/202007159031/cec`),
    'secret tenants/202007159031/oiap': arnOf.secret(`${prefix}/tenants/202007159031/oiap`),
    'secret tenants/202007159031/oiap-third-party': arnOf.secret(
      `${prefix}/tenants/202007159031/oiap-third-party`,
    ),
    'secret tenants/202007159031/live': arnOf.secret(`${prefix}/tenants/202007159031/live`),
    'secret tenants/202007159031/live-im': arnOf.secret(`${prefix}/tenants/202007159031/live-im`),
    'secret tenants/202007159031/live-rtc': arnOf.secret(`${prefix}/tenants/202007159031/live-rtc`),
    'secret tenants/T_2-b/cec': arnOf.secret(`${prefix}/tenants/T_2-b/cec`),
    'secret tenants/T_2-b/oiap': arnOf.secret(`${prefix}/tenants/T_2-b/oiap`),
    'secret tenants/T_2-b/oiap-third-party': arnOf.secret(`${prefix}/tenants/T_2-b/oiap-third-party`),
    'secret tenants/T_2-b/live': arnOf.secret(`${prefix}/tenants/T_2-b/live`),
    'secret tenants/T_2-b/live-im': arnOf.secret(`${prefix}/tenants/T_2-b/live-im`),
    'secret tenants/T_2-b/live-rtc': arnOf.secret(`${prefix}/tenants/T_2-b/live-rtc`),
    // names that the "*" for the tenant must not take in, though it spans slashes, colons and hyphens
    ...Object.fromEntries(
      [
        ...['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc'].flatMap((system) => [
          `cec-token-bridge/dev/tenants/202007159031/${system}`,
          `${prefix}2/tenants/202007159031/${system}`,
          `${prefix}-eu/tenants/202007159031/${system}`,
          `database/${prefix}/tenants/202007159031/${system}`,
          `${prefix}/tenants-old/202007159031/${system}`,
          `${prefix}/tenants/202007159031/${system}2`,
          `${prefix}/tenants/202007159031/old-${system}`,
          `${prefix}/tenants/202007159031/${system}-abcdef`,
          `${prefix}/tenants/202007159031/${system}/backup`,
          `${prefix}/tenants/${system}`,
          `${prefix}/tenants/${system}-abcdef/next`,
        ]),
      ].map((name) => [`secret ${name}`, arnOf.secret(name)]),
    ),
    'secret prober': arnOf.secret(`${prefix}/prober`),
    // names that a sloppy pattern would take in
    'secret prober-old': arnOf.secret(`${prefix}/prober-old`),
    'secret jwks-old': arnOf.secret(`${prefix}/jwks-old`),
    'secret jwks2': arnOf.secret(`${prefix}/jwks2`),
    'secret signing-key-backup': arnOf.secret(`${prefix}/signing-key-backup`),
    'secret callers/extra': arnOf.secret(`${prefix}/callers/extra`),
    'secret of another stage': arnOf.secret('cec-token-bridge/dev/jwks'),
    'secret of a stage of similar name': arnOf.secret(`${prefix}2/signing-key`),
    'secret of another project': arnOf.secret('database/password'),
    'table directory': directory,
    ...Object.fromEntries(
      Object.entries(DIRECTORY_ITEMS).flatMap(([items, key]) => [
        [items, arnOf.item(directoryName, key)],
        [`${EPOCHS}${items}`, arnOf.item(directoryName, key, 'pk epoch')],
      ]),
    ),
    'table callers': arnOf.table(callersName),
    'a caller of the table': arnOf.item(callersName, `key#${'a1'.repeat(32)}`),
    'index of the callers': `${arnOf.table(callersName)}/index/any`,
    'callers of another stage': arnOf.table('cec-token-bridge-dev-callers'),
    'list of users': `${directory}/index/users`,
    'users of a tenant': arnOf.item(`${directoryName}/index/users`, '202007159031'),
    'index of the directory': `${directory}/index/any`,
    'stream of the directory': `${directory}/stream/2026-01-01T00:00:00.000`,
    'backup of the directory': `${directory}/backup/01489173575360-b308cd7d`,
    'table tokens (actions without a key)': tokens,
    ...Object.fromEntries(
      Object.entries(TOKEN_ITEMS).map(([items, key]) => [items, arnOf.item(tokensName, key)]),
    ),
    ...Object.fromEntries(
      ['cec', 'oiap', 'oiap-third-party', 'live', 'blocks'].map((list) => [
        `list of ${list}`,
        arnOf.item(`${tokensName}/index/listed`, list),
      ]),
    ),
    'every list of the tokens': `${tokens}/index/listed`,
    'another index of the tokens': `${tokens}/index/any`,
    'stream of the tokens': `${tokens}/stream/2026-01-01T00:00:00.000`,
    'table tokens of another stage': arnOf.item('cec-token-bridge-dev-tokens', TOKEN_ITEMS['items of cec']),
    'table directory of another stage': arnOf.table('cec-token-bridge-dev-directory'),
    'table of another project': arnOf.table('orders'),
    'some key': arnOf.key('1234abcd-12ab-34cd-56ef-1234567890ab'),
    'some role': arnOf.role('administrator'),
    'everything (actions without a resource)': '*',
    'log group of another project': arnOf.logStream('/aws/lambda/other'),
    ...Object.fromEntries(
      FUNCTIONS.flatMap((name) => [
        [`function ${name}`, arnOf.lambda(`cec-token-bridge-${stage}-${name}`)],
        [`log group of ${name}`, arnOf.logGroup(group(name))],
        [`log streams of ${name}`, arnOf.logStream(group(name))],
      ]),
    ),
  }
}

/** The only actions that may stand with `Resource: "*"`, each with the reason why it cannot be narrower. */
export const WITHOUT_RESOURCE: Record<string, string> = {
  ...Object.fromEntries(
    [
      'CreateNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'DeleteNetworkInterface',
      'AssignPrivateIpAddresses',
      'UnassignPrivateIpAddresses',
    ].map((name) => [
      `ec2:${name}`,
      'Lambda asks for it on every resource, since interfaces are not known before; denied to the code of the function',
    ]),
  ),
  ...Object.fromEntries(
    ['PutTraceSegments', 'PutTelemetryRecords'].map((name) => [
      `xray:${name}`,
      'takes no resource: X-Ray has none',
    ]),
  ),
  'secretsmanager:ListSecrets':
    'has no resource type in the service authorization reference; it shows names and dates, and no value',
}

const TENANTS = ['202007159031', 'T_2-b']

const settingsOf = (system: string) =>
  TENANTS.map((tenant) => `secretsmanager:GetSecretValue on secret tenants/${tenant}/${system}`)

const tokenItems = (owner: string) =>
  ['GetItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action} on items of ${owner}`)

/** A route for a vendor's token: who calls, that vendor's settings of every tenant, and its items of the tokens table. */
const forVendor = (name: string, system: string) => [
  ...READS_CALLERS,
  ...settingsOf(system),
  ...tokenItems(system),
  ...ownLog(name),
]

/** Of the vendors whose tokens are stored. */
const withStoredTokens = ['secretsmanager:GetSecretValue on secret token-store-key']

/** The same where pages call: what an access token is verified with on top. */
const forPages = (name: string, system: string) => [
  'secretsmanager:GetSecretValue on secret jwks',
  ...READS_DIRECTORY,
  ...forVendor(name, system),
]

/** A token that is computed here: who calls, and that system's settings of every tenant. Nothing is counted or stored. */
const forComputed = (name: string, system: string) => [
  ...READS_CALLERS,
  'secretsmanager:GetSecretValue on secret jwks',
  ...READS_DIRECTORY,
  ...settingsOf(system),
  ...ownLog(name),
]

const ownLog = (name: string) =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} on log streams of ${name}`)

/** All that each function may do, as "action on resource"; anything else is refused. */
export const GOLDEN: Record<string, string[]> = {
  issueEnterpriseToken: [
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    ...READS_CALLERS,
    ...READS_DIRECTORY,
    'dynamodb:UpdateItem on items of issue',
    ...ownLog('issueEnterpriseToken'),
  ],
  issueAccessToken: [
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    ...READS_CALLERS,
    ...READS_DIRECTORY,
    'dynamodb:UpdateItem on items of issue',
    ...ownLog('issueAccessToken'),
  ],
  validateEnterpriseToken: [
    'secretsmanager:GetSecretValue on secret jwks',
    ...READS_DIRECTORY,
    ...ownLog('validateEnterpriseToken'),
  ],
  issueAgentToken: [
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    ...READS_CALLERS,
    ...READS_AGENTS,
    'dynamodb:UpdateItem on items of issue',
    ...ownLog('issueAgentToken'),
  ],
  validateAgentToken: [
    'secretsmanager:GetSecretValue on secret jwks',
    ...READS_AGENTS,
    ...ownLog('validateAgentToken'),
  ],
  revokeEnterpriseTokens: [
    ...READS_CALLERS,
    ...['users', 'agents', 'tenants'].map(
      (kind) => `dynamodb:UpdateItem on ${EPOCHS}${kind} of the directory`,
    ),
    ...onItems('PutItem', 'revoked tokens'),
    ...ownLog('revokeEnterpriseTokens'),
  ],
  putUser: [...READS_CALLERS, ...onItems('UpdateItem', 'users of the directory'), ...ownLog('putUser')],
  batchUsers: [...READS_CALLERS, ...onItems('UpdateItem', 'users of the directory'), ...ownLog('batchUsers')],
  queryUsers: [
    ...READS_CALLERS,
    ...onItems('BatchGetItem', 'users of the directory'),
    ...ownLog('queryUsers'),
  ],
  listUsers: [
    ...READS_CALLERS,
    'dynamodb:Query on users of a tenant',
    'dynamodb:Query on list of users',
    ...ownLog('listUsers'),
  ],
  jwks: ['secretsmanager:GetSecretValue on secret jwks', ...ownLog('jwks')],
  rotateSigningKey: [
    'secretsmanager:DescribeSecret on secret signing-key',
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:PutSecretValue on secret signing-key',
    'secretsmanager:UpdateSecretVersionStage on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    'secretsmanager:PutSecretValue on secret jwks',
    'secretsmanager:UpdateSecretVersionStage on secret jwks',
    ...onItems('BatchGetItem', 'revoked keys'),
    ...onItems('UpdateItem', 'revoked keys'),
    ...ownLog('rotateSigningKey'),
  ],
  applyToken: [...forPages('applyToken', 'cec'), ...withStoredTokens],
  chatRelay: [...forPages('chatRelay', 'cec'), ...withStoredTokens],
  chatCalls: [...forPages('chatCalls', 'cec'), ...withStoredTokens],
  uploadFileStream: [...forPages('uploadFileStream', 'cec'), ...withStoredTokens],
  downloadFileStream: [...forPages('downloadFileStream', 'cec'), ...withStoredTokens],
  appCubeToken: [...forVendor('appCubeToken', 'oiap'), ...withStoredTokens],
  oiapThirdPartyToken: [...forVendor('oiapThirdPartyToken', 'oiap-third-party'), ...withStoredTokens],
  liveMessageToken: forPages('liveMessageToken', 'live'),
  liveImToken: forComputed('liveImToken', 'live-im'),
  liveRtcToken: forComputed('liveRtcToken', 'live-rtc'),
  auiLiveToken: [...forPages('auiLiveToken', 'live'), ...settingsOf('live-im')],
  auiRtcToken: forComputed('auiRtcToken', 'live-rtc'),
  prewarmTokens: [
    ...withStoredTokens,
    ...settingsOf('cec'),
    ...settingsOf('oiap'),
    ...settingsOf('oiap-third-party'),
    'secretsmanager:ListSecrets on everything (actions without a resource)',
    ...tokenItems('cec'),
    ...tokenItems('oiap'),
    ...tokenItems('oiap-third-party'),
    ...tokenItems('prewarm'),
    ...['cec', 'oiap', 'oiap-third-party'].map((list) => `dynamodb:Query on list of ${list}`),
    ...ownLog('prewarmTokens'),
  ],
  probe: ['secretsmanager:GetSecretValue on secret prober', ...ownLog('probe')],
  doctor: [
    ...READS_CALLERS,
    'secretsmanager:GetSecretValue on secret jwks',
    ...withStoredTokens,
    ...['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc'].flatMap(settingsOf),
    ...['cec', 'oiap', 'oiap-third-party', 'live'].flatMap(tokenItems),
    'dynamodb:GetItem on items of prewarm',
    ...ownLog('doctor'),
  ],
}

/** The same with DIRECTORY=on-issue: the functions that issue may also enter users. */
export const GOLDEN_ON_ISSUE: Record<string, string[]> = {
  ...GOLDEN,
  issueEnterpriseToken: [
    ...(GOLDEN['issueEnterpriseToken'] ?? []),
    ...onItems('UpdateItem', 'users of the directory'),
  ],
  issueAccessToken: [
    ...(GOLDEN['issueAccessToken'] ?? []),
    ...onItems('UpdateItem', 'users of the directory'),
  ],
}
