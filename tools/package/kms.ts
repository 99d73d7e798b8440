/** KMS keys of the customer's own: what is encrypted with them, and the rights that functions then need. */

import { keyFault } from './parameters/kms-keys.ts'
import { entriesOf } from './parameters/shapes.ts'

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

/**
 * Reads the parameters of a stage of this region. Throws an error that names the parameter and what was expected: the
 * parameters' own check does not see what `--param` takes from a variable.
 */
export const kmsKeysOf = (parameters: KmsKeyParameters, region: string): KmsKeys => {
  const keysIn = (name: keyof KmsKeyParameters): string[] => {
    const keys = entriesOf(parameters[name] ?? '') ?? []
    const faults = keys.flatMap((key) => keyFault(region)(key) ?? [])
    if (faults.length > 0) throw new Error(`${name}: ${faults[0]}`)
    return keys
  }
  const keyIn = (name: keyof KmsKeyParameters): string | undefined => {
    const [key, ...others] = keysIn(name)
    if (others.length > 0) throw new Error(`${name}: expected one key`)
    return key
  }
  return {
    secrets: keysIn('secretsKmsKeyArns'),
    tables: keyIn('tablesKmsKeyArn'),
    logs: keyIn('logsKmsKeyArn'),
  }
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
