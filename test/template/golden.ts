/** Who may do what: the table that the roles of the template are checked against. */
import { arnOf } from './policy.ts'

export const FUNCTIONS = [
  'issueEnterpriseToken',
  'validateEnterpriseToken',
  'revokeEnterpriseTokens',
  'putUser',
  'jwks',
  'rotateSigningKey',
  'applyToken',
  'chatRelay',
  'appCubeToken',
  'liveMessageToken',
]

/** The settings that every function is given, and no more: one that nothing reads misleads whoever changes it. */
export const SETTINGS = [
  'STAGE',
  'SECRETS_PREFIX',
  'ISSUER',
  'DIRECTORY_TABLE',
  'DIRECTORY',
  'TOKEN_LIFETIME_SECONDS',
  'USER_ID_PATTERN',
  'POLL_SECONDS',
  'CEC_SOURCE_CIDRS',
  'LOG_LEVEL',
]

/** Where each function can be reached. */
export const ROUTES: Record<string, string[]> = {
  issueEnterpriseToken: ['POST /enterprise-tokens'],
  validateEnterpriseToken: ['POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'],
  revokeEnterpriseTokens: ['POST /enterprise-tokens/revocations'],
  putUser: ['PUT /users'],
  jwks: ['GET /.well-known/jwks.json'],
  rotateSigningKey: [],
  applyToken: ['POST /apiaccess/ccmessaging/applyToken'],
  chatRelay: ['POST /apiaccess/ccmessaging/send', 'GET /apiaccess/ccmessaging/poll'],
  appCubeToken: ['POST /oifde/rest/appcube/api/getAppCubeToken'],
  liveMessageToken: ['POST /live/GetMessageToken'],
}

/** Everything that an action is tried on in the template of a stage, by the name used in the table below. */
export const resourcesOf = (stage: string): Record<string, string> => {
  const prefix = `cec-token-bridge/${stage}`
  const directory = arnOf.table(`cec-token-bridge-${stage}-directory`)
  const group = (name: string) => `/aws/lambda/cec-token-bridge-${stage}-${name}`
  return {
    'secret signing-key': arnOf.secret(`${prefix}/signing-key`),
    'secret jwks': arnOf.secret(`${prefix}/jwks`),
    'secret callers': arnOf.secret(`${prefix}/callers`),
    'secret token-store-key': arnOf.secret(`${prefix}/token-store-key`),
    'secret tenants/202007159031/cec': arnOf.secret(`${prefix}/tenants/202007159031/cec`),
    'secret tenants/202007159031/oiap': arnOf.secret(`${prefix}/tenants/202007159031/oiap`),
    'secret tenants/202007159031/live': arnOf.secret(`${prefix}/tenants/202007159031/live`),
    'secret tenants/T_2-b/cec': arnOf.secret(`${prefix}/tenants/T_2-b/cec`),
    'secret tenants/T_2-b/oiap': arnOf.secret(`${prefix}/tenants/T_2-b/oiap`),
    'secret tenants/T_2-b/live': arnOf.secret(`${prefix}/tenants/T_2-b/live`),
    // names that the "*" for the tenant must not take in, though it spans slashes, colons and hyphens
    ...Object.fromEntries(
      [
        ...['cec', 'oiap', 'live'].flatMap((system) => [
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
    // names that a sloppy pattern would take in
    'secret jwks-old': arnOf.secret(`${prefix}/jwks-old`),
    'secret jwks2': arnOf.secret(`${prefix}/jwks2`),
    'secret signing-key-backup': arnOf.secret(`${prefix}/signing-key-backup`),
    'secret callers/extra': arnOf.secret(`${prefix}/callers/extra`),
    'secret of another stage': arnOf.secret('cec-token-bridge/dev/jwks'),
    'secret of a stage of similar name': arnOf.secret(`${prefix}2/signing-key`),
    'secret of another project': arnOf.secret('database/password'),
    'table directory': directory,
    'index of the directory': `${directory}/index/any`,
    'stream of the directory': `${directory}/stream/2026-01-01T00:00:00.000`,
    'backup of the directory': `${directory}/backup/01489173575360-b308cd7d`,
    'table tokens': arnOf.table(`cec-token-bridge-${stage}-tokens`),
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

const TENANTS = ['202007159031', 'T_2-b']

/** A route for a vendor's token: who calls, and that vendor's settings of every tenant. */
const forVendor = (name: string, system: string) => [
  'secretsmanager:GetSecretValue on secret callers',
  ...TENANTS.map((tenant) => `secretsmanager:GetSecretValue on secret tenants/${tenant}/${system}`),
  ...ownLog(name),
]

const ownLog = (name: string) =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} on log streams of ${name}`)

/** All that each function may do, as "action on resource"; anything else is refused. */
export const GOLDEN: Record<string, string[]> = {
  issueEnterpriseToken: [
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:GetSecretValue on secret callers',
    'dynamodb:BatchGetItem on table directory',
    ...ownLog('issueEnterpriseToken'),
  ],
  validateEnterpriseToken: [
    'secretsmanager:GetSecretValue on secret jwks',
    'dynamodb:BatchGetItem on table directory',
    ...ownLog('validateEnterpriseToken'),
  ],
  revokeEnterpriseTokens: [
    'secretsmanager:GetSecretValue on secret callers',
    'dynamodb:UpdateItem on table directory',
    'dynamodb:PutItem on table directory',
    ...ownLog('revokeEnterpriseTokens'),
  ],
  putUser: [
    'secretsmanager:GetSecretValue on secret callers',
    'dynamodb:UpdateItem on table directory',
    ...ownLog('putUser'),
  ],
  jwks: ['secretsmanager:GetSecretValue on secret jwks', ...ownLog('jwks')],
  rotateSigningKey: [
    'secretsmanager:DescribeSecret on secret signing-key',
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:PutSecretValue on secret signing-key',
    'secretsmanager:UpdateSecretVersionStage on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    'secretsmanager:PutSecretValue on secret jwks',
    'dynamodb:BatchGetItem on table directory',
    ...ownLog('rotateSigningKey'),
  ],
  applyToken: forVendor('applyToken', 'cec'),
  chatRelay: forVendor('chatRelay', 'cec'),
  appCubeToken: forVendor('appCubeToken', 'oiap'),
  liveMessageToken: forVendor('liveMessageToken', 'live'),
}

/** The same with DIRECTORY=on-issue: the issue function may also enter users. */
export const GOLDEN_ON_ISSUE: Record<string, string[]> = {
  ...GOLDEN,
  issueEnterpriseToken: [...(GOLDEN['issueEnterpriseToken'] ?? []), 'dynamodb:UpdateItem on table directory'],
}
