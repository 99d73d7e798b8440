/** The AWS side of the embedded default: DynamoDB and Secrets Manager on loopback, filled for stage `local`. */

import { LOCAL_STAGE } from './constants.ts'
import { type CloudFormationResources, startDynamoDb } from './dynamodb.ts'
import { readSecretsFile } from './secrets-file.ts'
import { startSecretsManager } from './secrets-manager/server.ts'
import { seedDirectory, seedSecrets } from './seeds.ts'

export interface StackOptions {
  /** The `Resources` of serverless.yml, variables resolved: its tables are the ones that exist. */
  readonly resources: CloudFormationResources
  /** Laid over the seeded secrets, see secrets-file.ts. Default none. */
  readonly secretsFile?: string | undefined
  /** The region in the secrets' ARNs. */
  readonly region: string
}

export interface Stack {
  /** What the AWS SDK reads to find the emulators. */
  readonly endpoints: Record<'AWS_ENDPOINT_URL_SECRETS_MANAGER' | 'AWS_ENDPOINT_URL_DYNAMODB', string>
  /** The secrets as they were put in at the start, by name. */
  readonly secrets: Readonly<Record<string, string>>
  /** Does what Secrets Manager does before it calls a rotation function. Returns the ClientRequestToken. */
  startRotation(secretName: string): string
  close(): Promise<void>
}

/** Starts both emulators on free ports and fills them. Nothing is left listening when it fails. */
export const startStack = async ({ resources, secretsFile, region }: StackOptions): Promise<Stack> => {
  const laidOver = secretsFile ? readSecretsFile(secretsFile) : {}
  const secrets = { ...(await seedSecrets(new Date())), ...laidOver }
  const dynamoDb = await startDynamoDb(resources)
  try {
    await dynamoDb.put(`cec-token-bridge-${LOCAL_STAGE}-directory`, seedDirectory())
    const secretsManager = await startSecretsManager({ region })
    for (const [name, value] of Object.entries(secrets)) secretsManager.put(name, value)
    return {
      endpoints: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
        AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      },
      secrets,
      startRotation: (secretName) => secretsManager.startRotation(secretName),
      close: async () => {
        await Promise.all([secretsManager.close(), dynamoDb.close()])
      },
    }
  } catch (error) {
    await dynamoDb.close()
    throw error
  }
}
