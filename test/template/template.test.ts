import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LISTED } from '../../lib/table/table.ts'
import { tokensResources } from '../support/world.ts'
import { ACTIONS } from './actions.ts'
import { describeCanary, surrounded } from './canary.ts'
import * as checks from './checks.ts'
import { describeEntries } from './entries.ts'
import { FUNCTIONS, GOLDEN, GOLDEN_ON_ISSUE, READS_DIRECTORY, ROUTES, resourcesOf } from './golden.ts'
import { type Package, packageProject } from './package.ts'
import { isAllowed, roleIdOf, statementsOf, type Template } from './policy.ts'
import { describeZips } from './zips.ts'

const STAGE = 'prod'
const ROOT = join(import.meta.dirname, '../..')

let packaged: Package

beforeAll(async () => {
  packaged = await packageProject(STAGE, await surrounded())
}, 60_000)

afterAll(() => packaged?.remove())

const allFaults = (
  template: Template,
  { stage = STAGE, golden = GOLDEN, routes = ROUTES, origins = [] as string[] } = {},
) => [
  ...checks.permissionFaults(template, stage, golden),
  ...checks.routeFaults(template, routes),
  ...checks.corsFaults(template, origins),
  ...checks.roleFaults(template),
  ...checks.functionSettingFaults(template),
  ...checks.storageFaults(template),
  ...checks.logFaults(template),
  ...checks.entranceFaults(template),
  ...checks.rotationFaults(template),
]

describeZips(() => packaged)
describeEntries(() => packaged)
describeCanary(() => packaged)

describe('serverless.yml', () => {
  it('gives every function exactly the rights of the golden table', () => {
    expect(checks.permissionFaults(packaged.template, STAGE, GOLDEN)).toEqual([])
  })

  it('lets the validate function read jwks and the directory and nothing else', () => {
    // Prepare
    const statements = statementsOf(
      packaged.template,
      roleIdOf(packaged.template, 'ValidateEnterpriseTokenLambdaFunction'),
    )
    // Act
    const allowed = ACTIONS.filter((action) => !action.startsWith('logs:')).flatMap((action) =>
      Object.entries(resourcesOf(STAGE)).flatMap(([name, arn]) =>
        isAllowed(statements, action, arn) ? [`${action} on ${name}`] : [],
      ),
    )
    // Assess
    expect(allowed).toEqual(['secretsmanager:GetSecretValue on secret jwks', ...READS_DIRECTORY])
  })

  it('makes no package when the directory parameter is neither table nor on-issue', async () => {
    await expect(packageProject(STAGE, { params: { directory: 'none' } })).rejects.toThrow(
      'issueEnterpriseToken.iamRoleStatements',
    )
  }, 60_000)

  it('makes no package when any page may call', async () => {
    await expect(packageProject(STAGE, { params: { corsOrigins: 'https://a.example,*' } })).rejects.toThrow(
      'corsOrigins: "*" is not one origin',
    )
  }, 60_000)

  it('takes another stage with every parameter changed, and lets the issuing functions only enter users on top', async () => {
    // Prepare: with a stage this long, a role named after its function would exceed 64 characters
    const stage = 'preproduction-emea-2'
    // Act
    const other = await packageProject(stage, {
      params: {
        directory: 'on-issue',
        validatePath: '/r4nd0m-Segment_1/validate',
        validateReservedConcurrency: '5',
        chatReservedConcurrency: '7',
        pollSeconds: '2.5',
        corsOrigins: 'https://www.example.com,https://shop.example:8443, http://localhost:5173',
        logRetentionInDays: '30',
      },
    })
    other.remove()
    // Assess
    expect(
      allFaults(other.template, {
        stage,
        golden: GOLDEN_ON_ISSUE,
        routes: { ...ROUTES, validateEnterpriseToken: ['POST /r4nd0m-Segment_1/validate'] },
        origins: ['https://www.example.com', 'https://shop.example:8443', 'http://localhost:5173'],
      }),
    ).toEqual([])
    const { HttpApiStage, ValidateEnterpriseTokenLambdaFunction, ChatRelayLambdaFunction, JwksLogGroup } =
      other.template.Resources
    expect(HttpApiStage?.Properties['RouteSettings']).toHaveProperty(['POST /r4nd0m-Segment_1/validate'])
    expect(ValidateEnterpriseTokenLambdaFunction?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 5,
    })
    expect(ChatRelayLambdaFunction?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 7,
      Environment: { Variables: { POLL_SECONDS: '2.5' } },
    })
    expect(JwksLogGroup?.Properties).toMatchObject({ RetentionInDays: 30 })
  }, 60_000)

  it('has no fault that a check knows', () => {
    expect(allFaults(packaged.template)).toEqual([])
  })

  it('limits the concurrency of no function unless asked', () => {
    for (const name of FUNCTIONS) {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
      const limit = packaged.template.Resources[id]?.Properties['ReservedConcurrentExecutions']
      expect([undefined, 'AWS::NoValue']).toContain(limit?.Ref ?? limit)
    }
  })

  it('makes the protected table after everything that can fail', () => {
    expect(packaged.template.Resources['DirectoryTable']?.DependsOn).toEqual(
      expect.arrayContaining(['SigningKeyRotation', 'HttpApiStage']),
    )
  })
})

