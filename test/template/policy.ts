/** Says what the roles of a CloudFormation template may do, by the rules of IAM. What it does not know, it refuses. */

import { isDeepStrictEqual } from 'node:util'

/** A template is data of a hundred shapes; whoever reads a part knows its own. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = any

export interface Resource {
  Type: string
  DependsOn?: string | string[]
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
  Properties: Record<string, Loose>
}

export interface Template {
  Resources: Record<string, Resource>
  Outputs?: Record<string, { Value: Loose }>
}

export interface Statement {
  effect: 'Allow' | 'Deny'
  actions: string[]
  actionsAreExceptions: boolean
  resources: string[]
  resourcesAreExceptions: boolean
  /** Patterns for the first key of a table's items; undefined where any will do. */
  leadingKeys?: string[]
  /** The attributes that a request may name; undefined where any will do. */
  attributes?: string[]
  /** For keys of KMS: the services that may ask, and patterns for the secrets that they may ask for. */
  through?: { services: string[]; secrets?: string[] }
  /** Of a Deny for a function's own code: that function's ARN. What Lambda does on its behalf is not denied. */
  codeOf?: string
}

/** The account that templates are resolved for. */
export const PSEUDO: Record<string, string> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::URLSuffix': 'amazonaws.com',
}

const ARN = `arn:${PSEUDO['AWS::Partition']}`
const HERE = `${PSEUDO['AWS::Region']}:${PSEUDO['AWS::AccountId']}`

export const arnOf = {
  secret: (name: string) => `${ARN}:secretsmanager:${HERE}:secret:${name}-Ab1Cd2`,
  table: (name: string) => `${ARN}:dynamodb:${HERE}:table/${name}`,
  lambda: (name: string) => `${ARN}:lambda:${HERE}:function:${name}`,
  logStream: (group: string) => `${ARN}:logs:${HERE}:log-group:${group}:log-stream:2026/01/01/[$LATEST]0`,
  logGroup: (group: string) => `${ARN}:logs:${HERE}:log-group:${group}`,
  role: (name: string) => `${ARN}:iam::${PSEUDO['AWS::AccountId']}:role/${name}`,
  key: (id: string) => `${ARN}:kms:${HERE}:key/${id}`,
  /** A key of KMS, asked by a service in the name of whoever calls that, for a secret where it is Secrets Manager. */
  keyThrough: (key: string, service: string, secret = '') =>
    `${key}${ITEM}${service}.${PSEUDO['AWS::Region']}.amazonaws.com ${secret}`,
  /** One item of a table, by its key. Of its attributes a request names the given ones; by default others than any policy does. */
  item: (table: string, pk: string, attributes = '*') =>
    `${ARN}:dynamodb:${HERE}:table/${table}${ITEM}${pk}${ITEM}${attributes}`,
}

/** Stands in no ARN: what follows is the leading key that a request names and its attributes, or the service that asks KMS and why. */
const ITEM = '\n'

/**
 * Whether a role with these statements may do the action on the resource: an Allow matches and no Deny does.
 * Actions match in any case, resources exactly; `*` also runs across colons, as in IAM.
 * Knows nothing of resource policies, boundaries, sessions and organisations: `statementsOf` refuses templates with those it can see.
 */
export const isAllowed = (statements: Statement[], action: string, resource: string): boolean => {
  const matching = statements.filter((statement) => applies(statement, action, resource))
  return (
    matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny')
  )
}

/** Whether the role may do the action on anything at all. Most roles may not do most, which spares asking for each resource. */
export const isAllowedSomewhere = (statements: Statement[], action: string): boolean =>
  statements.some((statement) => statement.effect === 'Allow' && covers(statement, action))

const covers = ({ actions, actionsAreExceptions }: Statement, action: string): boolean =>
  actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) !== actionsAreExceptions

const applies = (statement: Statement, action: string, resource: string): boolean => {
  const [arn = '', leadingKey, attributes = '*'] = resource.split(ITEM)
  return (
    statement.codeOf === undefined &&
    covers(statement, action) &&
    statement.resources.some((pattern) => matches(pattern, arn)) !== statement.resourcesAreExceptions &&
    hasLeadingKey(statement, leadingKey) &&
    namesOnly(statement, attributes) &&
    comesThrough(statement, leadingKey)
  )
}

/** A request that comes straight from the role meets no condition on services. */
const comesThrough = ({ through }: Statement, detail: string | undefined): boolean => {
  if (through === undefined) return true
  const [service = '', secret = ''] = (detail ?? '').split(' ')
  return (
    through.services.includes(service) &&
    (through.secrets?.some((pattern) => matches(pattern, secret)) ?? true)
  )
}

