import { describe, expect, it } from 'vitest'
import { arnOf, isAllowed, resolve, statementsOf, type Template } from './policy.ts'

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks-Ab1Cd2'

const templateWith = (statements: unknown, properties: Record<string, unknown> = {}): Template => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: statements } }], ...properties },
    },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'users' } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'p/jwks' } },
    Lambda: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
  },
})

const may = (statements: unknown, action: string, resource = SECRET) =>
  isAllowed(statementsOf(templateWith(statements), 'Role'), action, resource)

describe('test/template/policy: isAllowed', () => {
  const allow = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: SECRET }

  it.each([
    ['nothing when there is no statement', [], 'secretsmanager:GetSecretValue', false],
    ['the named action', allow, 'secretsmanager:GetSecretValue', true],
    [
      'an action in any case',
      { ...allow, Action: 'SECRETSmanager:getSecretVALUE' },
      'secretsmanager:GetSecretValue',
      true,
    ],
    ['no other action', allow, 'secretsmanager:PutSecretValue', false],
    [
      'actions by *',
      { ...allow, Action: ['s3:x', 'secretsmanager:*Value'] },
      'secretsmanager:PutSecretValue',
      true,
    ],
    [
      'actions by ?',
      { ...allow, Action: 'secretsmanager:?etSecretValue' },
      'secretsmanager:GetSecretValue',
      true,
    ],
    ['every action by *', { ...allow, Action: '*' }, 'secretsmanager:PutSecretValue', true],
    [
      'all but a NotAction',
      { Effect: 'Allow', NotAction: 's3:*', Resource: '*' },
      'secretsmanager:PutSecretValue',
      true,
    ],
    [
      'not the NotAction',
      { Effect: 'Allow', NotAction: 'secretsmanager:*', Resource: '*' },
      'secretsmanager:PutSecretValue',
      false,
    ],
    [
      'not what is denied too',
      [allow, { ...allow, Effect: 'Deny', Resource: '*' }],
      'secretsmanager:GetSecretValue',
      false,
    ],
    [
      'not what only a Deny leaves out',
      { Effect: 'Deny', NotAction: 'secretsmanager:*', Resource: '*' },
      'secretsmanager:GetSecretValue',
      false,
    ],
  ])('allows %s', (_name, statements, action, expected) => {
    expect(may(statements, action)).toBe(expected)
  })

  it.each([
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks-??????', true],
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks', false],
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks-?????', false],
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks-???????', false],
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:P/jwks-??????', false],
    ['arn:aws:secretsmanager:*', true],
    ['arn:*:p/jwks-Ab1Cd2', true],
    ['arn.aws:secretsmanager:eu-west-1:111122223333:secret:p/jwks-Ab1Cd2', false],
  ])('matches the resource pattern %s: %s', (pattern, expected) => {
    expect(may({ Effect: 'Allow', Action: '*', Resource: pattern }, 'secretsmanager:GetSecretValue')).toBe(
      expected,
    )
  })

  it('allows all resources but a NotResource', () => {
    const statement = { Effect: 'Allow', Action: '*', NotResource: [SECRET] }
    expect({ named: may(statement, 'a:b'), other: may(statement, 'a:b', `${SECRET}x`) }).toEqual({
      named: false,
      other: true,
    })
  })
})

