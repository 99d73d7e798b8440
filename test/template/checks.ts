/** What a packaged template must be. Each check returns its faults as sentences, none when all is well. */
import { isDeepStrictEqual } from 'node:util'
import { functionFaults } from './function-rights.ts'
import { resourcesOf, SETTINGS } from './golden.ts'
import { type Resource, roleIdOf, statementsOf, type Template } from './policy.ts'

const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)

const lambdas = (template: Template) =>
  ofType(template, 'AWS::Lambda::Function').map(([id, resource]) => ({
    id,
    // CamelCase id back to the name in serverless.yml
    name: id.charAt(0).toLowerCase() + id.slice(1).replace(/LambdaFunction$/, ''),
    properties: resource.Properties,
  }))

/** Every function × every action × every resource against a table of what is allowed. */
export const permissionFaults = (
  template: Template,
  stage: string,
  golden: Record<string, string[]>,
): string[] => {
  const resources = resourcesOf(stage)
  const found = lambdas(template)
  const missing = Object.keys(golden).filter((name) => !found.some((lambda) => lambda.name === name))
  return [
    ...missing.map((name) => `${name}: is not in the template`),
    ...found.flatMap(({ id, name }) => {
      try {
        return functionFaults(
          name,
          statementsOf(template, roleIdOf(template, id)),
          resources,
          golden[name] ?? [],
        )
      } catch (error) {
        return [`${name}: ${(error as Error).message}`]
      }
    }),
  ]
}

/** One role per function, assumed by Lambda alone, and no role that no function uses. */
export const roleFaults = (template: Template): string[] => {
  const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id)
  const users = lambdas(template).map(
    ({ id }) => [id, template.Resources[id]?.Properties['Role']?.['Fn::GetAtt']?.[0]] as const,
  )
  return [
    ...roles
      .filter((role) => !users.some(([, used]) => used === role))
      .map((role) => `${role}: no function uses it`),
    ...users
      .filter(([, used]) => !roles.includes(used))
      .map(([id]) => `${id}: its role is not in the template`),
    ...users
      .filter(([id, used]) => users.some(([other, same]) => other !== id && same === used))
      .map(([id]) => `${id}: shares its role`),
    ...ofType(template, 'AWS::IAM::Role')
      .filter(
        ([, { Properties }]) =>
          JSON.stringify(Properties['AssumeRolePolicyDocument'].Statement) !== JSON.stringify(TRUST),
      )
      .map(([id]) => `${id}: may be assumed by others than Lambda`),
  ]
}

const TRUST = [
  { Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] },
]

const FORBIDDEN =
  /^(ALLOW_LOOPBACK_HTTP|AWS_ENDPOINT_URL.*|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|NODE_.*|(HTTPS?|ALL)_PROXY)$/i

/** The HTTP API waits for 30 s; a schedule that comes every minute should be done before the next. */
const longest = (id: string, template: Template): number =>
  ofType(template, 'AWS::Events::Rule').some(([, { Properties }]) =>
    Properties['Targets'].some((target: { Arn: unknown }) => isArnOf(target.Arn, id)),
  )
    ? 60
    : 30

const isArnOf = (value: unknown, id: string): boolean =>
  isDeepStrictEqual(value, { 'Fn::GetAtt': [id, 'Arn'] })

/** Memory, time-out, architecture and runtime stated; no setting that only the local stack may have. */
export const functionSettingFaults = (template: Template): string[] =>
  lambdas(template).flatMap(({ id, properties }) => {
    const { MemorySize, Timeout, Architectures, Runtime, Environment } = properties
    const variables = Object.entries(Environment?.Variables ?? {})
    return [
      ...(Number.isInteger(MemorySize) ? [] : [`${id}: memory is not stated`]),
      ...(Number.isInteger(Timeout) && Timeout <= longest(id, template)
        ? []
        : [`${id}: time-out is not stated, or over ${longest(id, template)} s`]),
      ...(JSON.stringify(Architectures) === '["arm64"]' ? [] : [`${id}: is not for arm64`]),
      ...(Runtime === 'nodejs24.x' ? [] : [`${id}: runtime is not nodejs24.x`]),
      ...variables.filter(([name]) => FORBIDDEN.test(name)).map(([name]) => `${id}: has ${name}`),
      ...variables
        .filter(([name]) => !FORBIDDEN.test(name) && !SETTINGS.includes(name))
        .map(([name]) => `${id}: has the unlisted setting ${name}`),
      ...SETTINGS.filter((name) => !variables.some(([known]) => known === name)).map(
        (name) => `${id}: has no ${name}`,
      ),
      ...variables
        .filter(([, value]) => typeof value !== 'string')
        .map(([name]) => `${id}: ${name} is not a plain string`),
    ]
  })

