/** What operators do to a secret while sandboxes use it: each is seen within the 300 s that are promised, and logged. */

import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { LogFields } from '../../../lib/log.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { type SecretReader, secretReader } from '../../../lib/secrets/reader.ts'
import {
  type SecretsManagerEmulator,
  startSecretsManager,
} from '../../../tools/local/secrets-manager/server.ts'
import { startWorld, type World } from '../../support/world.ts'

const SAMPLE = { name: 'tenants/1/sample', schema: z.strictObject({ colour: z.string('expected a colour') }) }
const AGE_SECONDS = 300
/** How long a failure that is final is not asked about again. */
const PAUSE_SECONDS = 5

let world: World
let client: SecretsManagerClient
let SecretId: string
let at: number
let lines: LogFields[]
let reader: SecretReader

const readerOf = (from: SecretsManagerClient): SecretReader =>
  secretReader({
    source: awsSecretSource(from),
    prefix: SecretId.slice(0, -SAMPLE.name.length - 1),
    now: () => new Date(at * 1000),
    random: () => 0,
    log: (_, fields) => lines.push(fields),
  })

beforeAll(async () => {
  world = await startWorld()
  client = new SecretsManagerClient({})
})
afterAll(async () => {
  client.destroy()
  await world.close()
})
beforeEach(async () => {
  SecretId = `versions-${randomUUID()}/${SAMPLE.name}`
  at = 1_000_000
  lines = []
  await create('red')
  reader = readerOf(client)
  expect(await colour()).toBe('red')
})

const value = (colour: string) => JSON.stringify({ colour })
const create = (colour: string, ClientRequestToken: string = randomUUID()) =>
  client.send(new CreateSecretCommand({ Name: SecretId, SecretString: value(colour), ClientRequestToken }))
const put = async (colour: string, stage = 'AWSCURRENT') => {
  const VersionStages = [stage]
  const { VersionId = '' } = await client.send(
    new PutSecretValueCommand({ SecretId, SecretString: value(colour), VersionStages }),
  )
  return VersionId
}
const currentVersion = async () => (await awsSecretSource(client).read(SecretId, 'AWSCURRENT')).versionId
const colour = async (of = reader) =>
  (await of.read(SAMPLE, { deadline: { remainingMs: () => 8_000 } })).value.colour
const changes = () => lines.filter(({ code }) => code === 'SECRET_CHANGED')
const changedTo = (secretVersion: string) => ({ code: 'SECRET_CHANGED', secret: SecretId, secretVersion })

describe('lib/secrets/reader: a secret that is deleted and made again', () => {
  it('is seen with its new value, and the log says which version', async () => {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    const { VersionId = '' } = await create('blue')
    at += AGE_SECONDS
    expect([await colour(), changes()]).toEqual(['blue', [changedTo(VersionId)]])
  })

  it('is seen with its new value also under the version id of the old one', async () => {
    const versionId = await currentVersion()
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    await create('blue', versionId)
    at += AGE_SECONDS
    expect([await colour(), changes()]).toEqual(['blue', [changedTo(versionId)]])
  })

  it('is refused while it is gone, and seen seconds after it is there again', async () => {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    at += AGE_SECONDS
    await expect(colour()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    const { VersionId = '' } = await create('blue')
    at += PAUSE_SECONDS
    expect([await colour(), changes()]).toEqual(['blue', [changedTo(VersionId)]])
  })
})

describe('lib/secrets/reader: a secret that is marked for deletion', () => {
  it('is refused, and seen as it was seconds after it is restored', async () => {
    const versionId = await currentVersion()
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }))
    at += AGE_SECONDS
    await expect(colour()).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      detail: { reason: 'InvalidRequestException' },
    })
    await client.send(new RestoreSecretCommand({ SecretId }))
    at += PAUSE_SECONDS
    expect([await colour(), changes()]).toEqual(['red', [changedTo(versionId)]])
  })

  it('costs nothing when it is restored before anybody asks', async () => {
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }))
    await client.send(new RestoreSecretCommand({ SecretId }))
    at += AGE_SECONDS
    expect([await colour(), changes()]).toEqual(['red', []])
  })
})

describe('lib/secrets/reader: stage labels', () => {
  it.each(['AWSPENDING', 'AWSPREVIOUS', 'NEXT'])(
    '%s left over on another version is of no effect',
    async (stage) => {
      await put('blue', stage)
      at += AGE_SECONDS
      expect([await colour(), changes()]).toEqual(['red', []])
      const versionId = await put('green')
      at += AGE_SECONDS
      expect([await colour(), changes()]).toEqual(['green', [changedTo(versionId)]])
    },
  )

  it('AWSCURRENT moved back brings the older value back, and the log says which version', async () => {
    const first = await currentVersion()
    const RemoveFromVersionId = await put('blue')
    at += AGE_SECONDS
    expect(await colour()).toBe('blue')
    const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: first, RemoveFromVersionId }
    await client.send(new UpdateSecretVersionStageCommand(move))
    at += AGE_SECONDS
    expect([await colour(), changes()]).toEqual(['red', [changedTo(RemoveFromVersionId), changedTo(first)]])
  })

  it('of a value that cannot be taken are named as well', async () => {
    const { VersionId } = await client.send(
      new PutSecretValueCommand({ SecretId, SecretString: '{"color":"blue"}' }),
    )
    at += AGE_SECONDS
    await expect(colour()).rejects.toMatchObject({
      code: 'SECRET_MALFORMED',
      detail: { secret: SecretId, secretVersion: VersionId },
    })
  })

  it('of a value that is served while Secrets Manager cannot be reached are named as well', async () => {
    world.secretsManager.fail({ kind: 'reset', times: Number.POSITIVE_INFINITY })
    at += AGE_SECONDS
    expect(await colour()).toBe('red')
    world.secretsManager.clearFaults()
    const secretVersion = await currentVersion()
    expect(lines).toMatchObject([{ code: 'SECRET_STALE_SERVED', secret: SecretId, secretVersion }])
  })
})

describe('lib/secrets/reader: a replica in another region', () => {
  let there: SecretsManagerEmulator
  let replica: SecretsManagerClient
  beforeAll(async () => {
    there = await startSecretsManager({ region: 'eu-central-1' })
    replica = new SecretsManagerClient({ endpoint: there.url, region: 'eu-central-1' })
  })
  afterAll(async () => {
    replica.destroy()
    await there.close()
  })

  /** What Secrets Manager does there: the same name, version id and value. */
  const replicated = async () => {
    const { versionId: ClientRequestToken, value: SecretString } = await awsSecretSource(client).read(
      SecretId,
      'AWSCURRENT',
    )
    return { ClientRequestToken, SecretString }
  }

  it('is read as the secret itself, and followed within the same time', async () => {
    await replica.send(new CreateSecretCommand({ Name: SecretId, ...(await replicated()) }))
    const ofReplica = readerOf(replica)
    expect([await colour(ofReplica), changes()]).toEqual(['red', []])
    const versionId = await put('blue')
    await replica.send(new PutSecretValueCommand({ SecretId, ...(await replicated()) }))
    at += AGE_SECONDS
    expect([await colour(ofReplica), changes()]).toEqual(['blue', [changedTo(versionId)]])
  })
})