describe('test/template/policy: conditions on items', () => {
  const items = (condition: object) => ({
    Effect: 'Allow',
    Action: 'dynamodb:UpdateItem',
    Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
    Condition: { Null: { 'dynamodb:LeadingKeys': 'false' }, ...condition },
  })
  const USERS = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['4:user*'] } }
  const EPOCHS = { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'epoch'] } }

  it.each([
    ['an item of that key', USERS, arnOf.item('users', '4:user1:a'), true],
    ['no item of another key', USERS, arnOf.item('users', '5:agent1:a'), false],
    ['no request without a key', USERS, arnOf.table('users'), false],
    ['those attributes', { ...USERS, ...EPOCHS }, arnOf.item('users', '4:user1:a', 'pk epoch'), true],
    ['fewer attributes', { ...USERS, ...EPOCHS }, arnOf.item('users', '4:user1:a', 'pk'), true],
    ['no further one', { ...USERS, ...EPOCHS }, arnOf.item('users', '4:user1:a', 'pk epoch status'), false],
    ['no request of any attributes', { ...USERS, ...EPOCHS }, arnOf.item('users', '4:user1:a'), false],
    ['no other key with those', { ...USERS, ...EPOCHS }, arnOf.item('users', '5:agent1:a', 'pk'), false],
  ])('allows %s', (_name, condition, resource, expected) => {
    expect(may(items(condition), 'dynamodb:UpdateItem', resource)).toBe(expected)
  })

  it.each([
    ['attributes without a key', EPOCHS],
    [
      'attributes by another test',
      { ...USERS, 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['pk'] } },
    ],
  ])('refuses %s instead of guessing', (_name, condition) => {
    expect(() => may(items(condition), 'dynamodb:UpdateItem')).toThrow(
      'a Condition in a statement is not understood',
    )
  })
})

describe('test/template/policy: statementsOf', () => {
  const good = { Effect: 'Allow', Action: 'a:b', Resource: '*' }

  it.each([
    ['a condition', { ...good, Condition: { StringEquals: {} } }, {}, 'Condition in a statement'],
    ['a principal', { ...good, Principal: '*' }, {}, 'Principal in a statement'],
    ['another effect', { ...good, Effect: 'allow' }, {}, 'Effect allow'],
    ['action and NotAction', { ...good, NotAction: 'c:d' }, {}, 'needs Action or NotAction'],
    ['no resource', { Effect: 'Allow', Action: 'a:b' }, {}, 'needs Resource or NotResource'],
    [
      'a policy variable',
      { ...good, Resource: { 'Fn::Sub': 'arn:${!aws:username}' } },
      {},
      'policy variables',
    ],
    ['a managed policy', good, { ManagedPolicyArns: ['arn'] }, 'has a managed policy'],
    ['a managed policy by reference', good, { ManagedPolicyArns: { Ref: 'P' } }, 'has a managed policy'],
    ['a boundary', good, { PermissionsBoundary: 'arn' }, 'PermissionsBoundary'],
    ['a conditional statement', { 'Fn::If': ['C', good, good] }, {}, 'Fn::If in a statement'],
    ['a conditional action', { ...good, Action: { 'Fn::If': ['C', 'a:b', 'c:d'] } }, {}, 'cannot resolve'],
  ])('refuses %s instead of guessing', (_name, statement, properties, message) => {
    expect(() => statementsOf(templateWith([statement], properties), 'Role')).toThrow(message)
  })
})

describe('test/template/policy: resolve', () => {
  const template = templateWith([])

  it.each([
    ['a text', 'x', 'x'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['the name of a table', { Ref: 'Table' }, 'users'],
    ['the ARN of a secret', { Ref: 'Secret' }, SECRET],
    [
      'the ARN of a table',
      { 'Fn::GetAtt': ['Table', 'Arn'] },
      'arn:aws:dynamodb:eu-west-1:111122223333:table/users',
    ],
    [
      'the ARN of a function',
      { 'Fn::GetAtt': 'Lambda.Arn' },
      'arn:aws:lambda:eu-west-1:111122223333:function:f',
    ],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] }, 'a-users'],
    [
      'a substitution',
      { 'Fn::Sub': '${AWS::AccountId}/${Table}/${Table.Arn}/${!Kept}' },
      '111122223333/users/arn:aws:dynamodb:eu-west-1:111122223333:table/users/${Kept}',
    ],
    ['a substitution with own names', { 'Fn::Sub': ['${x}', { x: { Ref: 'Table' } }] }, 'users'],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolve(value, template)).toBe(expected)
  })

  it.each([
    [{ Ref: 'Unknown' }],
    [{ Ref: 'Role' }],
    [{ 'Fn::GetAtt': ['Secret', 'Arn'] }],
    [{ 'Fn::Sub': '${Unknown}' }],
    [{ 'Fn::ImportValue': 'x' }],
    [{ Ref: 'Table', more: 1 }],
    [null],
    [3],
  ])('refuses %j', (value) => {
    expect(() => resolve(value, template)).toThrow('cannot resolve')
  })
})
