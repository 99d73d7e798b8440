import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { expectRefusal, token, useEmulator } from './emulator.ts'

const fixture = useEmulator()
const get = (input: GetSecretValueCommandInput) => fixture.client.send(new GetSecretValueCommand(input))
const put = (n: number, SecretString: string, VersionStages?: string[]) =>
  fixture.client.send(
    new PutSecretValueCommand({
      SecretId: 'app/key',
      ClientRequestToken: token(n),
      SecretString,
      VersionStages,
    }),
  )

describe('GetSecretValue', () => {
  it('answers the AWSCURRENT version when neither version nor stage is named', async () => {
    fixture.emulator.put('app/key', 'one')
    await put(2, 'two')

    expect(await get({ SecretId: 'app/key' })).toMatchObject({
      ARN: expect.stringMatching(
        /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:app\/key-[A-Za-z]{6}$/,
      ),
      Name: 'app/key',
      SecretString: 'two',
      VersionId: token(2),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date('2026-01-15T12:00:00Z'),
    })
  })

  it('answers the named stage or version', async () => {
    fixture.emulator.put('app/key', 'one')
    await put(2, 'two')
    await put(3, 'three', ['AWSPENDING'])

    expect(await get({ SecretId: 'app/key', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'one',
    })
    expect(await get({ SecretId: 'app/key', VersionId: token(3) })).toMatchObject({ SecretString: 'three' })
    expect(await get({ SecretId: 'app/key', VersionId: token(2), VersionStage: 'AWSCURRENT' })).toMatchObject(
      { SecretString: 'two' },
    )
  })

  it('answers bytes when the secret is binary', async () => {
    const SecretBinary = new Uint8Array([0, 255, 10])
    await fixture.client.send(new CreateSecretCommand({ Name: 'binary', SecretBinary }))

    const answer = await get({ SecretId: 'binary' })

    expect(answer.SecretString).toBeUndefined()
    expect(answer.SecretBinary).toEqual(SecretBinary)
  })

  it('finds a secret by name, full ARN and ARN without suffix', async () => {
    fixture.emulator.put('app/key', 'one')
    const { ARN = '' } = await get({ SecretId: 'app/key' })

    expect(await get({ SecretId: ARN })).toMatchObject({ SecretString: 'one' })
    expect(await get({ SecretId: ARN.slice(0, -7) })).toMatchObject({ SecretString: 'one' })
  })

  it('takes a partial ARN for a complete one when the name ends like a suffix', async () => {
    fixture.emulator.put('app-secret', 'one')
    const { ARN = '' } = await get({ SecretId: 'app-secret' })

    expect(await get({ SecretId: ARN })).toMatchObject({ SecretString: 'one' })
    await expectRefusal(
      get({ SecretId: ARN.slice(0, -7) }),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it.each([
    ['name', 'absent'],
    ['ARN', 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:absent-AbCdEf'],
    ['partial ARN', 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:absent'],
    ['ARN of another region', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:app/key'],
  ])('refuses an unknown %s', async (_kind, SecretId) => {
    fixture.emulator.put('app/key', 'one')

    await expectRefusal(
      get({ SecretId }),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it('refuses a stage that no version has', async () => {
    fixture.emulator.put('app/key', 'one')

    await expectRefusal(
      get({ SecretId: 'app/key', VersionStage: 'AWSPENDING' }),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    )
  })

  it('refuses a version that does not exist', async () => {
    fixture.emulator.put('app/key', 'one')

    await expectRefusal(
      get({ SecretId: 'app/key', VersionId: token(9) }),
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for VersionId: ${token(9)}`,
    )
  })

  it('refuses a stage that is on another version than the named one', async () => {
    fixture.emulator.put('app/key', 'one')
    await put(2, 'two')

    await expectRefusal(
      get({ SecretId: 'app/key', VersionId: token(2), VersionStage: 'AWSPREVIOUS' }),
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    )
  })

  it('refuses a secret that has no value yet', async () => {
    await fixture.client.send(new CreateSecretCommand({ Name: 'empty' }))

    await expectRefusal(
      get({ SecretId: 'empty' }),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    )
  })

  it.each([
    [
      undefined,
      "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
    ],
    [
      '',
      "1 validation error detected: Value '' at 'secretId' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a b',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    ],
  ])('refuses the SecretId %j', async (SecretId, message) => {
    await expectRefusal(get({ SecretId }), 'ValidationException', message)
  })
})

describe('DescribeSecret', () => {
  it('answers what is known about a secret, without its value', async () => {
    await fixture.client.send(
      new CreateSecretCommand({
        Name: 'app/key',
        ClientRequestToken: token(1),
        Description: 'a key',
        SecretString: 'one',
        Tags: [{ Key: 'team', Value: 'contact' }],
      }),
    )
    fixture.advance(60_000)
    await put(2, 'two')

    const { $metadata, ...answer } = await fixture.client.send(
      new DescribeSecretCommand({ SecretId: 'app/key' }),
    )

    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer).toEqual({
      ARN: expect.stringContaining(':secret:app/key-'),
      Name: 'app/key',
      Description: 'a key',
      Tags: [{ Key: 'team', Value: 'contact' }],
      CreatedDate: new Date('2026-01-15T12:00:00Z'),
      LastChangedDate: new Date('2026-01-15T12:01:00Z'),
      VersionIdsToStages: { [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] },
    })
  })

  it('gives the last access by the day', async () => {
    fixture.emulator.put('app/key', 'one')
    await get({ SecretId: 'app/key' })

    const answer = await fixture.client.send(new DescribeSecretCommand({ SecretId: 'app/key' }))

    expect(answer.LastAccessedDate).toEqual(new Date('2026-01-15T00:00:00Z'))
  })

  it('leaves out the versions when there is none', async () => {
    await fixture.client.send(new CreateSecretCommand({ Name: 'empty' }))

    const answer = await fixture.client.send(new DescribeSecretCommand({ SecretId: 'empty' }))

    expect(answer.VersionIdsToStages).toBeUndefined()
  })
})
