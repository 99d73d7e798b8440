/** The tenants' settings of a stage, one secret for each system: which there are, and their making. Shows no value. */

import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { awsSecretList, awsSecretSource } from '../../../lib/secrets/aws.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import { enterStage } from '../../local/stage-environment.ts'
import { optionsOf, type StageArguments } from '../arguments.ts'

export interface ListedSettings {
  readonly tenantSpaceId: string
  readonly system: string
  /** Epoch milliseconds. */
  readonly changedAt: number
}

export interface TenantsStage {
  readonly name: string
  /** Where it is, for people. */
  readonly place: string
  /** What leads a command to the same stage again. */
  readonly options: string
  /** Of one tenant, or of all. Throws what Secrets Manager says. */
  readonly list: (tenantSpaceId?: string) => Promise<readonly ListedSettings[]>
  /** The text of a secret, or undefined where there is none. */
  readonly read: (tenantSpaceId: string, system: string) => Promise<string | undefined>
  /** Makes a secret, under a key of the operator's own where one is named. */
  readonly create: (settings: NewSettings, kmsKeyId?: string) => Promise<void>
  /** Puts a value in the place of the one that is in force. */
  readonly replace: (settings: NewSettings) => Promise<void>
  readonly close: () => void
}

export interface NewSettings {
  readonly tenantSpaceId: string
  readonly system: string
  readonly text: string
}

/** Throws a sentence that says what to do when no local stage runs. Asks nothing of the stage yet. */
export const openTenants = ({ stage, region }: StageArguments): TenantsStage => {
  const place = enterStage(stage, region)
  const client = new SecretsManagerClient({ maxAttempts: 3 })
  const prefix = `cec-token-bridge/${stage}/tenants/`
  const nameOf = (tenantSpaceId: string, system: string): string => `${prefix}${tenantSpaceId}/${system}`
  const all = awsSecretList(client)
  const source = awsSecretSource(client)
  return {
    name: stage,
    place,
    options: optionsOf(stage, region),
    list: async (tenantSpaceId) => {
      const found: ListedSettings[] = []
      const from = tenantSpaceId === undefined ? prefix : `${prefix}${tenantSpaceId}/`
      for await (const { secrets } of all(from))
        for (const { name, changedAt } of secrets) {
          const [tenant = '', system = '', ...more] = name.slice(prefix.length).split('/')
          if (more.length === 0) found.push({ tenantSpaceId: tenant, system, changedAt })
        }
      return found
    },
    read: async (tenantSpaceId, system) => {
      try {
        return (await source.read(nameOf(tenantSpaceId, system), 'AWSCURRENT')).value
      } catch (error) {
        if (error instanceof SecretSourceError && error.reason === 'ResourceNotFoundException')
          return undefined
        throw error
      }
    },
    create: async ({ tenantSpaceId, system, text }, KmsKeyId) => {
      const Name = nameOf(tenantSpaceId, system)
      const key = KmsKeyId === undefined ? {} : { KmsKeyId }
      await client.send(
        new CreateSecretCommand({ Name, SecretString: text, ClientRequestToken: randomUUID(), ...key }),
      )
    },
    replace: async ({ tenantSpaceId, system, text }) => {
      const SecretId = nameOf(tenantSpaceId, system)
      await client.send(
        new PutSecretValueCommand({ SecretId, SecretString: text, ClientRequestToken: randomUUID() }),
      )
    },
    close: () => client.destroy(),
  }
}

/** What the commands need. */
export const tenantRights = (stage: string): string =>
  `secretsmanager:ListSecrets, and secretsmanager:CreateSecret, GetSecretValue and PutSecretValue on cec-token-bridge/${stage}/tenants/*`
