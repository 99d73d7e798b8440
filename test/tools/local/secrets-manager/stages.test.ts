import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, token, useEmulator } from './emulator.ts'

const fixture = useEmulator()
const SecretId = 'app/key'
const put = (n: number, VersionStages?: string[]) =>
  fixture.client.send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken: token(n),
      SecretString: `value ${n}`,
      VersionStages,
    }),
  )
const move = (VersionStage: string, from?: number, to?: number) =>
  fixture.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage,
      RemoveFromVersionId: from === undefined ? undefined : token(from),
      MoveToVersionId: to === undefined ? undefined : token(to),
    }),
  )
const stages = async () =>
  (await fixture.client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages

beforeEach(async () => {
  await fixture.client.send(
    new CreateSecretCommand({ Name: SecretId, ClientRequestToken: token(1), SecretString: 'value 1' }),
  )
  await put(2, ['AWSPENDING'])
})

describe('UpdateSecretVersionStage', () => {
  it('moves AWSCURRENT and gives AWSPREVIOUS to the version that had it', async () => {
    expect(await move('AWSCURRENT', 1, 2)).toMatchObject({ Name: SecretId })

    expect(await stages()).toEqual({
      [token(1)]: ['AWSPREVIOUS'],
      [token(2)]: ['AWSCURRENT', 'AWSPENDING'],
    })
  })

  it('takes AWSPREVIOUS from the version before the former one', async () => {
    await move('AWSCURRENT', 1, 2)
    await put(3, ['AWSPENDING'])

    await move('AWSCURRENT', 2, 3)

    expect(await stages()).toEqual({
      [token(2)]: ['AWSPREVIOUS'],
      [token(3)]: ['AWSCURRENT', 'AWSPENDING'],
    })
  })

  it('swaps AWSCURRENT and AWSPREVIOUS when going back', async () => {
    await move('AWSCURRENT', 1, 2)

    await move('AWSCURRENT', 2, 1)

    expect(await stages()).toEqual({
      [token(1)]: ['AWSCURRENT'],
      [token(2)]: ['AWSPENDING', 'AWSPREVIOUS'],
    })
  })

  it('removes a label when no target is named', async () => {
    await move('AWSPENDING', 2)

    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] })
  })

  it('adds a label that no version has without RemoveFromVersionId', async () => {
    await move('blue', undefined, 2)

    expect((await stages())?.[token(2)]).toEqual(['AWSPENDING', 'blue'])
  })

  it('changes nothing when the target has the label already', async () => {
    const before = await stages()

    await move('AWSCURRENT', undefined, 1)

    expect(await stages()).toEqual(before)
  })

  it.each([
    [
      'RemoveFromVersionId is missing',
      () => move('AWSCURRENT', undefined, 2),
      `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${token(1)}, so you must explicitly reference that version in RemoveFromVersionId.`,
    ],
    [
      'RemoveFromVersionId names another version',
      () => move('AWSCURRENT', 2, 2),
      `Staging label AWSCURRENT isn't currently attached to version ${token(2)}.`,
    ],
    [
      'RemoveFromVersionId names no version',
      () => move('AWSPENDING', 9),
      `Staging label AWSPENDING isn't currently attached to version ${token(9)}.`,
    ],
    [
      'AWSCURRENT would be removed',
      () => move('AWSCURRENT', 1),
      'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
    ],
    [
      'neither version is named',
      () => move('AWSPENDING'),
      'You must specify MoveToVersionId or RemoveFromVersionId.',
    ],
  ])('refuses and changes nothing when %s', async (_when, act, message) => {
    const before = await stages()

    await expectRefusal(act(), 'InvalidParameterException', message)

    expect(await stages()).toEqual(before)
  })

  it('refuses a target that does not exist', async () => {
    await expectRefusal(
      move('AWSCURRENT', 1, 9),
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for VersionId: ${token(9)}`,
    )
  })
})

describe('GetSecretValue of a version without a label', () => {
  const get = (n: number) => fixture.client.send(new GetSecretValueCommand({ SecretId, VersionId: token(n) }))

  it('still answers its value', async () => {
    await move('AWSPENDING', 2)

    const value = await get(2)
    expect(value).toMatchObject({ SecretString: 'value 2' })
    expect(value.VersionStages).toBeUndefined()
  })

  it('ends with the 101st version: 100 are kept, and the oldest without a label is dropped', async () => {
    for (let n = 3; n <= 100; n += 1) await put(n)
    expect(await get(1)).toMatchObject({ SecretString: 'value 1' })

    await put(101)

    const message = `Secrets Manager can't find the specified secret value for VersionId: ${token(1)}`
    await expectRefusal(get(1), 'ResourceNotFoundException', message)
    // older than the third, and kept for its label
    expect(await get(2)).toMatchObject({ VersionStages: ['AWSPENDING'] })
    expect(await get(3)).toMatchObject({ SecretString: 'value 3' })
  })
})
