import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { expectRefusal, token, useEmulator } from './emulator.ts'

const fixture = useEmulator()
const create = (input: ConstructorParameters<typeof CreateSecretCommand>[0]) =>
  fixture.client.send(new CreateSecretCommand(input))
const put = (input: Omit<ConstructorParameters<typeof PutSecretValueCommand>[0], 'SecretId'>) =>
  fixture.client.send(new PutSecretValueCommand({ SecretId: 'app/key', ...input }))
const update = (input: Omit<ConstructorParameters<typeof UpdateSecretCommand>[0], 'SecretId'>) =>
  fixture.client.send(new UpdateSecretCommand({ SecretId: 'app/key', ...input }))
const value = async () =>
  (await fixture.client.send(new GetSecretValueCommand({ SecretId: 'app/key' }))).SecretString
const stages = async () =>
  (await fixture.client.send(new DescribeSecretCommand({ SecretId: 'app/key' }))).VersionIdsToStages

describe('CreateSecret', () => {
  it('makes a first version that is AWSCURRENT', async () => {
    const answer = await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    expect(answer).toMatchObject({ Name: 'app/key', VersionId: token(1) })
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] })
  })

  it('makes no version when no value is given', async () => {
    expect((await create({ Name: 'app/key' })).VersionId).toBeUndefined()
  })

  it('answers the same again when token and value are the same', async () => {
    const input = { Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' }
    const first = await create(input)
    const second = await create(input)

    expect([second.ARN, second.VersionId]).toEqual([first.ARN, first.VersionId])
  })

  it.each([
    ['another token', { ClientRequestToken: token(2), SecretString: 'one' }],
    ['another value', { ClientRequestToken: token(1), SecretString: 'two' }],
  ])('refuses a name that exists when the request has %s', async (_what, change) => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    await expectRefusal(
      create({ Name: 'app/key', ...change }),
      'ResourceExistsException',
      'The operation failed because the secret app/key already exists.',
    )
    expect(await value()).toBe('one')
  })

  it.each(['with space', 'colon:', 'ümlaut', 'arn:aws:x'])('refuses the name %j', async (Name) => {
    await expectRefusal(
      create({ Name }),
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  })

  it('takes every character that AWS allows in a name', async () => {
    const Name = 'Az09/_+=.@-!'

    expect(await create({ Name })).toMatchObject({ Name })
  })

  it('refuses a name of more than 512 characters', async () => {
    const Name = 'n'.repeat(513)

    await expectRefusal(
      create({ Name }),
      'ValidationException',
      `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 512`,
    )
  })

  it('refuses a string and a binary value together', async () => {
    await expectRefusal(
      create({ Name: 'app/key', SecretString: 'one', SecretBinary: new Uint8Array([1]) }),
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  })

  it('counts the 65,536 bytes of a value in UTF-8 and does not repeat the value', async () => {
    await create({ Name: 'app/key', SecretString: 'é'.repeat(32_768) })

    await expectRefusal(
      create({ Name: 'app/other', SecretString: `${'é'.repeat(32_768)}x` }),
      'ValidationException',
      "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
    )
    await expectRefusal(
      create({ Name: 'app/other', SecretBinary: new Uint8Array(65_537) }),
      'ValidationException',
      "1 validation error detected: Value at 'secretBinary' failed to satisfy constraint: Member must have length less than or equal to 65536",
    )
  })

  it.each(['x'.repeat(31), 'x'.repeat(65)])(
    'refuses the token %s for its length',
    async (ClientRequestToken) => {
      await expectRefusal(
        create({ Name: 'app/key', ClientRequestToken, SecretString: 'one' }),
        'InvalidParameterException',
        'ClientRequestToken must be 32-64 characters long.',
      )
    },
  )
})

