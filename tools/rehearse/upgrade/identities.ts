/** What a stage consists of, each part by what makes it this one and no other: whatever is replaced has another. */

import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** By name, of a table, a secret or a resource of the stack. */
export type Identities = Readonly<Record<string, string>>

export interface Parts {
  readonly stack: string
  readonly tables: readonly string[]
  /** Whole names. */
  readonly secrets: readonly string[]
}

/** A table's id, a secret's ARN and versions, and the physical id of every resource. */
export const identities = async ({ stack, tables, secrets }: Parts): Promise<Identities> => {
  const found: Record<string, string> = {}
  const dynamoDb = new DynamoDBClient({})
  const secretsManager = new SecretsManagerClient({})
  const cloudFormation = new CloudFormationClient({})
  for (const TableName of tables) {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }))
    found[`table ${TableName}`] = `${Table?.TableId} of ${Number(Table?.CreationDateTime)}`
  }
  for (const SecretId of secrets) {
    const { ARN, VersionIdsToStages } = await secretsManager.send(new DescribeSecretCommand({ SecretId }))
    const current = Object.entries(VersionIdsToStages ?? {}).filter(([, stages]) =>
      stages?.includes('AWSCURRENT'),
    )
    found[`secret ${SecretId}`] = `${ARN} in version ${current.map(([id]) => id)}`
  }
  const pages = paginateListStackResources({ client: cloudFormation }, { StackName: stack })
  for await (const { StackResourceSummaries = [] } of pages)
    for (const { LogicalResourceId, PhysicalResourceId, ResourceType } of StackResourceSummaries)
      found[`${ResourceType} ${LogicalResourceId}`] = String(PhysicalResourceId)
  for (const client of [dynamoDb, secretsManager, cloudFormation]) client.destroy()
  return found
}

/** By function, the digest of its code: what a deployment is to change. */
export const codeDigests = async (stack: string): Promise<Identities> => {
  const lambda = new LambdaClient({})
  const found: Record<string, string> = {}
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName = '', CodeSha256 = '' } of Functions)
      if (FunctionName.startsWith(`${stack}-`)) found[FunctionName] = CodeSha256
  lambda.destroy()
  return found
}

export interface Difference {
  readonly replaced: readonly string[]
  readonly gone: readonly string[]
  readonly added: readonly string[]
}

export const difference = (before: Identities, after: Identities): Difference => ({
  replaced: Object.keys(before).filter((name) => name in after && after[name] !== before[name]),
  gone: Object.keys(before).filter((name) => !(name in after)),
  added: Object.keys(after).filter((name) => !(name in before)),
})