/** A request that names no key, such as a scan, meets no condition on keys. */
const hasLeadingKey = ({ leadingKeys }: Statement, leadingKey: string | undefined): boolean =>
  leadingKeys === undefined ||
  (leadingKey !== undefined && leadingKeys.some((pattern) => matches(pattern, leadingKey)))

const namesOnly = ({ attributes }: Statement, named: string): boolean =>
  attributes === undefined || named.split(' ').every((name) => attributes.includes(name))

const patterns = new Map<string, RegExp>()

const matches = (pattern: string, text: string): boolean => {
  let expression = patterns.get(pattern)
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    expression = new RegExp(`^${source}$`, 's')
    patterns.set(pattern, expression)
  }
  return expression.test(text)
}

/** The id of the role a function runs under. Throws when it is not a role of this template. */
export const roleIdOf = (template: Template, functionId: string): string => {
  const role = template.Resources[functionId]?.Properties['Role']
  const id = role?.['Fn::GetAtt']?.[0]
  if (template.Resources[id]?.Type !== 'AWS::IAM::Role')
    throw new Error(`${functionId}: its role is not in the template`)
  return id
}

const ROLE_PROPERTIES = new Set([
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'Policies',
  'RoleName',
  'Tags',
])
const POLICY_ELSEWHERE =
  /^AWS::(IAM::(Group|User|Role)?Policy|IAM::ManagedPolicy|SecretsManager::ResourcePolicy|KMS::|Logs::ResourcePolicy|DynamoDB::GlobalTable)/

/**
 * All statements of a role, resolved. Throws on managed policies, boundaries, policies outside the role, and every
 * condition but the ones on leading keys, on who asks KMS, and a Deny's on the function that asks.
 */
export const statementsOf = (template: Template, roleId: string): Statement[] => {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (POLICY_ELSEWHERE.test(Type)) throw new Error(`${id}: permissions in a ${Type} are not understood`)
    if (Properties?.['ResourcePolicy']) throw new Error(`${id}: a resource policy is not understood`)
  }
  const role = template.Resources[roleId]
  if (role?.Type !== 'AWS::IAM::Role') throw new Error(`${roleId} is not a role`)
  for (const name of Object.keys(role.Properties)) {
    if (!ROLE_PROPERTIES.has(name)) throw new Error(`${roleId}: ${name} of a role is not understood`)
  }
  const managed = role.Properties['ManagedPolicyArns'] ?? []
  if (!Array.isArray(managed) || managed.length > 0) throw new Error(`${roleId}: has a managed policy`)
  return list(role.Properties['Policies']).flatMap((policy) =>
    list(policy.PolicyDocument.Statement).map((statement) => parse(statement, template, roleId)),
  )
}

const STATEMENT_MEMBERS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

const parse = (statement: Loose, template: Template, roleId: string): Statement => {
  for (const member of Object.keys(statement)) {
    if (!STATEMENT_MEMBERS.has(member))
      throw new Error(`${roleId}: ${member} in a statement is not understood`)
  }
  const { Effect: effect, Action, NotAction, Resource, NotResource } = statement
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new Error(`${roleId}: Effect ${effect} is not understood`)
  if ((Action === undefined) === (NotAction === undefined))
    throw new Error(`${roleId}: needs Action or NotAction`)
  if ((Resource === undefined) === (NotResource === undefined))
    throw new Error(`${roleId}: needs Resource or NotResource`)
  return {
    effect,
    actions: list(Action ?? NotAction).map((action) => resolve(action, template)),
    actionsAreExceptions: NotAction !== undefined,
    resources: list(Resource ?? NotResource).map((resource) => withoutVariables(resolve(resource, template))),
    resourcesAreExceptions: NotResource !== undefined,
    ...conditionOf(statement, template, roleId),
  }
}

const conditionOf = (statement: Loose, template: Template, roleId: string): Partial<Statement> => {
  const { Effect, Condition } = statement
  if (Condition === undefined) return {}
  if (VIA_SERVICE in (Condition.StringEquals ?? {}))
    return { through: throughOf(statement, template, roleId) }
  const arn = Condition.ArnEquals?.[SOURCE_FUNCTION]
  const isOfCode = isDeepStrictEqual(Condition, { ArnEquals: { [SOURCE_FUNCTION]: arn } })
  if (Effect === 'Deny' && isOfCode) return { codeOf: resolve(arn, template) }
  return itemsOf(statement, roleId)
}

const SOURCE_FUNCTION = 'lambda:SourceFunctionArn'
const VIA_SERVICE = 'kms:ViaService'
const OF_SECRET = 'kms:EncryptionContext:SecretARN'

