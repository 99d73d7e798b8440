/** Resources with a misspelt part. */

import { type Draft, directory, type Mutant, tokens, validateStatements } from './draft.ts'

const jwks = (d: Draft) => d.Resources.JwksSecret
const rotation = (d: Draft) => d.Resources.SigningKeyRotation

export const SHAPES: readonly Mutant[] = [
  [
    'a misspelt property of a secret',
    (d) => (jwks(d).Properties.SecretSring = '{}'),
    'JwksSecret: has the unlisted property SecretSring',
  ],
  [
    'a misspelt property of a table',
    (d) => (tokens(d).Properties.TimeToLiveSpec = {}),
    'TokensTable: has the unlisted property TimeToLiveSpec',
  ],
  [
    'a property outside of the properties',
    (d) => (d.Resources.JwksLambdaFunction.Timeout = 10),
    'JwksLambdaFunction: has the unlisted member Timeout',
  ],
  [
    'a misspelt policy',
    (d) => (directory(d).DeletionPolcy = 'Retain'),
    'DirectoryTable: has the unlisted member DeletionPolcy',
  ],
  [
    'a misspelt type',
    (d) => (jwks(d).Type = 'AWS::SecretManager::Secret'),
    'JwksSecret: has the unlisted type AWS::SecretManager::Secret',
  ],
  [
    'a misspelt Ref',
    (d) => (rotation(d).Properties.SecretId = { Ref: 'SigningKeySecrets' }),
    'SigningKeyRotation: refers to SigningKeySecrets, which is not there',
  ],
  [
    'a misspelt Ref inside a list',
    (d) =>
      (d.Resources.PrewarmNotRunningAlarm.Properties.Dimensions[0].Value = { Ref: 'PrewarmLambdaFunction' }),
    'PrewarmNotRunningAlarm: refers to PrewarmLambdaFunction, which is not there',
  ],
  [
    'an attribute of a resource that is not there',
    (d) => (rotation(d).Properties.RotationLambdaARN = { 'Fn::GetAtt': ['RotateLambdaFunction', 'Arn'] }),
    'SigningKeyRotation: refers to RotateLambdaFunction.Arn, which is not there',
  ],
  [
    'an attribute that the resource has not',
    (d) =>
      (rotation(d).Properties.RotationLambdaARN = { 'Fn::GetAtt': 'RotateSigningKeyLambdaFunction.ARN' }),
    'SigningKeyRotation: refers to RotateSigningKeyLambdaFunction.ARN, which is not there',
  ],
  [
    'a misspelt name in a Sub',
    (d) => (jwks(d).Properties.Description = { 'Fn::Sub': 'of ${HttpApis.ApiEndpoint} in ${AWS::Region}' }),
    'JwksSecret: refers to HttpApis.ApiEndpoint, which is not there',
  ],
  [
    'a misspelt dependency',
    (d) => (directory(d).DependsOn = ['SigningKeyRotation', 'HttpApiStages']),
    'DirectoryTable: depends on HttpApiStages, which is not there',
  ],
  [
    'a misspelt action',
    (d) => (validateStatements(d)[1].Action = ['secretsmanager:GetSecretValues']),
    'allows the unlisted action secretsmanager:GetSecretValues',
  ],
]
