/** Functions, routes, stores and schedules that are not as they must be. */

import { directory, type Mutant, storeKey, tokens, validateFunction } from './draft.ts'

export const RESOURCES: readonly Mutant[] = [
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
    'no access log',
    (d) => delete d.Resources.HttpApiStage.Properties.AccessLogSettings,
    'HttpApiStage: has no access log',
  ],
  ...[
    'path',
    'protocol',
    'identity.userAgent',
    'error.message',
    'integrationErrorMessage',
    'authorizer.error',
  ].map(
    (variable): Mutant => [
      `an access log with ${variable}`,
      (d) => (d.Resources.HttpApiStage.Properties.AccessLogSettings.Format += ` $context.${variable}`),
      'HttpApiStage: has no access log, or one that holds what clients write',
    ],
  ),
  [
    'pages let in unasked',
    (d) => (d.Resources.HttpApi.Properties.CorsConfiguration = { AllowOrigins: ['*'] }),
    'HttpApi: lets pages in',
  ],
  [
    'a VPC unasked',
    (d) => (validateFunction(d).VpcConfig = { SubnetIds: ['subnet-0a1b2c3d'] }),
    'ValidateEnterpriseTokenLambdaFunction: stands in another VPC',
  ],
  [
    'a domain unasked',
    (d) => (d.Resources.Domain = { Type: 'AWS::ApiGatewayV2::DomainName', Properties: {} }),
    'the API has another domain',
  ],
  [
    'no entrance',
    (d) => (d.Resources.HttpApi.Properties.DisableExecuteApiEndpoint = true),
    'the API has another entrance',
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
    'callers that go with the stack',
    (d) => (d.Resources.CallersTable.DeletionPolicy = 'Delete'),
    'CallersTable: is not retained',
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
  ...(
    [
      ['an empty value', { SecretString: '{"keys":[]}' }],
      ['a value that is generated', { GenerateSecretString: {} }],
    ] as const
  ).map(
    ([name, value]): Mutant => [
      `a secret that stays with ${name}`,
      (d) => Object.assign(d.Resources.SigningKeySecret.Properties, value),
      'SigningKeySecret: has a value in the template',
    ],
  ),
  [
    'logs that go with the stack',
    (d) => delete d.Resources.RevokeEnterpriseTokensLogGroup.DeletionPolicy,
    'RevokeEnterpriseTokensLogGroup: goes with the stack',
  ],
  [
    'an access log that goes with the stack',
    (d) => (d.Resources.HttpApiLogGroup.DeletionPolicy = 'Delete'),
    'HttpApiLogGroup: goes with the stack',
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
    'rotation of any secret of the account',
    (d) => delete d.Resources.SecretsManagerMayRotate.Properties.SourceArn,
    'SecretsManagerMayRotate: lets in more than it should',
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
]
