import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../support/descriptors.ts'
import { allFaults, STAGE } from '../all-faults.ts'
import { GOLDEN_ON_ISSUE } from '../golden.ts'
import { packageProject, packageTemplate } from '../package.ts'

describe('serverless.yml, with other parameters', () => {
  it('makes no package of mistaken parameters, and says of all of them what is wrong', async () => {
    // Prepare: what the framework's own checks would stop at, each in a place of its own
    const params = { directory: 'none', corsOrigin: 'https://a.example', logRetentionInDays: '17' }
    // Act
    const refusal = await packageProject(STAGE, { params }).catch((error: object) => error)
    // Assess
    expect(refusal).toMatchObject({ code: 1, hasWritten: false })
    const { message } = refusal as Error
    expect(message).toContain('\ncorsOrigin (--param) is no parameter: did you mean corsOrigins?\n')
    expect(message).toContain('\ndirectory (--param) says "none": expected "table" or "on-issue".')
    expect(message).toContain('\nlogRetentionInDays (--param) says "17": expected 1, 3, 5, ')
    expect(message).not.toMatch(/^\s+at /m)
  }, 180_000)

  it('takes another stage with every parameter changed, and lets the issuing functions only enter users on top', async () => {
    // Prepare: with a stage this long, a role named after its function would exceed 64 characters
    const stage = 'preproduction-emea-2'
    // Act
    const other = await packageTemplate(stage, {
      params: {
        directory: 'on-issue',
        validatePath: '/r4nd0m-Segment_1/validate',
        validateReservedConcurrency: '5',
        chatReservedConcurrency: '7',
        routeRates: 'jwks=7, chatRelay=2',
        directoryWarmReadUnits: '40000',
        prewarmShares: '3',
        pollSeconds: '2.5',
        corsOrigins: 'https://www.example.com, https://shop.example:8443,',
        alarmActions: 'arn:aws:sns:eu-west-1:123456789012:alarms, arn:aws:sns:eu-west-1:123456789012:ops',
        logRetentionInDays: '30',
      },
    })
    // Assess
    expect(
      allFaults(other, {
        stage,
        golden: GOLDEN_ON_ISSUE,
        routes: { ...ENDPOINTS, validateEnterpriseToken: ['POST /r4nd0m-Segment_1/validate'] },
        origins: ['https://www.example.com', 'https://shop.example:8443'],
      }),
    ).toEqual([])
    const {
      HttpApiStage,
      ValidateEnterpriseTokenLambdaFunction,
      ChatRelayLambdaFunction,
      JwksLogGroup,
      PrewarmFailingAlarm,
      DirectoryTable,
      TokensTable,
    } = other.Resources
    expect(DirectoryTable?.Properties['WarmThroughput']).toEqual({ ReadUnitsPerSecond: 40_000 })
    expect(TokensTable?.Properties).not.toHaveProperty('WarmThroughput')
    expect(HttpApiStage?.Properties['RouteSettings']).toMatchObject({
      'GET /.well-known/jwks.json': { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 14 },
      'POST /apiaccess/ccmessaging/send': { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 4 },
    })
    const rules = Object.entries(other.Resources)
      .filter(([id, { Type }]) => Type === 'AWS::Events::Rule' && id.startsWith('PrewarmTokens'))
      .map(([, rule]) => rule)
    const inputs = rules.flatMap(({ Properties }) => (Properties['Targets'] as { Input: string }[])[0]?.Input)
    expect(inputs.map((input) => JSON.parse(input ?? ''))).toEqual(
      [0, 1, 2].map((share) => ({ share, of: 3 })),
    )
    expect(PrewarmFailingAlarm?.Properties['AlarmActions']).toEqual([
      'arn:aws:sns:eu-west-1:123456789012:alarms',
      'arn:aws:sns:eu-west-1:123456789012:ops',
    ])
    expect(HttpApiStage?.Properties['RouteSettings']).toHaveProperty(['POST /r4nd0m-Segment_1/validate'])
    expect(ValidateEnterpriseTokenLambdaFunction?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 5,
    })
    expect(ChatRelayLambdaFunction?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 7,
      // nine tenths of the seven that the relay has
      Environment: { Variables: { POLL_SECONDS: '2.5', POLL_EXECUTIONS: '6' } },
    })
    expect(JwksLogGroup?.Properties).toMatchObject({ RetentionInDays: 30 })
  }, 180_000)
})
