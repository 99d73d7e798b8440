import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Invoke,
  type RotationCall,
  type SecretsManagerEmulator,
  startSecretsManager,
} from '../../../../tools/local/secrets-manager/server.ts'
import { expectRefusal, token } from './emulator.ts'

const SecretId = 'app/key'
const RotationLambdaARN = 'arn:aws:lambda:eu-central-1:000000000000:function:rotate'
const RULES = { AutomaticallyAfterDays: 30 }
const ALL_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret']
const BUSY = "A previous rotation isn't complete. That rotation will be reattempted."

let emulator: SecretsManagerEmulator
let client: SecretsManagerClient
let calls: (RotationCall & { lambdaArn: string })[]
/** What the rotation function does, changed by tests. */
let work: (call: RotationCall) => Promise<unknown>
const now = Date.UTC(2026, 0, 15, 12)

const clientOf = (endpoint: string) =>
  new SecretsManagerClient({
    region: 'eu-central-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })

beforeEach(async () => {
  calls = []
  work = makeVersionCurrent
  const invoke: Invoke = (lambdaArn, call) => {
    calls.push({ lambdaArn, ...call })
    return work(call)
  }
  emulator = await startSecretsManager({ invoke, now: () => new Date(now), region: 'eu-central-1' })
  client = clientOf(emulator.url)
  await client.send(
    new CreateSecretCommand({ Name: SecretId, ClientRequestToken: token(1), SecretString: 'value 1' }),
  )
})
afterEach(async () => {
  client.destroy()
  await emulator.close()
})

/** The least that a rotation function does. */
const makeVersionCurrent = async ({ Step, ClientRequestToken }: RotationCall): Promise<void> => {
  const version = { SecretId, ClientRequestToken, SecretString: 'rotated', VersionStages: ['AWSPENDING'] }
  if (Step === 'createSecret') await client.send(new PutSecretValueCommand(version))
  if (Step !== 'finishSecret') return
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }))
  const [current] = Object.entries(VersionIdsToStages).find(([, held]) => held.includes('AWSCURRENT')) ?? []
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: current,
    }),
  )
}

const rotate = async (n: number, input: Partial<RotateSecretCommandInput> = {}) => {
  const answer = await client.send(
    new RotateSecretCommand({ SecretId, ClientRequestToken: token(n), ...input }),
  )
  await emulator.rotationsDone()
  return answer
}
const configured = { RotationLambdaARN, RotationRules: RULES }
const described = () => client.send(new DescribeSecretCommand({ SecretId }))
const steps = () => calls.map(({ Step }) => Step)