const isRetained = ({ DeletionPolicy, UpdateReplacePolicy }: Resource) =>
  ['Retain', 'RetainExceptOnCreate'].includes(DeletionPolicy ?? '') && UpdateReplacePolicy === 'Retain'

/** What is made anew when it is lost goes with the stack, and says so. */
const REPLACEABLE = ['TokensTable', 'TokenStoreKeySecret', 'LogKeySecret']

/** Who calls with a key that has ended is named in the log: its item stays until the operator takes it out. */
const WITHOUT_EXPIRY = ['CallersTable']

const isDisposedOf = ({ DeletionPolicy, UpdateReplacePolicy }: Resource) =>
  DeletionPolicy === 'Delete' && UpdateReplacePolicy === 'Delete'

/**
 * Tables and secrets outlive the stack, and the template has no value for such a secret; tables are encrypted, restorable, protected
 * and, but for the callers, expire their items.
 * What is replaceable does not outlive it, and needs neither recovery nor protection.
 */
export const storageFaults = (template: Template): string[] => {
  const tables = ofType(template, 'AWS::DynamoDB::Table')
  const secrets = ofType(template, 'AWS::SecretsManager::Secret')
  return [
    ...(tables.length > 0 ? [] : ['there is no table']),
    ...(secrets.length > 0 ? [] : ['there is no secret']),
    ...[...tables, ...secrets]
      .filter(([id, resource]) => !REPLACEABLE.includes(id) && !isRetained(resource))
      .map(([id]) => `${id}: is not retained`),
    ...[...tables, ...secrets]
      .filter(([id, resource]) => REPLACEABLE.includes(id) && !isDisposedOf(resource))
      .map(([id]) => `${id}: outlives the stack`),
    ...tables
      .filter(([id]) => !REPLACEABLE.includes(id))
      .flatMap(([id, { Properties }]) => [
        ...(Properties['PointInTimeRecoverySpecification']?.PointInTimeRecoveryEnabled === true
          ? []
          : [`${id}: has no point-in-time recovery`]),
        ...(Properties['DeletionProtectionEnabled'] === true ? [] : [`${id}: has no deletion protection`]),
      ]),
    ...tables.flatMap(([id, { Properties }]) => [
      ...(Properties['SSESpecification']?.SSEEnabled === true ? [] : [`${id}: is not encrypted`]),
      ...(WITHOUT_EXPIRY.includes(id) || Properties['TimeToLiveSpecification']?.Enabled === true
        ? []
        : [`${id}: has no time to live`]),
      ...(Properties['BillingMode'] === 'PAY_PER_REQUEST' ? [] : [`${id}: has a fixed capacity`]),
    ]),
    ...secrets
      .filter(([, { Properties }]) => !Properties['Description'])
      .map(([id]) => `${id}: has no description`),
    ...secrets
      .filter(([id, { Properties }]) =>
        REPLACEABLE.includes(id) ? !isGenerated(Properties) : !isUnset(Properties),
      )
      .map(([id]) => `${id}: has a value in the template`),
  ]
}

/** CloudFormation would write a value over the one that lives, after an import without it or with the first change of it. */
const isUnset = ({ SecretString, GenerateSecretString }: Resource['Properties']): boolean =>
  SecretString === undefined && GenerateSecretString === undefined

/** 64 letters and digits are 380 random bits. */
const GENERATED = {
  SecretStringTemplate: '{}',
  GenerateStringKey: 'key',
  PasswordLength: 64,
  ExcludePunctuation: true,
}

