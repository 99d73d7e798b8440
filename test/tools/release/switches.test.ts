import { describe, expect, it } from 'vitest'
import type { Resource } from '../../../tools/package/template.ts'
import { traceFunctions } from '../../../tools/package/tracing.ts'
import { addSwitches, SWITCHED_ON, switchConditions } from '../../../tools/release/switches.ts'
import { watched } from './watched.ts'

const NOTHING = { Ref: 'AWS::NoValue' }

const traced = (): Record<string, Resource> => {
  const resources: Record<string, Resource> = {
    ...watched(),
    JwksLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: { 'Fn::GetAtt': ['JwksRole', 'Arn'] } },
    },
    JwksRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['a:Read'] }] } }],
      },
    },
  }
  traceFunctions(resources)
  return resources
}
const switched = (): Record<string, Resource> => {
  const resources = traced()
  addSwitches(resources)
  return resources
}
const withCondition = (condition: string): string[] =>
  Object.entries(switched())
    .filter(([, { Condition }]) => Condition === condition)
    .map(([id]) => id)

interface Text {
  readonly 'Fn::Sub': string
}

/** Ids in the list of alarms. */
const shown = (body: Text): string[] =>
  [...body['Fn::Sub'].matchAll(/alarm:\$\{(\w+)\}/g)].map(([, id = '']) => id)

describe('tools/release/switches: addSwitches', () => {
  it('makes the alarms of the prober where there is one, and the dashboard where it is asked for', () => {
    expect(withCondition('HasProbe')).toEqual([
      'ProbeFailingAlarm',
      'ProbeRefusedAlarm',
      'ProbeVendorFailingAlarm',
      'ProbeSilentAlarm',
    ])
    expect(withCondition('HasStageDashboard')).toEqual(['Dashboard'])
  })

  it('lets the prober alone run where it is asked for', () => {
    const { ProbeEventsRuleSchedule1, PrewarmTokensEventsRuleSchedule1 } = switched()
    expect(ProbeEventsRuleSchedule1?.Properties['State']).toEqual({
      'Fn::If': ['HasProbe', 'ENABLED', 'DISABLED'],
    })
    expect(PrewarmTokensEventsRuleSchedule1?.Properties['State']).toBe('ENABLED')
  })

  it('shows on the dashboard no alarm that the stack does not have', () => {
    const { Properties = {} } = switched()['Dashboard'] ?? {}
    const body = Properties['DashboardBody'] as { 'Fn::If': [string, Text, Text] }
    const [condition, all, without] = body['Fn::If']
    expect(condition).toBe('HasProbe')
    const ofProber = withCondition('HasProbe')
    expect(shown(all)).toEqual(expect.arrayContaining(ofProber))
    expect(shown(without)).toEqual(shown(all).filter((id) => !ofProber.includes(id)))
    expect(shown(without).length).toBeGreaterThan(5)
  })

  it('traces, and allows it, where it is asked for', () => {
    const { JwksLambdaFunction, JwksRole } = switched()
    expect(JwksLambdaFunction?.Properties['TracingConfig']).toEqual({
      'Fn::If': ['HasTracing', { Mode: 'Active' }, NOTHING],
    })
    expect(JwksRole?.Properties['Policies']).toEqual([
      {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: ['a:Read'] },
            { 'Fn::If': ['HasTracing', expect.objectContaining({ Resource: '*' }), NOTHING] },
          ],
        },
      },
    ])
  })

  it.each(['Dashboard', 'ProbeFailingAlarm'])('throws for a template without %s', (id) => {
    const resources = traced()
    delete resources[id]
    expect(() => addSwitches(resources)).toThrow(`the packaged template has no ${id}`)
  })

  it('throws for a template without the schedule of the prober', () => {
    const { ProbeEventsRuleSchedule1: _, ...others } = traced()
    expect(() => addSwitches(others)).toThrow('the packaged template has no schedule of the prober')
  })

  it('has a condition for each of the parameters that the stage is packaged with', () => {
    expect(switchConditions()).toEqual({
      HasProbe: { 'Fn::Equals': [{ Ref: 'Probe' }, 'true'] },
      HasStageDashboard: { 'Fn::Equals': [{ Ref: 'StageDashboard' }, 'true'] },
      HasTracing: { 'Fn::Equals': [{ Ref: 'Tracing' }, 'true'] },
    })
    expect(Object.keys(SWITCHED_ON)).toEqual(['probe', 'dashboard', 'tracing'])
  })
})
