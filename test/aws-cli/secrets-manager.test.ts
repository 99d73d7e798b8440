import { beforeEach, describe, expect, it } from 'vitest'
import { type SecretsManagerEmulator, startSecretsManager } from '../../tools/local/secrets-manager/server.ts'
import { aws, requireAws } from './aws.ts'

const ARN = /^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/key-[A-Za-z]{6}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let emulator: SecretsManagerEmulator

beforeEach(async () => {
  // Before each test, not once for all: a failure in beforeAll would report the tests as skipped.
  await requireAws()
  emulator = await startSecretsManager()
  return () => emulator.close()
})

function sm(...args: string[]) {
  return aws('--endpoint-url', emulator.url, 'secretsmanager', ...args)
}

/** Runs a command that must succeed, and parses what it prints. */
async function ok(...args: string[]) {
  const { code, stdout, stderr } = await sm(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

/** Runs a command that must fail with exactly this error, and print nothing else. */
async function refused(args: string[], name: string, operation: string, message: string) {
  expect(await sm(...args)).toEqual({
    code: 254,
    stdout: '',
    stderr: `\nAn error occurred (${name}) when calling the ${operation} operation: ${message}\n`,
  })
}

describe('aws secretsmanager', () => {
  it('creates a secret and gets its value', async () => {
    const created = await ok('create-secret', '--name', 'app/key', '--secret-string', '{"a":1}')
    const got = await ok('get-secret-value', '--secret-id', 'app/key')

    expect(created).toEqual({
      ARN: expect.stringMatching(ARN),
      Name: 'app/key',
      VersionId: expect.stringMatching(UUID),
    })
    expect(got).toEqual({
      ...created,
      SecretString: '{"a":1}',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    expect((await ok('get-secret-value', '--secret-id', created.ARN)).SecretString).toBe('{"a":1}')
  })

  it('puts a value and gets it by stage', async () => {
    emulator.put('app/key', 'one')

    const put = await ok('put-secret-value', '--secret-id', 'app/key', '--secret-string', 'two')
    const previous = ['get-secret-value', '--secret-id', 'app/key', '--version-stage', 'AWSPREVIOUS']

    expect(put).toMatchObject({ Name: 'app/key', VersionStages: ['AWSCURRENT'] })
    expect((await ok('get-secret-value', '--secret-id', 'app/key')).SecretString).toBe('two')
    expect((await ok(...previous)).SecretString).toBe('one')
  })

  it('stores and prints binary values in base64', async () => {
    await ok('create-secret', '--name', 'binary', '--secret-binary', 'AP8K')

    expect((await ok('get-secret-value', '--secret-id', 'binary')).SecretBinary).toBe('AP8K')
  })

  it('lists secrets by name prefix, in pages', async () => {
    for (const name of ['app/1', 'app/2', 'app/3', 'other']) emulator.put(name, 'value')
    const filter = ['list-secrets', '--filters', 'Key=name,Values=app/']
    const names = (answer: { SecretList: { Name: string }[] }) => answer.SecretList.map(({ Name }) => Name)

    expect(names(await ok('list-secrets', '--page-size', '1'))).toEqual(['app/1', 'app/2', 'app/3', 'other'])
    expect(emulator.calls('ListSecrets')).toBe(4)
    const first = await ok(...filter, '--max-items', '2')
    expect(names(first)).toEqual(['app/1', 'app/2'])
    const second = await ok(...filter, '--max-items', '2', '--starting-token', first.NextToken)
    expect(names(second)).toEqual(['app/3'])
    expect(second.NextToken).toBeUndefined()
    expect(names(await ok('list-secrets', '--filters', 'Key=name,Values=!app/'))).toEqual(['other'])
  })

  it('moves AWSCURRENT to the pending version', async () => {
    const { VersionId: old } = await ok('create-secret', '--name', 'app/key', '--secret-string', 'one')
    const { VersionId: pending } = await ok(
      ...['put-secret-value', '--secret-id', 'app/key'],
      ...['--secret-string', 'two', '--version-stages', 'AWSPENDING'],
    )
    const move = [
      ...['update-secret-version-stage', '--secret-id', 'app/key'],
      ...['--version-stage', 'AWSCURRENT', '--move-to-version-id', pending],
    ]

    await refused(
      move,
      'InvalidParameterException',
      'UpdateSecretVersionStage',
      `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${old}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
    expect(await ok(...move, '--remove-from-version-id', old)).toMatchObject({ Name: 'app/key' })
    expect((await ok('describe-secret', '--secret-id', 'app/key')).VersionIdsToStages).toEqual({
      [old]: ['AWSPREVIOUS'],
      [pending]: ['AWSCURRENT', 'AWSPENDING'],
    })
    await refused(
      [
        ...['update-secret-version-stage', '--secret-id', 'app/key'],
        ...['--version-stage', 'AWSCURRENT', '--remove-from-version-id', pending],
      ],
      'InvalidParameterException',
      'UpdateSecretVersionStage',
      'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
    )
  })

  it('rotates a secret by the function that is given, and describes it', async () => {
    const seen: string[] = []
    const lambda = 'arn:aws:lambda:us-east-1:000000000000:function:rotate'
    await emulator.close()
    emulator = await startSecretsManager({
      invoke: async (arn, { Step }) => {
        seen.push(`${arn} ${Step}`)
        if (Step === 'setSecret') throw new Error('stopped here')
      },
    })
    const { VersionId: old } = await ok('create-secret', '--name', 'app/key', '--secret-string', 'one')
    const rotate = ['rotate-secret', '--secret-id', 'app/key']

    const { VersionId: pending } = await ok(
      ...[...rotate, '--rotation-lambda-arn', lambda],
      ...['--rotation-rules', 'AutomaticallyAfterDays=30'],
    )
    await emulator.rotationsDone()

    expect(seen).toEqual([`${lambda} createSecret`, `${lambda} setSecret`])
    expect(await ok('describe-secret', '--secret-id', 'app/key')).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: lambda,
      RotationRules: { AutomaticallyAfterDays: 30 },
      VersionIdsToStages: { [old]: ['AWSCURRENT'], [pending]: ['AWSPENDING'] },
    })
    await refused(
      rotate,
      'InvalidRequestException',
      'RotateSecret',
      "A previous rotation isn't complete. That rotation will be reattempted.",
    )
    await ok('cancel-rotate-secret', '--secret-id', 'app/key')
    expect((await ok('describe-secret', '--secret-id', 'app/key')).RotationEnabled).toBe(false)
  })

  it('updates description and value', async () => {
    emulator.put('app/key', 'one')

    await ok('update-secret', '--secret-id', 'app/key', '--description', 'new', '--secret-string', 'two')

    expect((await ok('describe-secret', '--secret-id', 'app/key')).Description).toBe('new')
    expect((await ok('get-secret-value', '--secret-id', 'app/key')).SecretString).toBe('two')
  })

  it('deletes with a window, restores, and deletes for good', async () => {
    emulator.put('app/key', 'one')
    const id = ['--secret-id', 'app/key']

    await ok('delete-secret', ...id, '--recovery-window-in-days', '7')
    await refused(
      ['get-secret-value', ...id],
      'InvalidRequestException',
      'GetSecretValue',
      "You can't perform this operation on the secret because it was marked for deletion.",
    )
    await ok('restore-secret', ...id)
    expect((await ok('get-secret-value', ...id)).SecretString).toBe('one')
    await ok('delete-secret', ...id, '--force-delete-without-recovery')
    await ok('delete-secret', ...id, '--force-delete-without-recovery')
    await refused(
      ['delete-secret', ...id],
      'ResourceNotFoundException',
      'DeleteSecret',
      "Secrets Manager can't find the specified secret.",
    )
  })

  it.each([
    [
      ['get-secret-value', '--secret-id', 'absent'],
      'ResourceNotFoundException',
      'GetSecretValue',
      "Secrets Manager can't find the specified secret.",
    ],
    [
      ['get-secret-value', '--secret-id', 'app/key', '--version-stage', 'AWSPENDING'],
      'ResourceNotFoundException',
      'GetSecretValue',
      "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    ],
    [
      ['create-secret', '--name', 'app/key', '--secret-string', 'two'],
      'ResourceExistsException',
      'CreateSecret',
      'The operation failed because the secret app/key already exists.',
    ],
    [
      ['create-secret', '--name', 'no spaces'],
      'ValidationException',
      'CreateSecret',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    ],
    [
      ['put-secret-value', '--secret-id', 'app/key'],
      'InvalidRequestException',
      'PutSecretValue',
      'You must provide either SecretString or SecretBinary.',
    ],
    [
      ['delete-secret', '--secret-id', 'app/key', '--recovery-window-in-days', '6'],
      'InvalidParameterException',
      'DeleteSecret',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    ],
    [
      ['list-secrets', '--max-items', '1', '--starting-token', 'bm9uc2Vuc2U='],
      'InvalidNextTokenException',
      'ListSecrets',
      'The NextToken value is invalid.',
    ],
    [
      ['rotate-secret', '--secret-id', 'app/key'],
      'InvalidRequestException',
      'RotateSecret',
      'No Lambda rotation function ARN is associated with this secret.',
    ],
    [
      ['stop-replication-to-replica', '--secret-id', 'app/key'],
      'UnknownOperationException',
      'StopReplicationToReplica',
      'Unknown operation.',
    ],
  ])('prints the error of %j', async (args, name, operation, message) => {
    emulator.put('app/key', 'one')

    await refused(args, name, operation, message)
  })
})
