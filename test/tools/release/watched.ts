/** What watches a stage that is packaged with all switches on, and nothing else of it. */

import { ALARMS } from '../../../tools/package/alarm-table.ts'
import { alarmResources, loudAlarms } from '../../../tools/package/alarms.ts'
import { dashboard } from '../../../tools/package/dashboard.ts'
import type { Resource } from '../../../tools/package/template.ts'

const PLACE = { stage: 'release-stage', actions: [], isProbed: true }

export const watched = (): Record<string, Resource> => ({
  ...alarmResources(ALARMS, PLACE),
  Dashboard: dashboard({ stage: PLACE.stage, functions: ['jwks'], alarms: loudAlarms(ALARMS, PLACE) }),
  ProbeEventsRuleSchedule1: {
    Type: 'AWS::Events::Rule',
    Properties: { State: 'ENABLED', Targets: [{ Arn: { 'Fn::GetAtt': ['ProbeLambdaFunction', 'Arn'] } }] },
  },
  PrewarmTokensEventsRuleSchedule1: {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': ['PrewarmTokensLambdaFunction', 'Arn'] } }],
    },
  },
})
