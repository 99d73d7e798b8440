import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsSecretSource, awsSecretVault } from '../../../lib/secrets/aws.ts'
import { NO_VERSION, putInPlaceOf, readOrInitial } from '../../../lib/secrets/initial.ts'
import {
  type SecretsManagerEmulator,
  startSecretsManager,
} from '../../../tools/local/secrets-manager/server.ts'
import { secret } from '../../support/canary.ts'

const INITIAL = '{"keys":[]}'

let secretsManager: SecretsManagerEmulator
let client: SecretsManagerClient
let count = 0
let name: string

beforeAll(async () => {
  secretsManager = await startSecretsManager()
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: secret('AWS secret key', 'unused-secret-access-key'),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  })
  client = new SecretsManagerClient()
})
afterAll(async () => {
  client.destroy()
  await secretsManager.close()
})
beforeEach(async () => {
  count += 1
  name = `initial/${count}`
  // As CloudFormation makes a secret whose template has no value.
  await client.send(new CreateSecretCommand({ Name: name }))
})

const read = (initial: string | undefined = INITIAL) =>
  readOrInitial(awsSecretSource(), name, { stage: 'AWSCURRENT', initial }).catch((error: unknown) => error)

describe('lib/secrets/initial: readOrInitial', () => {
  it('gives the initial text while nothing was ever written, under a version id that no version has', async () => {
    expect(await read()).toEqual({ versionId: '', value: INITIAL })
  })

  it('gives what was written as soon as something was', async () => {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: '{"keys":["k"]}' }))
    expect(await read()).toMatchObject({
      versionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      value: '{"keys":["k"]}',
    })
  })

  it('throws where there is no initial text', async () => {
    expect(
      await readOrInitial(awsSecretSource(), name, { stage: 'AWSCURRENT', initial: undefined }).catch(String),
    ).toBe('SecretSourceError: ResourceNotFoundException (unset)')
  })

  it.each([
    ['is marked for deletion', {}, 'InvalidRequestException'],
    ['is gone', { ForceDeleteWithoutRecovery: true }, 'ResourceNotFoundException'],
  ])('throws, and gives no initial text, for a secret that %s', async (_state, how, reason) => {
    await client.send(new DeleteSecretCommand({ SecretId: name, ...how }))
    expect(await read()).toMatchObject({ failure: 'final', reason })
  })

  it.each([
    ['AccessDeniedException', 400, 'final'],
    ['InternalServiceError', 500, 'transient'],
  ])('throws, and gives no initial text, for %s', async (type, status, failure) => {
    secretsManager.fail({ kind: 'error', status, type, times: 5 })
    expect(await read()).toMatchObject({ failure, reason: type })
    secretsManager.clearFaults()
  })
})

describe('lib/secrets/initial: putInPlaceOf', () => {
  const [one, two] = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string]
  const put = (versionId: string, from: string, vault = awsSecretVault()) =>
    putInPlaceOf(vault, name, { versionId, value: `"${versionId}"`, from })
  const inForce = async () => (await awsSecretSource().read(name, 'AWSCURRENT')).versionId

  it('puts the first value in force, where Secrets Manager does so at once', async () => {
    await put(one, NO_VERSION)
    expect(await inForce()).toBe(one)
  })

  it('puts the first value in force, where Secrets Manager leaves it beside', async () => {
    const moved: unknown[] = []
    const vault = {
      ...awsSecretVault(),
      put: async () => undefined,
      makeCurrent: async (...move: unknown[]) => {
        moved.push(move)
      },
    }
    await put(one, NO_VERSION, vault)
    expect(moved).toEqual([[name, one, undefined]])
  })

  it('puts a later value in the place of the one that was read, and of no other', async () => {
    await put(one, NO_VERSION)
    for (const from of [NO_VERSION, two]) {
      await expect(put('3'.repeat(32), from)).rejects.toMatchObject({ reason: 'InvalidParameterException' })
      expect(await inForce()).toBe(one)
    }
    await put(two, one)
    expect(await inForce()).toBe(two)
  })
})
