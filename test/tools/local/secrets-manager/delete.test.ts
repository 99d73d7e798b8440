import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, useEmulator } from './emulator.ts'

const DAY_MS = 86_400_000
const SecretId = 'app/key'
const MARKED = "You can't perform this operation on the secret because it was marked for deletion."

const fixture = useEmulator()
const remove = (input: Omit<ConstructorParameters<typeof DeleteSecretCommand>[0], 'SecretId'> = {}) =>
  fixture.client.send(new DeleteSecretCommand({ SecretId, ...input }))
const get = () => fixture.client.send(new GetSecretValueCommand({ SecretId }))

beforeEach(() => fixture.emulator.put(SecretId, 'value'))

describe('DeleteSecret', () => {
  it.each([
    [undefined, '2026-02-14T12:00:00Z'],
    [7, '2026-01-22T12:00:00Z'],
    [30, '2026-02-14T12:00:00Z'],
  ])('marks the secret for deletion when the window is %s days', async (RecoveryWindowInDays, expected) => {
    const answer = await remove({ RecoveryWindowInDays })

    expect(answer).toMatchObject({ Name: SecretId, DeletionDate: new Date(expected) })
    const described = await fixture.client.send(new DescribeSecretCommand({ SecretId }))
    expect(described.DeletedDate).toEqual(new Date('2026-01-15T12:00:00Z'))
  })

  it.each([
    ['GetSecretValue', get],
    [
      'PutSecretValue',
      () => fixture.client.send(new PutSecretValueCommand({ SecretId, SecretString: 'new' })),
    ],
    ['UpdateSecret', () => fixture.client.send(new UpdateSecretCommand({ SecretId, Description: 'new' }))],
    [
      'UpdateSecretVersionStage',
      () =>
        fixture.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: 'blue',
            MoveToVersionId: 'x'.repeat(32),
          }),
        ),
    ],
  ])('makes %s refuse the marked secret', async (_action, act) => {
    await remove()

    await expectRefusal(act(), 'InvalidRequestException', MARKED)
  })

  it('keeps the name of a marked secret taken', async () => {
    await remove()

    await expectRefusal(
      fixture.client.send(new CreateSecretCommand({ Name: SecretId })),
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
  })

  it('refuses a secret that is marked already', async () => {
    await remove()

    await expectRefusal(
      remove(),
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    )
  })

  it('lets the secret go when its window ends', async () => {
    await remove({ RecoveryWindowInDays: 7 })
    fixture.advance(7 * DAY_MS)

    await expectRefusal(
      get(),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it('frees the name at once when forced, also for a marked secret', async () => {
    await remove()
    await remove({ ForceDeleteWithoutRecovery: true })

    await fixture.client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'again' }))
    expect(await get()).toMatchObject({ SecretString: 'again' })
  })

  it('succeeds for a secret that does not exist when forced, and only then', async () => {
    const absent = { SecretId: 'absent' }

    expect(
      await fixture.client.send(new DeleteSecretCommand({ ...absent, ForceDeleteWithoutRecovery: true })),
    ).toMatchObject({ Name: 'absent' })
    await expectRefusal(
      fixture.client.send(new DeleteSecretCommand(absent)),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it.each([
    [
      { RecoveryWindowInDays: 6 },
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    ],
    [
      { RecoveryWindowInDays: 31 },
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    ],
    [
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    ],
  ])('refuses %j', async (input, message) => {
    await expectRefusal(remove(input), 'InvalidParameterException', message)
    expect(await get()).toMatchObject({ SecretString: 'value' })
  })
})

describe('RestoreSecret', () => {
  it('gives a marked secret back', async () => {
    await remove()

    expect(await fixture.client.send(new RestoreSecretCommand({ SecretId }))).toMatchObject({
      Name: SecretId,
    })
    expect(await get()).toMatchObject({ SecretString: 'value' })
  })
})