describe('RotateSecret', () => {
  it('calls the function with all four steps in order, for the version that it made', async () => {
    const answer = await rotate(2, configured)

    const { ARN, VersionIdsToStages } = await described()
    expect(answer).toMatchObject({ ARN, Name: SecretId, VersionId: token(2) })
    expect(calls).toEqual(
      ALL_STEPS.map((Step) => ({
        lambdaArn: RotationLambdaARN,
        Step,
        SecretId: ARN,
        ClientRequestToken: token(2),
      })),
    )
    expect(VersionIdsToStages).toEqual({
      [token(1)]: ['AWSPREVIOUS'],
      [token(2)]: ['AWSCURRENT', 'AWSPENDING'],
    })
  })

  it('is described, and remembers function and rules for the next time', async () => {
    expect((await described()).RotationEnabled).toBeUndefined()
    await rotate(2, configured)
    await rotate(3)

    expect(await described()).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN,
      RotationRules: RULES,
      LastRotatedDate: new Date(now),
      VersionIdsToStages: { [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT', 'AWSPENDING'] },
    })
    expect(steps()).toEqual([...ALL_STEPS, ...ALL_STEPS])
  })

  it('answers before the function has done anything', async () => {
    let release = () => {}
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    work = () => blocked
    await client.send(new RotateSecretCommand({ SecretId, ClientRequestToken: token(2), ...configured }))

    expect((await described()).VersionIdsToStages?.[token(2)]).toEqual(['AWSPENDING'])
    release()
    await emulator.rotationsDone()
  })

  it.each([
    ['createSecret', ['AWSPENDING']],
    ['setSecret', ['AWSPENDING']],
    ['testSecret', ['AWSPENDING']],
    ['finishSecret', ['AWSPENDING']],
  ])('stops at %s when that fails, leaves AWSPENDING, and is not a rotation', async (failing, stages) => {
    work = async (call) => {
      if (call.Step === failing) throw new Error('refused')
      await makeVersionCurrent(call)
    }
    await rotate(2, configured)

    expect(steps()).toEqual(ALL_STEPS.slice(0, ALL_STEPS.indexOf(failing) + 1))
    const { VersionIdsToStages, LastRotatedDate } = await described()
    expect(VersionIdsToStages).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: stages })
    expect(LastRotatedDate).toBeUndefined()
  })

  it('is refused after one that failed, until AWSPENDING is taken away', async () => {
    work = () => Promise.reject(new Error('refused'))
    await rotate(2, configured)
    work = makeVersionCurrent

    await expectRefusal(rotate(3), 'InvalidRequestException', BUSY)
    expect(calls).toHaveLength(1)
    const pending = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: token(2) }
    await client.send(new UpdateSecretVersionStageCommand(pending))
    await rotate(3)
    expect((await described()).VersionIdsToStages?.[token(3)]).toContain('AWSCURRENT')
  })

  it('calls testSecret alone without RotateImmediately, and leaves no version', async () => {
    await rotate(2, { ...configured, RotateImmediately: false })

    expect(steps()).toEqual(['testSecret'])
    expect(await described()).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN,
      VersionIdsToStages: { [token(1)]: ['AWSCURRENT'] },
    })
  })

  it('refuses a secret without a function', async () => {
    await expectRefusal(
      rotate(2),
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    )
    expect((await described()).VersionIdsToStages).toEqual({ [token(1)]: ['AWSCURRENT'] })
  })

  it('refuses a secret that is marked for deletion', async () => {
    await client.send(new DeleteSecretCommand({ SecretId }))
    await expectRefusal(
      rotate(2, configured),
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    )
  })

  it.each([
    [
      { RotationRules: { AutomaticallyAfterDays: 0 } },
      'ValidationException',
      "1 validation error detected: Value '0' at 'automaticallyAfterDays' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { RotationRules: { AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' } },
      'InvalidParameterException',
      "You can't specify both AutomaticallyAfterDays and ScheduleExpression.",
    ],
    [
      { ClientRequestToken: 'short' },
      'InvalidParameterException',
      'ClientRequestToken must be 32-64 characters long.',
    ],
  ])('refuses %j and begins nothing', async (input, name, message) => {
    await expectRefusal(rotate(2, { ...configured, ...input }), name, message)
    expect((await described()).RotationEnabled).toBeUndefined()
    expect(calls).toEqual([])
  })

  it('refuses when the emulator was given no function to call', async () => {
    const bare = await startSecretsManager()
    bare.put(SecretId, 'one')
    const other = clientOf(bare.url)
    await expectRefusal(
      other.send(new RotateSecretCommand({ SecretId, ...configured })),
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    )
    other.destroy()
    await bare.close()
  })
})

describe('CancelRotateSecret', () => {
  const cancel = () => client.send(new CancelRotateSecretCommand({ SecretId }))

  it('switches rotation off, keeps showing the function, and a rotation switches it on again', async () => {
    await rotate(2, configured)

    expect(await cancel()).toMatchObject({ Name: SecretId, VersionId: token(2) })
    expect(await described()).toMatchObject({
      RotationEnabled: false,
      RotationLambdaARN,
      RotationRules: RULES,
    })
    await rotate(3)
    expect((await described()).RotationEnabled).toBe(true)
  })

  it('stops a rotation that is under way before its next step', async () => {
    work = async (call) => {
      await makeVersionCurrent(call)
      if (call.Step === 'setSecret') await cancel()
    }
    await rotate(2, configured)

    expect(steps()).toEqual(['createSecret', 'setSecret'])
    expect((await described()).VersionIdsToStages?.[token(2)]).toEqual(['AWSPENDING'])
  })

  it('refuses a secret whose rotation was never configured', async () => {
    await expect(cancel()).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('enableRotation', () => {
  it('configures without rotating, so that RotateSecret needs no more than the name', async () => {
    emulator.enableRotation(SecretId, RotationLambdaARN, 30)
    expect(calls).toEqual([])
    expect(await described()).toMatchObject({ RotationEnabled: true, RotationRules: RULES })
    await rotate(2)
    expect(steps()).toEqual(ALL_STEPS)
  })
})