describe('serverless.yml: TokensTable', () => {
  it('shows in its list what LISTED names and nothing else', () => {
    const [index] = packaged.template.Resources['TokensTable']?.Properties['GlobalSecondaryIndexes'] ?? []
    expect(index.Projection).toEqual({ ProjectionType: 'INCLUDE', NonKeyAttributes: [...LISTED] })
  })

  it('is the table that the tests work with, and sweeps by sweepAt', () => {
    const { Properties } = packaged.template.Resources['TokensTable'] ?? {}
    const { TokensTable } = tokensResources(`cec-token-bridge-${STAGE}-tokens`)
    expect(Properties).toMatchObject(TokensTable.Properties)
    expect(Properties?.['TimeToLiveSpecification']).toEqual({ AttributeName: 'sweepAt', Enabled: true })
  })
})

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

  it('names exact versions only', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    const loose = Object.entries(all).filter(
      ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  it('runs its scripts on the Node major of the Lambda runtime', () => {
    const major = process.versions.node.split('.')[0]
    const runtimes = FUNCTIONS.map(
      (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`,
    ).map((id) => packaged.template.Resources[id]?.Properties['Runtime'])
    expect(new Set(runtimes)).toEqual(new Set([`nodejs${major}.x`]))
  })
})

// biome-ignore lint/suspicious/noExplicitAny: mutants reach into the template at will
type Draft = any

const validateRole = (draft: Draft) =>
  draft.Resources.ValidateEnterpriseTokenIamRoleLambdaExecution.Properties
const validateStatements = (draft: Draft) => validateRole(draft).Policies[0].PolicyDocument.Statement
const chatStatements = (draft: Draft) =>
  draft.Resources.ChatRelayIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
const statementsOfRole = (draft: Draft, name: string) =>
  draft.Resources[`${name}IamRoleLambdaExecution`].Properties.Policies[0].PolicyDocument.Statement
const leadingKeys = (draft: Draft) =>
  chatStatements(draft)[2].Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']
const prewarmStatements = (draft: Draft) =>
  draft.Resources.PrewarmTokensIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
const appCubeStatements = (draft: Draft) =>
  draft.Resources.AppCubeTokenIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
const validateFunction = (draft: Draft) => draft.Resources.ValidateEnterpriseTokenLambdaFunction.Properties
const directory = (draft: Draft) => draft.Resources.DirectoryTable
const tokens = (draft: Draft) => draft.Resources.TokensTable
const storeKey = (draft: Draft) => draft.Resources.TokenStoreKeySecret
const secretArn = (end: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:cec-token-bridge/${STAGE}/${end}`,
})
const allow = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource })

/** A template with one fault, and the sentence that must name it. */
const MUTANTS: [string, (draft: Draft) => void, string][] = [
  [
    '<prefix>/* as resource',
    (d) => (validateStatements(d)[1].Resource = secretArn('*')),
    'may secretsmanager:GetSecretValue on secret signing-key',
  ],
  [
    'a secret without -??????',
    (d) => (validateStatements(d)[1].Resource = secretArn('jwks')),
    'may not secretsmanager:GetSecretValue on secret jwks',
  ],
  [
    'a secret with -*',
    (d) => (validateStatements(d)[1].Resource = secretArn('jwks-*')),
    'may secretsmanager:GetSecretValue on secret jwks-old',
  ],
  [
    'a secret with *',
    (d) => (validateStatements(d)[1].Resource = secretArn('jwks*')),
    'may secretsmanager:GetSecretValue on secret jwks2',
  ],
  [
    'another secret',
    (d) => validateStatements(d).push(allow('secretsmanager:GetSecretValue', secretArn('callers-??????'))),
    'may secretsmanager:GetSecretValue on secret callers',
  ],
  [
    'an action in other case',
    (d) => validateStatements(d).push(allow('SecretsManager:getsecretvalue', secretArn('callers-??????'))),
    'may secretsmanager:GetSecretValue on secret callers',
  ],
  [
    'an action with *',
    (d) => (validateStatements(d)[1].Action = 'secretsmanager:Get*'),
    'may secretsmanager:GetResourcePolicy on secret jwks',
  ],
  [
    'batch reading of secrets',
    (d) => validateStatements(d).push(allow('secretsmanager:BatchGetSecretValue', '*')),
    'may secretsmanager:BatchGetSecretValue on everything',
  ],
  [
    "every tenant's every secret",
    (d) => (chatStatements(d)[1].Resource[3] = secretArn('tenants/*')),
    'may secretsmanager:GetSecretValue on secret tenants/202007159031/oiap',
  ],
  [
    "another vendor's secrets",
    (d) => (chatStatements(d)[1].Resource[3] = secretArn('tenants/*/live-??????')),
    'may secretsmanager:GetSecretValue on secret tenants/202007159031/live',
  ],
  [
    "a vendor's secrets without a slash before",
    (d) => (chatStatements(d)[1].Resource[3] = secretArn('tenants/*cec-??????')),
    'may secretsmanager:GetSecretValue on secret cec-token-bridge/prod/tenants/202007159031/old-cec',
  ],
  [
    "a vendor's secrets with -*",
    (d) => (chatStatements(d)[1].Resource[3] = secretArn('tenants/*/cec-*')),
    'may secretsmanager:GetSecretValue on secret cec-token-bridge/prod/tenants/202007159031/cec-abcdef',
  ],
  [
    "the vendor's secrets of one tenant alone",
    (d) => (chatStatements(d)[1].Resource[3] = secretArn('tenants/202007159031/cec-??????')),
    'may not secretsmanager:GetSecretValue on secret tenants/T_2-b/cec',
  ],
  [
    "every stage's tenants",
    (d) =>
      (chatStatements(d)[1].Resource[3]['Fn::Sub'] =
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cec-token-bridge/*/tenants/*/cec-??????'),
    'may secretsmanager:GetSecretValue on secret cec-token-bridge/dev/tenants/202007159031/cec',
  ],
  [
    'items of the tokens table without a condition',
    (d) => delete chatStatements(d)[2].Condition,
    'chatRelay: may dynamodb:GetItem on items of oiap',
  ],
  [
    "another vendor's items of the tokens table",
    (d) => leadingKeys(d).push('4:oiap*'),
    'chatRelay: may dynamodb:UpdateItem on items of oiap',
  ],
  [
    'items by a pattern without the length',
    (d) => leadingKeys(d).splice(0, 1, '*cec*'),
    'chatRelay: allows the broad leading key *cec*',
  ],
  [
    'a condition that holds where no key is named',
    (d) => delete chatStatements(d)[2].Condition.Null,
    'chatRelay: ChatRelayIamRoleLambdaExecution: a Condition in a statement is not understood',
  ],
  [
    'a scan of the tokens table',
    (d) => chatStatements(d)[2].Action.push('dynamodb:Scan'),
    'chatRelay: may dynamodb:Scan on items of cec',
  ],
  [
    'listing of secrets for a function that needs none',
    (d) => chatStatements(d).push(allow('secretsmanager:ListSecrets', '*')),
    'chatRelay: may secretsmanager:ListSecrets on everything',
  ],
  [
    'every index of the tokens table',
    (d) => (prewarmStatements(d)[4].Resource['Fn::Sub'] += '*'),
    'prewarmTokens: allows the broad resource',
  ],
  [
    'a schedule that anybody may pretend to be',
    (d) => delete d.Resources.PrewarmTokensLambdaPermissionEventsRuleSchedule1.Properties.SourceArn,
    'PrewarmTokensLambdaPermissionEventsRuleSchedule1: lets in more than it should',
  ],
  [
    'a schedule that may call another function',
    (d) =>
      (d.Resources.PrewarmTokensLambdaPermissionEventsRuleSchedule1.Properties.FunctionName = {
        'Fn::GetAtt': ['JwksLambdaFunction', 'Arn'],
      }),
    'PrewarmTokensLambdaPermissionEventsRuleSchedule1: lets in more than it should',
  ],
  [
    'a run of the schedule that outlives its minute',
    (d) => (d.Resources.PrewarmTokensLambdaFunction.Properties.Timeout = 61),
    'PrewarmTokensLambdaFunction: time-out is not stated, or over 60 s',
  ],
  [
    'a table for a function that needs none',
    (d) => appCubeStatements(d).push(allow('dynamodb:GetItem', { 'Fn::GetAtt': ['DirectoryTable', 'Arn'] })),
    'appCubeToken: may dynamodb:GetItem on table directory',
  ],
  [
    'NotAction',
    (d) => validateStatements(d).push({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    'allows by NotAction',
  ],
  [
    'NotResource',
    (d) =>
      validateStatements(d).push({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        NotResource: 'arn:aws:kms:eu-west-1:1:key/1',
      }),
    'allows by NotResource',
  ],
  [
    'a managed policy',
    (d) => validateRole(d).ManagedPolicyArns.push('arn:aws:iam::aws:policy/ReadOnlyAccess'),
    'has a managed policy',
  ],
  [
    'a permissions boundary',
    (d) => (validateRole(d).PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess'),
    'PermissionsBoundary of a role is not understood',
  ],
  [
    'a condition',
    (d) => (validateStatements(d)[1].Condition = { Bool: { 'aws:SecureTransport': true } }),
    'Condition in a statement is not understood',
  ],
  [
    'kms:Decrypt on all',
    (d) => validateStatements(d).push(allow('kms:Decrypt', '*')),
    'may kms:Decrypt on some key',
  ],
  [
    'writing the directory',
    (d) => (validateStatements(d)[2].Action = ['dynamodb:BatchGetItem', 'dynamodb:PutItem']),
    'may dynamodb:PutItem on table directory',
  ],
  [
    'writing any item of the directory',
    (d) => delete statementsOfRole(d, 'PutUser')[2].Condition,
    'putUser: may dynamodb:UpdateItem on revoked keys',
  ],
  [
    'dropping signing keys by revoking tokens',
    (d) =>
      statementsOfRole(d, 'RevokeEnterpriseTokens')[2].Condition['ForAllValues:StringLike'][
        'dynamodb:LeadingKeys'
      ].push('11:revoked-key*'),
    'revokeEnterpriseTokens: may dynamodb:PutItem on revoked keys',
  ],
  [
    'every table',
    (d) => (validateStatements(d)[2].Resource['Fn::Sub'] = 'arn:aws:dynamodb:eu-west-1:111122223333:table/*'),
    'may dynamodb:BatchGetItem on table of another project',
  ],
  [
    'a resource that the cross product does not list',
    (d) =>
      (validateStatements(d)[2].Resource = [
        validateStatements(d)[2].Resource,
        'arn:aws:dynamodb:us-east-1:999999999999:table/x*',
      ]),
    'allows the broad resource',
  ],
  [
    'a service that the cross product does not list',
    (d) => validateStatements(d).push(allow('s3:GetObject', 'arn:aws:s3:::x')),
    'allows the unlisted action s3:GetObject',
  ],
  [
    'logs of another function',
    (d) => validateStatements(d)[0].Resource.push('arn:aws:logs:eu-west-1:111122223333:log-group:*:*'),
    'may logs:PutLogEvents on log streams of jwks',
  ],
  [
    'making log groups',
    (d) => validateStatements(d)[0].Action.push('logs:CreateLogGroup'),
    'may logs:CreateLogGroup on log streams of validateEnterpriseToken',
  ],
  [
    'a denied right that is needed',
    (d) => validateStatements(d).push({ Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }),
    'may not dynamodb:BatchGetItem on table directory',
  ],
  [
    'a policy outside the role',
    (d) => (d.Resources.Extra = { Type: 'AWS::IAM::Policy', Properties: {} }),
    'permissions in a AWS::IAM::Policy are not understood',
  ],
  [
    'a resource policy on a secret',
    (d) => (d.Resources.Extra = { Type: 'AWS::SecretsManager::ResourcePolicy', Properties: {} }),
    'are not understood',
  ],
  [
    'a resource policy on the table',
    (d) => (directory(d).Properties.ResourcePolicy = {}),
    'a resource policy is not understood',
  ],
  ['a missing function', (d) => delete d.Resources.JwksLambdaFunction, 'jwks: is not in the template'],
  [
    'an unknown function with rights',
    (d) => (d.Resources.ExtraLambdaFunction = d.Resources.JwksLambdaFunction),
    'extra: may secretsmanager:GetSecretValue on secret jwks',
  ],
  [
    'the shared role',
    (d) => (d.Resources.IamRoleLambdaExecution = d.Resources.JwksIamRoleLambdaExecution),
    'IamRoleLambdaExecution: no function uses it',
  ],
  [
    "a function on another's role",
    (d) => (validateFunction(d).Role['Fn::GetAtt'][0] = 'RotateSigningKeyIamRoleLambdaExecution'),
    'ValidateEnterpriseTokenLambdaFunction: shares its role',
  ],
  [
    'a role from elsewhere',
    (d) => (validateFunction(d).Role = 'arn:aws:iam::1:role/admin'),
    'its role is not in the template',
  ],
  [
    'a role that others may assume',
    (d) => (validateRole(d).AssumeRolePolicyDocument.Statement[0].Principal = '*'),
    'may be assumed by others than Lambda',
  ],
  ['no memory', (d) => delete validateFunction(d).MemorySize, 'memory is not stated'],
  ['no time-out', (d) => delete validateFunction(d).Timeout, 'time-out is not stated'],
  ['no architecture', (d) => delete validateFunction(d).Architectures, 'is not for arm64'],
  ['an old runtime', (d) => (validateFunction(d).Runtime = 'nodejs20.x'), 'runtime is not nodejs24.x'],
  [
    'loopback allowed',
    (d) => (validateFunction(d).Environment.Variables.ALLOW_LOOPBACK_HTTP = 'true'),
    'has ALLOW_LOOPBACK_HTTP',
  ],
  [
    'a setting that nothing reads',
    (d) => (validateFunction(d).Environment.Variables.POLL_SECS = '5'),
    'has the unlisted setting POLL_SECS',
  ],
  [
    'a missing setting',
    (d) => delete d.Resources.ChatRelayLambdaFunction.Properties.Environment.Variables.POLL_SECONDS,
    'ChatRelayLambdaFunction: has no POLL_SECONDS',
  ],
  [
    'pages let in unasked',
    (d) => (d.Resources.HttpApi.Properties.CorsConfiguration = { AllowOrigins: ['*'] }),
    'HttpApi: lets pages in',
  ],
  [
    'a route more',
    (d) =>
      (d.Resources.Extra = {
        ...d.Resources.HttpApiRouteGetApiaccessCcmessagingPoll,
        Properties: {
          ...d.Resources.HttpApiRouteGetApiaccessCcmessagingPoll.Properties,
          RouteKey: 'ANY /{proxy+}',
        },
      }),
    'unknown route ANY /{proxy+} → chatRelay',
  ],
  [
    'a route less',
    (d) => delete d.Resources.HttpApiRouteGetApiaccessCcmessagingPoll,
    'no route GET /apiaccess/ccmessaging/poll → chatRelay',
  ],
  [
    'an endpoint of one service',
    (d) => (validateFunction(d).Environment.Variables.AWS_ENDPOINT_URL_DYNAMODB = 'http://x'),
    'has AWS_ENDPOINT_URL_DYNAMODB',
  ],
  [
    'an endpoint of all services',
    (d) => (validateFunction(d).Environment.Variables.AWS_ENDPOINT_URL = 'http://x'),
    'has AWS_ENDPOINT_URL',
  ],
  [
    'TLS unchecked',
    (d) => (validateFunction(d).Environment.Variables.NODE_TLS_REJECT_UNAUTHORIZED = '0'),
    'has NODE_TLS_REJECT_UNAUTHORIZED',
  ],
  [
    'a reference as setting',
    (d) => (validateFunction(d).Environment.Variables.STAGE = { Ref: 'AWS::Region' }),
    'STAGE is not a plain string',
  ],
  [
    'a table unencrypted',
    (d) => (directory(d).Properties.SSESpecification.SSEEnabled = false),
    'is not encrypted',
  ],
  [
    'a table without recovery',
    (d) => delete directory(d).Properties.PointInTimeRecoverySpecification,
    'has no point-in-time recovery',
  ],
  [
    'a table without protection',
    (d) => delete directory(d).Properties.DeletionProtectionEnabled,
    'has no deletion protection',
  ],
  [
    'a table without time to live',
    (d) => delete directory(d).Properties.TimeToLiveSpecification,
    'has no time to live',
  ],
  ['a table with fixed capacity', (d) => delete directory(d).Properties.BillingMode, 'has a fixed capacity'],
  [
    'a table that goes with the stack',
    (d) => (directory(d).DeletionPolicy = 'Delete'),
    'DirectoryTable: is not retained',
  ],
  [
    'the tokens unencrypted',
    (d) => delete tokens(d).Properties.SSESpecification,
    'TokensTable: is not encrypted',
  ],
  [
    'the tokens without time to live',
    (d) => delete tokens(d).Properties.TimeToLiveSpecification,
    'TokensTable: has no time to live',
  ],
  [
    'the tokens of a stack that is gone',
    (d) => (tokens(d).DeletionPolicy = 'Retain'),
    'TokensTable: outlives the stack',
  ],
  [
    'the key of a stack that is gone',
    (d) => delete storeKey(d).DeletionPolicy,
    'TokenStoreKeySecret: outlives the stack',
  ],
  [
    'the key in the template',
    (d) => (storeKey(d).Properties.SecretString = '{"key":"x"}'),
    'TokenStoreKeySecret: has a value in the template',
  ],
  [
    'a key of too few characters',
    (d) => (storeKey(d).Properties.GenerateSecretString.PasswordLength = 8),
    'TokenStoreKeySecret: has a value in the template',
  ],
  [
    'a secret that goes when replaced',
    (d) => delete d.Resources.JwksSecret.UpdateReplacePolicy,
    'JwksSecret: is not retained',
  ],
  [
    'a secret with a value',
    (d) => (d.Resources.CallersSecret.Properties.SecretString = '{"callers":[{}]}'),
    'CallersSecret: has a value in the template',
  ],
  [
    'logs for ever',
    (d) => delete d.Resources.JwksLogGroup.Properties.RetentionInDays,
    'JwksLogGroup: keeps logs for ever',
  ],
  [
    'a function without log group',
    (d) => delete d.Resources.JwksLogGroup,
    'JwksLambdaFunction: has no log group',
  ],
  [
    'a route without limit',
    (d) => delete d.Resources.HttpApiStage.Properties.RouteSettings['GET /.well-known/jwks.json'],
    'is not throttled',
  ],
  [
    'a stage before its routes',
    (d) => delete d.Resources.HttpApiStage.DependsOn,
    'the stage does not wait for it',
  ],
  [
    'a limit for no route',
    (d) => (d.Resources.HttpApiStage.Properties.RouteSettings['GET /x'] = {}),
    'GET /x: is throttled but no route',
  ],
  [
    'rotation by any account',
    (d) => delete d.Resources.SecretsManagerMayRotate.Properties.SourceAccount,
    'lets in more than it should',
  ],
  [
    'a public function',
    (d) => (d.Resources.JwksLambdaPermissionHttpApi.Properties.Principal = '*'),
    'lets in more than it should',
  ],
  ['no rotation', (d) => delete d.Resources.SigningKeyRotation, 'the signing key is not rotated'],
  [
    'no first keys',
    (d) => delete d.Resources.SigningKeyRotation.Properties.RotateImmediatelyOnUpdate,
    'makes no first keys',
  ],
  [
    'rotation before its permission',
    (d) => (d.Resources.SigningKeyRotation.DependsOn = ['JwksSecret']),
    'does not wait for the permission',
  ],
]

describe('test/template/checks', () => {
  const ORIGINS = ['https://www.example.com']
  const CORS = {
    AllowOrigins: ORIGINS,
    AllowHeaders: [
      'authorization',
      'content-type',
      'ccmessaging-token',
      'x-tenant-space-id',
      'x-refused-token',
      'prefer',
    ],
    AllowMethods: ['GET', 'POST'],
    ExposeHeaders: ['ccmessaging-token', 'x-request-id', 'retry-after'],
  }

  it.each([
    ['nothing', CORS, []],
    ['no CORS', undefined, ['HttpApi: lets no page in']],
    ['a wildcard', { ...CORS, AllowOrigins: ['*'] }, ['HttpApi: lets in other pages']],
    ['cookies', { ...CORS, AllowCredentials: true }, ['HttpApi: has AllowCredentials']],
    ['all headers', { ...CORS, AllowHeaders: ['*'] }, ['HttpApi: takes other headers from pages']],
    ['all methods', { ...CORS, AllowMethods: ['*'] }, ['HttpApi: takes other methods from pages']],
    ['a hidden chat token', { ...CORS, ExposeHeaders: [] }, ['HttpApi: shows pages other headers']],
  ])('finds in the CORS configuration %s', (_name, CorsConfiguration, faults) => {
    const mutant: Draft = structuredClone(packaged.template)
    mutant.Resources.HttpApi.Properties.CorsConfiguration = CorsConfiguration
    expect(checks.corsFaults(mutant, ORIGINS)).toEqual(faults)
  })

  it.each(MUTANTS)('finds %s', (_name, mutate, sentence) => {
    // Prepare
    const mutant = structuredClone(packaged.template)
    mutate(mutant)
    // Act
    const faults = allFaults(mutant)
    // Assess
    expect(faults.join('\n')).toContain(sentence)
  })
})