describe('PutSecretValue', () => {
  it('gives AWSCURRENT to the new version and AWSPREVIOUS to the former when no stages are named', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    const answer = await put({ ClientRequestToken: token(2), SecretString: 'two' })

    expect(answer).toMatchObject({ Name: 'app/key', VersionId: token(2), VersionStages: ['AWSCURRENT'] })
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] })
  })

  it('leaves AWSCURRENT alone when other stages are named', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    await put({ ClientRequestToken: token(2), SecretString: 'two', VersionStages: ['AWSPENDING'] })

    expect(await value()).toBe('one')
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: ['AWSPENDING'] })
  })

  it('gives the first version AWSCURRENT whatever stages are named', async () => {
    await create({ Name: 'app/key' })

    const answer = await put({ SecretString: 'one', VersionStages: ['AWSPENDING'] })

    expect(answer.VersionStages).toEqual(['AWSCURRENT', 'AWSPENDING'])
  })

  it('takes a stage away from the version that had it', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })
    await put({ ClientRequestToken: token(2), SecretString: 'two', VersionStages: ['blue', 'green'] })

    await put({ ClientRequestToken: token(3), SecretString: 'three', VersionStages: ['green'] })

    expect(await stages()).toEqual({
      [token(1)]: ['AWSCURRENT'],
      [token(2)]: ['blue'],
      [token(3)]: ['green'],
    })
  })

  it('takes AWSPENDING from the version that a new value displaces', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })
    await put({
      ClientRequestToken: token(2),
      SecretString: 'two',
      VersionStages: ['AWSCURRENT', 'AWSPENDING', 'mine'],
    })

    await put({ ClientRequestToken: token(3), SecretString: 'three' })

    expect(await stages()).toEqual({ [token(2)]: ['AWSPREVIOUS', 'mine'], [token(3)]: ['AWSCURRENT'] })
  })

  it('does nothing when token and value are the same', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })
    await put({ ClientRequestToken: token(2), SecretString: 'two' })

    const answer = await put({ ClientRequestToken: token(1), SecretString: 'one' })

    expect(answer).toMatchObject({ VersionId: token(1), VersionStages: ['AWSPREVIOUS'] })
    expect(await value()).toBe('two')
  })

  it('refuses a token that stands for another value', async () => {
    const { ARN } = await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    await expectRefusal(
      put({ ClientRequestToken: token(1), SecretString: 'two' }),
      'ResourceExistsException',
      `You can't use ClientRequestToken ${token(1)} because that value is already in use for a version of secret ${ARN}.`,
    )
  })

  it.each([{}, { SecretString: '' }])('refuses %j as no value', async (input) => {
    await create({ Name: 'app/key', SecretString: 'one' })

    await expectRefusal(
      put(input),
      'InvalidRequestException',
      'You must provide either SecretString or SecretBinary.',
    )
  })

  it('refuses more than 20 labels on a version and changes nothing', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1) })
    const VersionStages = Array.from({ length: 20 }, (_, n) => `label-${n}`)

    await expectRefusal(
      put({ SecretString: 'one', VersionStages }),
      'LimitExceededException',
      'The request failed because it would exceed one of the Secrets Manager quotas.',
    )
    expect(await stages()).toBeUndefined()
  })

  it('refuses a secret that does not exist', async () => {
    await expectRefusal(
      put({ SecretString: 'one' }),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it('gives a started rotation its value when the token is the rotation’s', async () => {
    fixture.emulator.put('app/key', 'one')
    const ClientRequestToken = fixture.emulator.startRotation('app/key')
    const pending = { SecretId: 'app/key', VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' }

    expect((await stages())?.[ClientRequestToken]).toEqual(['AWSPENDING'])
    await expectRefusal(
      fixture.client.send(new GetSecretValueCommand(pending)),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    )
    await put({ ClientRequestToken, SecretString: 'two', VersionStages: ['AWSPENDING'] })
    expect(await fixture.client.send(new GetSecretValueCommand(pending))).toMatchObject({
      SecretString: 'two',
    })
    expect(await value()).toBe('one')
  })
})

describe('UpdateSecret', () => {
  it('makes a new AWSCURRENT version when a value is given', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    expect(await update({ ClientRequestToken: token(2), SecretString: 'two' })).toMatchObject({
      VersionId: token(2),
    })
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] })
  })

  it('makes no version when only the description changes', async () => {
    await create({ Name: 'app/key', ClientRequestToken: token(1), SecretString: 'one' })

    expect((await update({ Description: 'new' })).VersionId).toBeUndefined()

    const described = await fixture.client.send(new DescribeSecretCommand({ SecretId: 'app/key' }))
    expect(described.Description).toBe('new')
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] })
  })

  it('refuses a token in use even with the same value', async () => {
    const input = { ClientRequestToken: token(1), SecretString: 'one' }
    const { ARN } = await create({ Name: 'app/key', ...input })

    await expectRefusal(
      update(input),
      'ResourceExistsException',
      `You can't use ClientRequestToken ${token(1)} because that value is already in use for a version of secret ${ARN}.`,
    )
  })
})