const isGenerated = ({ SecretString, GenerateSecretString }: Resource['Properties']): boolean =>
  SecretString === undefined && isDeepStrictEqual(GenerateSecretString, GENERATED)

/** Every function has its log group; each group outlives the stack, and its lines have an end. */
export const logFaults = (template: Template): string[] => {
  const groups = ofType(template, 'AWS::Logs::LogGroup')
  const names = groups.map(([, { Properties }]) => Properties['LogGroupName'])
  return [
    ...groups
      .filter(([, { Properties }]) => !Number.isInteger(Properties['RetentionInDays']))
      .map(([id]) => `${id}: keeps logs for ever`),
    ...groups.filter(([, group]) => !isRetained(group)).map(([id]) => `${id}: goes with the stack`),
    ...lambdas(template)
      .filter(({ properties }) => !names.includes(`/aws/lambda/${properties['FunctionName']}`))
      .map(({ id }) => `${id}: has no log group`),
  ]
}

/**
 * Every route throttled by the stage, which waits for it; nothing else may call the functions but Secrets Manager, from this account for the
 * signing key alone, and the rules of this template, each its own.
 */
export const entranceFaults = (template: Template): string[] => {
  const [, stage] = ofType(template, 'AWS::ApiGatewayV2::Stage')[0] ?? []
  const settings = stage?.Properties['RouteSettings'] ?? {}
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route')
  const keys = routes.map(([, { Properties }]) => Properties['RouteKey'])
  return [
    ...routes
      .filter(([, { Properties }]) => !isThrottled(settings[Properties['RouteKey']]))
      .map(([id]) => `${id}: is not throttled`),
    ...routes
      .filter(([id]) => !stage?.DependsOn?.includes(id))
      .map(([id]) => `${id}: the stage does not wait for it`),
    ...Object.keys(settings)
      .filter((key) => !keys.includes(key))
      .map((key) => `${key}: is throttled but no route`),
    ...ofType(template, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => !isNarrow(Properties, template))
      .map(([id]) => `${id}: lets in more than it should`),
  ]
}

/** Pages of the given origins may call with the headers that our routes know, without cookies; of none, no page may. */
export const corsFaults = (template: Template, origins: string[] = []): string[] => {
  const [[id, api] = ['HttpApi']] = ofType(template, 'AWS::ApiGatewayV2::Api')
  const cors = api?.Properties['CorsConfiguration']
  if (origins.length === 0) return cors === undefined ? [] : [`${id}: lets pages in`]
  if (cors === undefined) return [`${id}: lets no page in`]
  const { AllowOrigins, AllowHeaders, AllowMethods, ExposeHeaders, ...more } = cors
  return [
    ...(JSON.stringify(AllowOrigins) === JSON.stringify(origins) ? [] : [`${id}: lets in other pages`]),
    ...(sorted(AllowHeaders) === sorted(REQUEST_HEADERS) ? [] : [`${id}: takes other headers from pages`]),
    ...(sorted(AllowMethods) === sorted(['GET', 'POST']) ? [] : [`${id}: takes other methods from pages`]),
    ...(sorted(ExposeHeaders) === sorted(ANSWER_HEADERS) ? [] : [`${id}: shows pages other headers`]),
    ...Object.keys(more).map((name) => `${id}: has ${name}`),
  ]
}

const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'ccmessaging-token',
  'x-tenant-space-id',
  'x-refused-token',
  'prefer',
  'x-live-env',
]
const ANSWER_HEADERS = ['ccmessaging-token', 'x-request-id', 'retry-after']

const sorted = (names: unknown): string => JSON.stringify([names ?? []].flat().sort())

/** Where each function with a route can be reached. */
export const routeFaults = (
  template: Template,
  expected: Readonly<Record<string, readonly string[]>>,
): string[] => {
  const found = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const [, integration = ''] = /"HttpApiIntegration(\w+)"/.exec(JSON.stringify(Properties['Target'])) ?? []
    return `${Properties['RouteKey']} → ${integration.charAt(0).toLowerCase()}${integration.slice(1)}`
  })
  const wanted = Object.entries(expected).flatMap(([name, keys]) => keys.map((key) => `${key} → ${name}`))
  return [
    ...found.filter((route) => !wanted.includes(route)).map((route) => `unknown route ${route}`),
    ...wanted.filter((route) => !found.includes(route)).map((route) => `no route ${route}`),
  ]
}

