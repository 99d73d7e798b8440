/** Who may do what: the table that the roles of the template are checked against. */
import { arnOf } from './policy.ts'

export const FUNCTIONS = ['issueEnterpriseToken', 'validateEnterpriseToken', 'jwks', 'rotateSigningKey']

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
  jwks: ['secretsmanager:GetSecretValue on secret jwks', ...ownLog('jwks')],
  rotateSigningKey: [
    'secretsmanager:DescribeSecret on secret signing-key',
    'secretsmanager:GetSecretValue on secret signing-key',
    'secretsmanager:PutSecretValue on secret signing-key',
    'secretsmanager:UpdateSecretVersionStage on secret signing-key',
    'secretsmanager:GetSecretValue on secret jwks',
    'secretsmanager:PutSecretValue on secret jwks',
    ...ownLog('rotateSigningKey'),
  ],
}

/** The same with DIRECTORY=on-issue: the issue function may also enter users. */
export const GOLDEN_ON_ISSUE: Record<string, string[]> = {
  ...GOLDEN,
  issueEnterpriseToken: [...(GOLDEN['issueEnterpriseToken'] ?? []), 'dynamodb:UpdateItem on table directory'],
}
