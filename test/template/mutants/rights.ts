/** Rights that a function must not have, or lacks. */

import {
  allow,
  appCubeStatements,
  chatStatements,
  directory,
  leadingKeys,
  type Mutant,
  prewarmStatements,
  secretArn,
  statementsOfRole,
  validateFunction,
  validateRole,
  validateStatements,
} from './draft.ts'

export const RIGHTS: readonly Mutant[] = [
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
    'may dynamodb:PutItem on users of the directory',
  ],
  [
    'writing any item of the directory',
    (d) => delete statementsOfRole(d, 'PutUser')[2].Condition,
    'putUser: may dynamodb:UpdateItem on revoked keys',
  ],
  [
    'entering users by revoking tokens',
    (d) => delete statementsOfRole(d, 'RevokeEnterpriseTokens')[2].Condition['ForAllValues:StringEquals'],
    'revokeEnterpriseTokens: may dynamodb:UpdateItem on users of the directory',
  ],
  [
    'renaming users by revoking tokens',
    (d) =>
      statementsOfRole(d, 'RevokeEnterpriseTokens')[2].Condition['ForAllValues:StringEquals'][
        'dynamodb:Attributes'
      ].push('*'),
    'revokeEnterpriseTokens: may dynamodb:UpdateItem on users of the directory',
  ],
  [
    'putting whole users by revoking tokens',
    (d) =>
      statementsOfRole(d, 'RevokeEnterpriseTokens')[3].Condition['ForAllValues:StringLike'][
        'dynamodb:LeadingKeys'
      ].push('4:user*'),
    'revokeEnterpriseTokens: may dynamodb:PutItem on users of the directory',
  ],
  [
    'reading the whole directory',
    (d) => delete validateStatements(d)[2].Condition,
    'validateEnterpriseToken: may dynamodb:BatchGetItem on table directory',
  ],
  [
    'reading users for a rotation',
    (d) =>
      statementsOfRole(d, 'RotateSigningKey')
        .at(-2)
        .Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys'].push('4:user*'),
    'rotateSigningKey: may dynamodb:BatchGetItem on users of the directory',
  ],
  [
    'every list of the tokens for the schedule',
    (d) => delete prewarmStatements(d)[4].Condition,
    'prewarmTokens: may dynamodb:Query on list of blocks',
  ],
  [
    'listing the callers',
    (d) => (statementsOfRole(d, 'PutUser')[3].Action = ['dynamodb:GetItem', 'dynamodb:Scan']),
    'putUser: may dynamodb:Scan on table callers',
  ],
  [
    'writing callers',
    (d) => (statementsOfRole(d, 'PutUser')[3].Action = ['dynamodb:GetItem', 'dynamodb:PutItem']),
    'putUser: may dynamodb:PutItem on a caller of the table',
  ],
  [
    'dropping signing keys by revoking tokens',
    (d) =>
      statementsOfRole(d, 'RevokeEnterpriseTokens')[3].Condition['ForAllValues:StringLike'][
        'dynamodb:LeadingKeys'
      ].push('11:revoked-key*'),
    'revokeEnterpriseTokens: may dynamodb:PutItem on revoked keys',
  ],
  [
    'every table',
    (d) => (validateStatements(d)[2].Resource['Fn::Sub'] = 'arn:aws:dynamodb:eu-west-1:111122223333:table/*'),
    'validateEnterpriseToken: allows the broad resource arn:aws:dynamodb:eu-west-1:111122223333:table/*',
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
    'may not dynamodb:BatchGetItem on users of the directory',
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
]
