/** Templates with one fault each, and what the checks must say of it. */

/** The stage that they are packaged for. */
export const STAGE = 'prod'

// biome-ignore lint/suspicious/noExplicitAny: mutants reach into the template at will
export type Draft = any

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
export const MUTANTS: [string, (draft: Draft) => void, string][] = [
  [
    'a secret that the descriptor does not name',
    (d) => validateStatements(d).push(allow('secretsmanager:GetSecretValue', secretArn('callers-??????'))),
    'validateEnterpriseToken: may read callers, which its descriptor does not name',
  ],
  [
    'a secret of the descriptor that may not be read',
    (d) => (chatStatements(d)[1].Resource = [secretArn('callers-??????')]),
    'chatRelay: may not read tenants/*/cec',
  ],
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
