import { describe, expect, it } from 'vitest'
import { METRICS, OUTCOMES } from '../../../lib/metrics.ts'
import { alarmName } from '../../../tools/package/alarm-rows.ts'
import { ALARMS } from '../../../tools/package/alarm-table.ts'
import { alarmResources } from '../../../tools/package/alarms.ts'
import { FUNCTIONS } from '../../template/golden.ts'

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms'
const resources = alarmResources(ALARMS, { stage: 'prod', actions: [TOPIC], isProbed: true })
const properties = (id: string) => resources[id]?.Properties ?? {}

describe('tools/package/alarms', () => {
  it('makes an alarm on a metric of the stage', () => {
    expect(resources['TokensEndangeredAlarm']).toEqual({
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmDescription:
          'Severity 2. Machine tokens are about to end or have ended, and cannot be renewed. Runbook: docs/operate.md#tokensendangered',
        AlarmActions: [TOPIC],
        Namespace: 'cec-token-bridge',
        MetricName: 'TokensEndangered',
        Dimensions: [{ Name: 'stage', Value: 'prod' }],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'ignore',
      },
    })
  })

  it.each([
    [1, 3, 60],
    [2, 6, 30],
    [3, 11, 20],
  ])(
    'rings with %i shares of the schedule where one alone does not run, or fails',
    (shares, runs, percent) => {
      const place = { stage: 'prod', actions: [TOPIC], isProbed: false, shares }
      const threshold = (id: string) => alarmResources(ALARMS, place)[id]?.Properties['Threshold']
      expect(threshold('PrewarmNotRunningAlarm')).toBe(runs)
      expect(threshold('PrewarmFailingAlarm')).toBe(percent)
      expect(threshold('TokensLeftAlarm')).toBe(1)
    },
  )

  it('makes one of a function on what Lambda counts, where silence may be the fault', () => {
    expect(properties('PrewarmNotRunningAlarm')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'PrewarmTokensLambdaFunction' } }],
      Threshold: 3,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    })
  })

  it('makes one of a share, for each function', () => {
    const { Metrics, ...alarm } = properties('IssueAgentTokenAnswersFailedAlarm')
    expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 3, DatapointsToAlarm: 2 })
    expect(alarm).not.toHaveProperty('MetricName')
    expect(Metrics).toMatchObject([
      {
        Id: 'bad',
        MetricStat: {
          Metric: {
            MetricName: 'AnswersFailed',
            Dimensions: [
              { Name: 'stage', Value: 'prod' },
              { Name: 'function', Value: 'issueAgentToken' },
            ],
          },
        },
      },
      { Id: 'all', MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Invocations' } } },
      { Expression: '100 * bad / all', ReturnData: true },
    ])
  })

  it('makes one of several, which notifies in their place', () => {
    expect(resources['IssuingDownAlarm']?.Type).toBe('AWS::CloudWatch::CompositeAlarm')
    const partsOf = (id: string) =>
      (properties(id)['AlarmRule'] as { 'Fn::Sub': string })['Fn::Sub'].split(' OR ')
    expect(partsOf('ValidateAgentTokenValidatingDownAlarm')).toEqual([
      'ALARM("${ValidateAgentTokenAnswersFailedAlarm}")',
      'ALARM("${ValidateAgentTokenCrashingAlarm}")',
      'ALARM("${ValidateAgentTokenThrottledAlarm}")',
    ])
    expect(partsOf('IssuingDownAlarm')).toContain('ALARM("${IssueAccessTokenCrashingAlarm}")')
    expect(partsOf('IssuingDownAlarm')).toHaveLength(9)
    expect(properties('ValidateAgentTokenValidatingDownAlarm')['AlarmActions']).toEqual([TOPIC])
    expect(properties('ValidateAgentTokenCrashingAlarm')['AlarmActions']).toEqual([])
  })

  it('makes one of a percentile', () => {
    expect(properties('ValidateEnterpriseTokenSlowAlarm')).toMatchObject({
      ...{ MetricName: 'Duration', ExtendedStatistic: 'p99', Threshold: 1000 },
    })
    expect(properties('ValidateEnterpriseTokenSlowAlarm')).not.toHaveProperty('Statistic')
  })

  it('makes one of a burn rate: two windows, both of which must ring; what it says sooner the others do not repeat', () => {
    const [fast, slow] = ['ValidateAgentTokenBurningFast', 'ValidateAgentTokenBurningSlow']
    expect(properties(`${fast}Alarm`)).toMatchObject({
      AlarmRule: { 'Fn::Sub': `ALARM("\${${fast}LongAlarm}") AND ALARM("\${${fast}ShortAlarm}")` },
      AlarmActions: [TOPIC],
    })
    expect(properties(`${fast}Alarm`)).not.toHaveProperty('ActionsSuppressor')
    for (const id of [`${slow}Alarm`, 'ValidateAgentTokenValidatingDownAlarm'])
      expect(properties(id)['ActionsSuppressor']).toEqual({ Ref: `${fast}Alarm` })
    expect(properties('IssuingDownAlarm')).not.toHaveProperty('ActionsSuppressor')
    const windows = [`${fast}LongAlarm`, `${fast}ShortAlarm`, `${slow}LongAlarm`, `${slow}ShortAlarm`]
    const thresholds = windows.map((id) => {
      const { Metrics, Threshold, AlarmActions } = properties(id)
      expect(AlarmActions).toEqual([])
      const [first, ...others] = Metrics as { MetricStat?: { Period: number }; Expression?: string }[]
      // CloudWatch takes ten metrics in the expression of an alarm
      expect(others.filter(({ MetricStat }) => MetricStat).length + 1).toBe(4)
      return [first?.MetricStat?.Period, Threshold, /(\d+), 100/.exec(others.at(-1)?.Expression ?? '')?.[1]]
    })
    expect(thresholds).toEqual([
      [3600, 0.72, '5'],
      [900, 0.72, '1'],
      [21_600, 0.3, '5'],
      [1800, 0.3, '1'],
    ])
  })

  it('makes those of the prober only where it is switched on', () => {
    const off = alarmResources(ALARMS, { stage: 'prod', actions: [], isProbed: false })
    const probing = (all: object) => Object.keys(all).filter((id) => id.startsWith('Probe'))
    expect(probing(resources)).toEqual([
      ...['ProbeFailingAlarm', 'ProbeRefusedAlarm', 'ProbeVendorFailingAlarm', 'ProbeSilentAlarm'],
    ])
    expect(probing(off)).toEqual([])
    expect(Object.keys(off)).toHaveLength(Object.keys(resources).length - 4)
  })

  it('makes one of the API’s access log, and the metric that it reads', () => {
    expect(properties('RoutesThrottledFilter')).toEqual({
      LogGroupName: { Ref: 'HttpApiLogGroup' },
      FilterPattern: '{ $.status = "429" && $.lambdaStatus != "200" }',
      MetricTransformations: [
        {
          MetricNamespace: 'cec-token-bridge/prod',
          MetricName: 'RoutesThrottled',
          MetricValue: '1',
          Unit: 'Count',
        },
      ],
    })
    expect(properties('RoutesThrottledAlarm')).toMatchObject({ Namespace: 'cec-token-bridge/prod' })
    expect(properties('RoutesThrottledAlarm')).not.toHaveProperty('Dimensions')
  })
})