/** Each function with a route may read the secrets that its descriptor names, and no other one. */
export const secretFaults = (
  template: Template,
  stage: string,
  expected: Readonly<Record<string, readonly string[]>>,
): string[] =>
  Object.entries(expected).flatMap(([name, secrets]) => {
    const readable = readableSecrets(template, name, stage)
    return [
      ...readable
        .filter((secret) => !secrets.includes(secret))
        .map((secret) => `${name}: may read ${secret}, which its descriptor does not name`),
      ...secrets
        .filter((secret) => !readable.includes(secret))
        .map((secret) => `${name}: may not read ${secret}`),
    ]
  })

/** None for a role that is not understood, which `permissionFaults` says. */
const readableSecrets = (template: Template, name: string, stage: string): string[] => {
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
  try {
    return statementsOf(template, roleIdOf(template, id))
      .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'))
      .flatMap(({ resources }) => resources.map((arn) => secretNameIn(arn, stage)))
  } catch {
    return []
  }
}

const secretNameIn = (arn: string, stage: string): string =>
  arn
    .replace(/^.*:secret:/, '')
    .replace(`cec-token-bridge/${stage}/`, '')
    .replace(/-\?{6}$/, '')

const isThrottled = (setting?: { ThrottlingRateLimit?: number; ThrottlingBurstLimit?: number }) =>
  Boolean(setting?.ThrottlingRateLimit && setting.ThrottlingBurstLimit)

const isNarrow = (
  { Action, Principal, SourceArn, SourceAccount, FunctionName }: Resource['Properties'],
  template: Template,
) =>
  Action === 'lambda:InvokeFunction' &&
  ((Principal === 'apigateway.amazonaws.com' && JSON.stringify(SourceArn).includes('{"Ref":"HttpApi"}')) ||
    (Principal === 'secretsmanager.amazonaws.com' &&
      SourceAccount?.Ref === 'AWS::AccountId' &&
      isDeepStrictEqual(SourceArn, { Ref: 'SigningKeySecret' })) ||
    (Principal === 'events.amazonaws.com' &&
      ofType(template, 'AWS::Events::Rule').some(
        ([id, { Properties }]) =>
          isArnOf(SourceArn, id) &&
          isDeepStrictEqual(
            Properties['Targets'].map(({ Arn }: { Arn: unknown }) => Arn),
            [FunctionName],
          ),
      )))

/** The first keys are made at deploy and replaced by schedule, once Secrets Manager may call the function. */
export const rotationFaults = (template: Template): string[] => {
  const [id, schedule] = ofType(template, 'AWS::SecretsManager::RotationSchedule')[0] ?? []
  if (!schedule) return ['the signing key is not rotated']
  const { SecretId, RotationLambdaARN, RotateImmediatelyOnUpdate, RotationRules } = schedule.Properties
  const permissions = ofType(template, 'AWS::Lambda::Permission')
    .filter(([, { Properties }]) => Properties['Principal'] === 'secretsmanager.amazonaws.com')
    .map(([permission]) => permission)
  return [
    ...(SecretId?.Ref === 'SigningKeySecret' ? [] : [`${id}: rotates another secret`]),
    ...(RotationLambdaARN?.['Fn::GetAtt']?.[0] === 'RotateSigningKeyLambdaFunction'
      ? []
      : [`${id}: calls another function`]),
    ...(RotateImmediatelyOnUpdate === true ? [] : [`${id}: makes no first keys`]),
    ...(RotationRules?.AutomaticallyAfterDays === 30 ? [] : [`${id}: does not rotate every 30 days`]),
    ...(permissions.some((permission) => schedule.DependsOn?.includes(permission))
      ? []
      : [`${id}: does not wait for the permission`]),
  ]
}
