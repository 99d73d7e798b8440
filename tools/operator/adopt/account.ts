/** What of a removed stage is still in the account, by the names that its template gives. */

import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeSecretCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { KeptType } from './kept.ts'

export interface Found {
  /** What CloudFormation identifies it by when it imports it. */
  readonly identifier: Readonly<Record<string, string>>
  /** Where it is marked for deletion: takes the mark off. Until then its name is taken, and it cannot be read. */
  readonly restore?: () => Promise<void>
}

/** Looks a resource up by type and name. Undefined where there is none. Throws the service's own error. */
export type Account = (type: KeptType, name: string) => Promise<Found | undefined>

const TRIES = { maxAttempts: 5 }

export const awsAccount = (): Account => {
  const secrets = new SecretsManagerClient(TRIES)
  const tables = new DynamoDBClient(TRIES)
  const logs = new CloudWatchLogsClient(TRIES)
  const lookUps: Readonly<Record<KeptType, (name: string) => Promise<Found | undefined>>> = {
    'AWS::SecretsManager::Secret': async (SecretId) => {
      const { ARN: Id = '', DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId }))
      const restore = async () => {
        await secrets.send(new RestoreSecretCommand({ SecretId }))
      }
      return { identifier: { Id }, ...(DeletedDate && { restore }) }
    },
    'AWS::DynamoDB::Table': async (TableName) => {
      await tables.send(new DescribeTableCommand({ TableName }))
      return { identifier: { TableName } }
    },
    'AWS::Logs::LogGroup': async (LogGroupName) => {
      const answer = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: LogGroupName }))
      const isThere = answer.logGroups?.some(({ logGroupName }) => logGroupName === LogGroupName)
      return isThere ? { identifier: { LogGroupName } } : undefined
    },
  }
  return async (type, name) => {
    try {
      return await lookUps[type](name)
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined
      throw error
    }
  }
}
