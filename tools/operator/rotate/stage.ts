/** The stage that a command works on: the local one that runs, or a deployed one with the operator's own credentials. */

import { randomUUID } from 'node:crypto'
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import type { KeyRevocations } from '../../../lib/directory/directory.ts'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import type { JwksSecret } from '../../../lib/schemas/key-secrets.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { JWKS, SIGNING_KEY } from '../../../lib/secrets/definitions.ts'
import { readOrInitial } from '../../../lib/secrets/initial.ts'
import { parsed } from '../../../lib/secrets/parsed.ts'
import { LOCAL_STAGE } from '../../local/constants.ts'
import { enterStage } from '../../local/stage-environment.ts'

export interface OpenStage {
  readonly name: string
  /** As it was given. */
  readonly region: string | undefined
  /** Where it is, for people. */
  readonly place: string
  readonly directory: KeyRevocations
  /** The published keys. The private ones are never read: nobody but two functions needs them. */
  readonly jwks: () => Promise<JwksSecret>
  /** The labels of every version of the signing key. */
  readonly versions: () => Promise<Readonly<Record<string, readonly string[]>>>
  /** Starts a rotation and returns the id of the version that it makes. */
  readonly rotate: () => Promise<string>
  /** Takes AWSPENDING from a version: its rotation stops at its next step, and another can begin. */
  readonly giveUp: (versionId: string) => Promise<void>
  /** How often to look at a rotation, and for how long. */
  readonly patience: { readonly periodMs: number; readonly mostMs: number }
  readonly close: () => void
}

/** Throws a sentence that says what to do when no local stage runs. Asks nothing of the stage yet. */
export const openStage = (name: string, region: string | undefined): OpenStage => {
  const place = enterStage(name, region)
  const prefix = `cec-token-bridge/${name}`
  const SecretId = `${prefix}/${SIGNING_KEY.name}`
  const client = new SecretsManagerClient({ maxAttempts: 3 })
  return {
    name,
    region,
    place,
    directory: dynamoDirectory({ table: `cec-token-bridge-${name}-directory`, random: Math.random }),
    jwks: async () => {
      const secret = `${prefix}/${JWKS.name}`
      const wanted = { stage: 'AWSCURRENT', initial: JWKS.initial } as const
      return parsed(secret, (await readOrInitial(awsSecretSource(client), secret, wanted)).value, JWKS.schema)
    },
    versions: async () =>
      (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {},
    rotate: async () => {
      const ClientRequestToken = randomUUID()
      await client.send(new RotateSecretCommand({ SecretId, ClientRequestToken }))
      return ClientRequestToken
    },
    giveUp: async (RemoveFromVersionId) => {
      const VersionStage = 'AWSPENDING'
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }))
    },
    patience: name === LOCAL_STAGE ? { periodMs: 100, mostMs: 15_000 } : { periodMs: 2_000, mostMs: 180_000 },
    close: () => client.destroy(),
  }
}
