/** KMS keys of the customer's own: what is encrypted with them, and the rights that functions then need. */

interface Statement {
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Condition?: object
}

interface Resource {
  readonly Type: string
  readonly Properties: Record<string, unknown>
}

type Resources = Readonly<Record<string, Resource>>

/** By parameter. A text may hold several ARNs with commas between them where the name is a plural. */
export interface KmsKeyParameters {
  readonly secretsKmsKeyArns?: string | string[]
  readonly tablesKmsKeyArn?: string | string[]
  readonly logsKmsKeyArn?: string | string[]
}

export interface KmsKeys {
  readonly secrets: readonly string[]
  readonly tables: string | undefined
  readonly logs: string | undefined
}

/** IAM compares the ARN of the key itself: a right on an alias opens nothing. */
const KEY_ARN = /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/

/** Throws an error that names the parameter and the entry at fault. */
export const kmsKeysOf = (parameters: KmsKeyParameters = {}): KmsKeys => {
  const { secretsKmsKeyArns, tablesKmsKeyArn, logsKmsKeyArn } = parameters
  return {
    secrets: keysIn('secretsKmsKeyArns', secretsKmsKeyArns),
    tables: keyIn('tablesKmsKeyArn', tablesKmsKeyArn),
    logs: keyIn('logsKmsKeyArn', logsKmsKeyArn),
  }
}

const keysIn = (name: string, given: string | string[] = ''): string[] => {
  const keys = [given]
    .flat()
    .flatMap((text) => text.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '')
  const wrong = keys.find((key) => !KEY_ARN.test(key))
  if (wrong === undefined) return keys
  throw new Error(
    `${name}: "${wrong}" is no ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-… (an alias is none)`,
  )
}

const keyIn = (name: string, given?: string | string[]): string | undefined => {
  const [key, ...others] = keysIn(name, given)
  if (others.length > 0) throw new Error(`${name}: expected one key`)
  return key
}

/** Encrypts with the given keys, in a compiled template. Changes nothing where there is none. */
export const useKmsKeys = (resources: Resources, keys: KmsKeys): void => {
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type === 'AWS::IAM::Role') allowKeys(statementsOf(Properties), keys)
    if (Type === 'AWS::Logs::LogGroup' && keys.logs !== undefined) Properties['KmsKeyId'] = keys.logs
    if (Type === 'AWS::DynamoDB::Table' && keys.tables !== undefined)
      Properties['SSESpecification'] = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keys.tables }
  }
}

/** What the role may do already says which keys it needs. */
const allowKeys = (statements: Statement[], { secrets, tables }: KmsKeys): void => {
  const settings = statements
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [Resource].flat())
    .filter((resource) => JSON.stringify(resource).includes('/tenants/'))
  const usesTables = statements.some(({ Action }) =>
    [Action].flat().some((action) => action.startsWith('dynamodb:')),
  )
  if (secrets.length > 0 && settings.length > 0) {
    statements.push({
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: secrets,
      Condition: {
        StringEquals: through('secretsmanager'),
        // Secrets Manager names the secret in the encryption context: the key opens those secrets and no other.
        StringLike: { 'kms:EncryptionContext:SecretARN': settings },
      },
    })
  }
  if (tables !== undefined && usesTables) {
    statements.push({
      Effect: 'Allow',
      Action: TABLE_KEY_ACTIONS,
      Resource: tables,
      Condition: { StringEquals: through('dynamodb') },
    })
  }
}

/** What DynamoDB asks of KMS in the name of who uses a table. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

/** Never directly. In China a service may be named with either ending. */
const through = (service: string) => ({
  'kms:ViaService': ['amazonaws.com', '${AWS::URLSuffix}'].map((ending) => ({
    'Fn::Sub': `${service}.\${AWS::Region}.${ending}`,
  })),
})

const statementsOf = (role: Record<string, unknown>): Statement[] =>
  (role['Policies'] as { PolicyDocument: { Statement: Statement[] } }[])[0]?.PolicyDocument.Statement ?? []
