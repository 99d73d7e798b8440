/** AWS Secrets Manager behind SecretSource and SecretVault. The only module that touches its client. */

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import {
  type SecretFailure,
  type SecretList,
  type SecretSource,
  SecretSourceError,
  type SecretVault,
} from './source.ts'

// The SDK has no time-outs of its own. A read takes 10 to 50 ms; these bound a whole call to about 4 s.
const CONNECT_TIMEOUT_MS = 1_000
const REQUEST_TIMEOUT_MS = 2_000
const ATTEMPTS = 2

const newClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  })

/** Reads through the SDK, whose endpoint and credentials come from its own environment variables. */
export const awsSecretSource = (client: SecretsManagerClient = newClient()): SecretSource => ({
  read: (name, stage) =>
    translated(async () => {
      const reply = await client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: stage }))
      if (reply.SecretString === undefined || reply.VersionId === undefined) {
        throw new SecretSourceError('final', 'NotText')
      }
      return { versionId: reply.VersionId, value: reply.SecretString }
    }),
})

const LIST_PAGE = 100

/** Lists names and dates, no values: ListSecrets takes no resource in a policy, so it is for the schedule alone. */
export const awsSecretList = (client: SecretsManagerClient = newClient()): SecretList =>
  async function* (namePrefix, from) {
    let NextToken = from
    do {
      const input = {
        Filters: [{ Key: 'name' as const, Values: [namePrefix] }],
        MaxResults: LIST_PAGE,
        ...(NextToken === undefined ? {} : { NextToken }),
      }
      const reply = await translated(() => client.send(new ListSecretsCommand(input)))
      const secrets = (reply.SecretList ?? [])
        .map(({ Name = '', LastChangedDate, CreatedDate }) => ({
          name: Name,
          changedAt: (LastChangedDate ?? CreatedDate)?.getTime() ?? Number.POSITIVE_INFINITY,
        }))
        // Secrets Manager's filter is one of prefixes too; what it lets through is checked all the same.
        .filter(({ name }) => name.startsWith(namePrefix))
      NextToken = reply.NextToken
      yield { secrets, next: NextToken }
    } while (NextToken !== undefined)
  }

/** Reads and writes, for rotation. */
export const awsSecretVault = (client: SecretsManagerClient = newClient()): SecretVault => ({
  ...awsSecretSource(client),
  stages: (name) =>
    translated(async () => {
      const reply = await client.send(new DescribeSecretCommand({ SecretId: name }))
      return new Map(Object.entries(reply.VersionIdsToStages ?? {}))
    }),
  put: (name, { versionId, value }, stage) =>
    translated(async () => {
      await client.send(
        new PutSecretValueCommand({
          SecretId: name,
          ClientRequestToken: versionId,
          SecretString: value,
          VersionStages: [stage],
        }),
      )
    }),
  makeCurrent: (name, versionId, fromVersionId) =>
    translated(async () => {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: name,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: versionId,
          RemoveFromVersionId: fromVersionId,
        }),
      )
    }),
})

const translated = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    if (error instanceof SecretSourceError) throw error
    const name = error instanceof Error ? nameOf(error) : 'Unknown'
    throw new SecretSourceError(classify(name, statusOf(error), messageOf(error)), name, { cause: error })
  }
}

/**
 * What the service itself says of a secret, a key or a right, whatever the status. Source: the errors of the service's
 * operations, and its common errors. Everything else may pass: no answer, "try later", a box on the way, an expired signature.
 */
const FINAL = new Set([
  'ResourceNotFoundException',
  'InvalidRequestException', // marked for deletion
  'InvalidParameterException',
  'InvalidNextTokenException',
  'ValidationException',
  'ValidationError',
  'ResourceExistsException',
  'LimitExceededException',
  'PreconditionNotMetException',
  'AccessDeniedException',
  'AccessDenied',
  'NotAuthorized',
  'OptInRequired',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
])

const OF_KMS = /^(DecryptionFailure|EncryptionFailure|KMS\w*)$/
/**
 * A key that is denied comes as AccessDeniedException with "Access to KMS is not allowed" or "… not authorized to
 * perform: kms:Decrypt …", a key that is disabled as InvalidRequestException with its ARN. Names of roles and secrets hold
 * neither a colon nor a blank, so that none of them is taken for one of these.
 */
const SAYS_KMS = /\baccess to KMS\b|\bkms:[a-z]|\bKMS (service )?key\b|:kms:|customer master key/i

/** "Secrets Manager can't find the specified secret value for staging label: …"; of a secret that is absent it says no "value". */
const SAYS_UNSET = /\bsecret value\b/i

/** Only the service itself can say that a secret is gone or denied, and it says so with a status. */
const classify = (name: string, status: number | undefined, message: string): SecretFailure => {
  if (status === undefined) return 'transient'
  // A secret that cannot be decrypted any more may be meant to be unreadable: never bridged, whatever the status.
  if (OF_KMS.test(name)) return 'kms'
  if (!FINAL.has(name)) return 'transient'
  if (name === 'ResourceNotFoundException' && SAYS_UNSET.test(message)) return 'unset'
  return SAYS_KMS.test(message) ? 'kms' : 'final'
}

/** For telling failures apart, and for nothing else: it names roles, keys and accounts. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '')

const nameOf = (error: Error): string => {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : error.name
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
