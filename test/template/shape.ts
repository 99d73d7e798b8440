/** Whether a template is made of what CloudFormation knows: types with their properties, and references to what exists. */

import { PSEUDO, type Template } from './policy.ts'

/** Every type that this project uses, with the properties that it uses, by CloudFormation's reference. */
const PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'Name ProtocolType CorsConfiguration DisableExecuteApiEndpoint',
  'AWS::ApiGatewayV2::ApiMapping': 'ApiId DomainName Stage',
  'AWS::ApiGatewayV2::DomainName': 'DomainName DomainNameConfigurations MutualTlsAuthentication',
  'AWS::ApiGatewayV2::Integration':
    'ApiId IntegrationType IntegrationUri PayloadFormatVersion TimeoutInMillis',
  'AWS::ApiGatewayV2::Route': 'ApiId RouteKey Target',
  'AWS::ApiGatewayV2::Stage':
    'ApiId StageName AutoDeploy DefaultRouteSettings RouteSettings AccessLogSettings',
  'AWS::CloudWatch::Alarm':
    'AlarmDescription Namespace MetricName Dimensions Statistic Period EvaluationPeriods Threshold ComparisonOperator TreatMissingData AlarmActions DatapointsToAlarm Metrics ExtendedStatistic',
  'AWS::CloudWatch::CompositeAlarm':
    'AlarmDescription AlarmRule AlarmActions ActionsSuppressor ActionsSuppressorWaitPeriod ActionsSuppressorExtensionPeriod',
  'AWS::CloudWatch::Dashboard': 'DashboardName DashboardBody',
  'AWS::DynamoDB::Table':
    'TableName BillingMode AttributeDefinitions KeySchema GlobalSecondaryIndexes TimeToLiveSpecification SSESpecification PointInTimeRecoverySpecification DeletionProtectionEnabled WarmThroughput',
  'AWS::Events::Rule': 'ScheduleExpression State Targets',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument Policies Path ManagedPolicyArns',
  'AWS::Lambda::EventInvokeConfig':
    'FunctionName DestinationConfig Qualifier MaximumEventAgeInSeconds MaximumRetryAttempts',
  'AWS::Lambda::Function':
    'Code Handler Runtime FunctionName MemorySize Timeout Architectures Description Environment Role ReservedConcurrentExecutions VpcConfig TracingConfig',
  'AWS::Lambda::Permission': 'FunctionName Action Principal SourceArn SourceAccount',
  'AWS::Logs::LogGroup': 'LogGroupName RetentionInDays KmsKeyId',
  'AWS::Logs::MetricFilter': 'LogGroupName FilterPattern MetricTransformations',
  'AWS::Logs::QueryDefinition': 'Name QueryString LogGroupNames',
  'AWS::S3::Bucket': 'BucketEncryption PublicAccessBlockConfiguration',
  'AWS::S3::BucketPolicy': 'Bucket PolicyDocument',
  'AWS::SecretsManager::RotationSchedule':
    'SecretId RotationLambdaARN RotateImmediatelyOnUpdate RotationRules',
  'AWS::SecretsManager::Secret': 'Name Description SecretString GenerateSecretString',
}

const MEMBERS = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy']

/** Attributes that this project asks for. Every resource is asked for its own name by `Ref` alone. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['ApiEndpoint'],
  'AWS::Events::Rule': ['Arn'],
  'AWS::IAM::Role': ['Arn'],
  'AWS::Lambda::Function': ['Arn'],
  'AWS::Logs::LogGroup': ['Arn'],
}

/** Misspelt types, members and properties: CloudFormation would say so after minutes, or leave them out without a word. */
export const propertyFaults = ({ Resources }: Template): string[] =>
  Object.entries(Resources).flatMap(([id, resource]) => {
    const known = PROPERTIES[resource.Type]?.split(' ')
    if (known === undefined) return [`${id}: has the unlisted type ${resource.Type}`]
    return [
      ...Object.keys(resource)
        .filter((name) => !MEMBERS.includes(name))
        .map((name) => `${id}: has the unlisted member ${name}`),
      ...Object.keys(resource.Properties)
        .filter((name) => !known.includes(name))
        .map((name) => `${id}: has the unlisted property ${name}`),
    ]
  })

/** References to what is not in the template. */
export const referenceFaults = (template: Template): string[] =>
  Object.entries(template.Resources).flatMap(([id, resource]) => [
    ...[resource.DependsOn ?? []]
      .flat()
      .filter((other) => !Object.hasOwn(template.Resources, other))
      .map((other) => `${id}: depends on ${other}, which is not there`),
    ...danglingIn(resource.Properties, template).map(
      (name) => `${id}: refers to ${name}, which is not there`,
    ),
  ])

/** What a value refers to and the template has not, as `Id` or `Id.Attribute`. */
const danglingIn = (value: unknown, template: Template): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, of]) => {
    if (name === 'Ref') return isThere(String(of), template) ? [] : [String(of)]
    if (name === 'Fn::GetAtt') return missingIn([[of].flat().join('.')], template)
    if (name === 'Fn::Sub')
      return [...missingIn(namesIn(of), template), ...danglingIn([of].flat()[1], template)]
    return danglingIn(of, template)
  })
}

const missingIn = (names: readonly string[], template: Template): string[] =>
  names.filter((name) => !isThere(name, template))

/** The names in a text of `Fn::Sub`, without those that it brings its own values for. */
const namesIn = (sub: unknown): string[] => {
  const [text, own = {}] = [sub].flat() as [string, object?]
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !Object.hasOwn(own, name))
}

const isThere = (name: string, { Resources }: Template): boolean => {
  const [id = '', ...attribute] = name.split('.')
  if (attribute.length === 0)
    return Object.hasOwn(Resources, id) || Object.hasOwn(PSEUDO, id) || id === 'AWS::NoValue'
  return ATTRIBUTES[Resources[id]?.Type ?? '']?.includes(attribute.join('.')) === true
}
