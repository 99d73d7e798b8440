import { beforeAll, describe, expect, it } from 'vitest'
import { allFaults, STAGE } from '../all-faults.ts'
import { packageTemplate } from '../package.ts'
import type { Template } from '../policy.ts'
import { GOLDEN_TRACED, watchFaults } from '../watched.ts'

let template: Template
beforeAll(async () => {
  const params = { probe: 'true', dashboard: 'false', tracing: 'true' }
  template = await packageTemplate(STAGE, { params })
}, 120_000)

const WATCH = { isProbed: true, hasDashboard: false, isTraced: true }

describe('serverless.yml, with the prober and traces and without a dashboard', () => {
  it('has no fault that a check knows', () => {
    expect(allFaults(template, { golden: GOLDEN_TRACED, watch: WATCH })).toEqual([])
  })

  it('has the alarms of the prober on top', () => {
    for (const id of [
      'ProbeFailingAlarm',
      'ProbeRefusedAlarm',
      'ProbeVendorFailingAlarm',
      'ProbeSilentAlarm',
    ])
      expect(template.Resources[id]?.Type).toBe('AWS::CloudWatch::Alarm')
  })

  it.each<[string, (draft: Template) => void, string]>([
    [
      'a prober that does not run',
      (draft) =>
        Object.assign(draft.Resources['ProbeEventsRuleSchedule1']?.Properties ?? {}, { State: 'DISABLED' }),
      'probe: its rule is DISABLED',
    ],
    ['no alarm of the prober', (draft) => void withoutProbe(draft), 'probe: has 0 alarms'],
    [
      'a dashboard unasked',
      (draft) =>
        void Object.assign(draft.Resources, {
          Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: {} },
        }),
      'there is a dashboard, or none',
    ],
    [
      'a function that is not traced',
      (draft) => void delete draft.Resources['JwksLambdaFunction']?.Properties['TracingConfig'],
      'JwksLambdaFunction: is traced, or not',
    ],
  ])('is found to be at fault with %s', (_, change, sentence) => {
    const draft = structuredClone(template)
    change(draft)
    expect(watchFaults(draft, WATCH)).toEqual([sentence])
  })
})

const withoutProbe = (draft: Template): void => {
  for (const id of Object.keys(draft.Resources)) if (/^Probe\w+Alarm$/.test(id)) delete draft.Resources[id]
}