describe('tools/package/alarm-table', () => {
  const known = [
    ...METRICS.map(({ name }) => name),
    ...Object.keys(OUTCOMES),
    ...['Duration', 'Errors', 'Invocations', 'Throttles'],
  ]

  it.each(Object.entries(ALARMS))('%s reads what is written, of functions that are there', (name, row) => {
    if ('quietWhile' in row) expect(Object.keys(ALARMS)).toContain(row.quietWhile)
    if ('anyOf' in row) {
      const parts = row.anyOf.flatMap((part) => row.functions.map((of) => `${alarmName(part, of)}Alarm`))
      expect(parts.filter((id) => !(id in resources))).toEqual([])
      return
    }
    if ('times' in row) {
      expect(row.functions.filter((other) => !FUNCTIONS.includes(other))).toEqual([])
      return
    }
    const { metric, functions = [], accessLog, percentOf = 'Invocations', lasting } = row
    expect(accessLog === undefined ? known : [name]).toContain(metric)
    expect(known).toContain(percentOf)
    expect(functions.filter((other) => !FUNCTIONS.includes(other))).toEqual([])
    expect(lasting).toMatch(/^\d+ of \d+$/)
    // CloudWatch looks back a day at the most, a week with periods of an hour
    const [bad = 0, evaluated = 0] = lasting.split(' of ').map(Number)
    expect(bad).toBeLessThanOrEqual(evaluated)
    expect(evaluated * row.periodSeconds).toBeLessThanOrEqual(86_400)
    expect([row.atLeast, row.below].filter((limit) => limit !== undefined)).toHaveLength(1)
  })

  it('leaves no alarm without anybody whom it notifies', () => {
    const rules = Object.values(resources).map(
      ({ Properties }) => JSON.stringify(Properties['AlarmRule']) ?? '',
    )
    const unheard = Object.entries(resources).filter(
      ([id, { Type, Properties }]) =>
        Type !== 'AWS::Logs::MetricFilter' &&
        (Properties['AlarmActions'] as string[]).length === 0 &&
        !rules.some((rule) => rule.includes(`{${id}}`)),
    )
    expect(unheard).toEqual([])
  })
})