const throughOf = (
  { Effect, Condition }: Loose,
  template: Template,
  roleId: string,
): NonNullable<Statement['through']> => {
  const via = list(Condition.StringEquals[VIA_SERVICE])
  const secrets = Condition.StringLike?.[OF_SECRET]
  const understood = {
    StringEquals: { [VIA_SERVICE]: via },
    ...(secrets === undefined ? {} : { StringLike: { [OF_SECRET]: secrets } }),
  }
  if (Effect !== 'Allow' || !isDeepStrictEqual(Condition, understood))
    throw new Error(`${roleId}: a Condition in a statement is not understood`)
  const resolved = (values: Loose) => list(values).map((value) => withoutVariables(resolve(value, template)))
  return { services: resolved(via), ...(secrets === undefined ? {} : { secrets: resolved(secrets) }) }
}

const LEADING_KEYS = 'dynamodb:LeadingKeys'
const ATTRIBUTES = 'dynamodb:Attributes'

/**
 * The patterns of a condition on leading keys, and the attributes of one on those beside it. `ForAllValues` holds where a request
 * names no key, so that it counts only with a `Null` beside it; and in an Allow, since in a Deny it would have to be read the
 * other way round.
 */
const itemsOf = ({ Effect, Condition }: Loose, roleId: string): Partial<Statement> => {
  const patterns = list(Condition['ForAllValues:StringLike']?.[LEADING_KEYS] ?? [])
  const attributes = Condition['ForAllValues:StringEquals']?.[ATTRIBUTES]
  const understood = {
    'ForAllValues:StringLike': { [LEADING_KEYS]: patterns },
    ...(attributes && { 'ForAllValues:StringEquals': { [ATTRIBUTES]: list(attributes) } }),
    Null: { [LEADING_KEYS]: 'false' },
  }
  if (Effect !== 'Allow' || patterns.length === 0 || !isDeepStrictEqual(Condition, understood)) {
    throw new Error(`${roleId}: a Condition in a statement is not understood`)
  }
  return { leadingKeys: patterns.map(withoutVariables), ...(attributes && { attributes: list(attributes) }) }
}

const list = (value: Loose): Loose[] => (Array.isArray(value) ? value : [value])

const withoutVariables = (pattern: string): string => {
  if (pattern.includes('${')) throw new Error(`${pattern}: policy variables are not understood`)
  return pattern
}

/** The text that CloudFormation would put for a value, in the pseudo account. Throws on what it cannot know. */
export const resolve = (value: Loose, template: Template): string => {
  if (typeof value === 'string') return value
  const [[name, argument] = [], ...more] = Object.entries<Loose>(value ?? {})
  if (more.length === 0) {
    if (name === 'Ref') return PSEUDO[argument] ?? reference(argument, template)
    if (name === 'Fn::GetAtt') return attribute(argument, template)
    if (name === 'Fn::Join')
      return argument[1].map((part: unknown) => resolve(part, template)).join(argument[0])
    if (name === 'Fn::Sub') return substitute(argument, template)
  }
  throw new Error(`cannot resolve ${JSON.stringify(value)}`)
}

const substitute = (argument: string | [string, Record<string, unknown>], template: Template): string => {
  const [text, own] = typeof argument === 'string' ? [argument, {}] : argument
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_all, literal: string, name: string) => {
    if (literal) return `\${${name}}`
    if (Object.hasOwn(own, name)) return resolve((own as Record<string, unknown>)[name], template)
    return name.includes('.') ? attribute(name, template) : resolve({ Ref: name }, template)
  })
}

const reference = (id: string, template: Template): string => {
  const { Type, Properties } = template.Resources[id] ?? {}
  if (Type === 'AWS::DynamoDB::Table') return named(Properties?.['TableName'], id)
  if (Type === 'AWS::SecretsManager::Secret') return arnOf.secret(named(Properties?.['Name'], id))
  if (Type === 'AWS::Lambda::Function') return named(Properties?.['FunctionName'], id)
  if (Type === 'AWS::Logs::LogGroup') return named(Properties?.['LogGroupName'], id)
  throw new Error(`cannot resolve a Ref to ${id}`)
}

const attribute = (argument: string | [string, string], template: Template): string => {
  const [id, name] = typeof argument === 'string' ? argument.split('.') : argument
  const type = template.Resources[id ?? '']?.Type
  if (id && name === 'Arn') {
    if (type === 'AWS::DynamoDB::Table') return arnOf.table(reference(id, template))
    if (type === 'AWS::Lambda::Function') return arnOf.lambda(reference(id, template))
    if (type === 'AWS::Logs::LogGroup') return `${arnOf.logGroup(reference(id, template))}:*`
  }
  throw new Error(`cannot resolve ${id}.${name}`)
}

const named = (name: unknown, id: string): string => {
  if (typeof name !== 'string') throw new Error(`${id} has no fixed name`)
  return name
}
