/** How a stage watches itself, by its three parameters: the prober, the dashboard, and traces. */

import { GOLDEN } from './golden.ts'
import type { Resource, Template } from './policy.ts'

export interface ExpectedWatch {
  readonly isProbed?: boolean
  readonly hasDashboard?: boolean
  readonly isTraced?: boolean
}

/** All that each function may do where traces are switched on. */
export const GOLDEN_TRACED: Record<string, string[]> = Object.fromEntries(
  Object.entries(GOLDEN).map(([name, rights]) => [
    name,
    [
      ...rights,
      ...['PutTraceSegments', 'PutTelemetryRecords'].map(
        (action) => `xray:${action} on everything (actions without a resource)`,
      ),
    ],
  ]),
)

/** Without parameters: no prober runs, nothing is traced, and there is a dashboard. */
export const watchFaults = (
  template: Template,
  { isProbed = false, hasDashboard = true, isTraced = false }: ExpectedWatch = {},
): string[] => {
  const rule = template.Resources['ProbeEventsRuleSchedule1']?.Properties
  const probing = Object.keys(template.Resources).filter((id) => /^Probe\w+Alarm$/.test(id))
  return [
    ...(rule?.['State'] === (isProbed ? 'ENABLED' : 'DISABLED')
      ? []
      : [`probe: its rule is ${rule?.['State']}`]),
    ...(rule?.['ScheduleExpression'] === 'rate(5 minutes)' ? [] : ['probe: comes at other times']),
    ...(probing.length > 0 === isProbed ? [] : [`probe: has ${probing.length} alarms`]),
    ...('Dashboard' in template.Resources === hasDashboard ? [] : ['there is a dashboard, or none']),
    ...ofType(template, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) => Properties['TracingConfig']?.Mode !== (isTraced ? 'Active' : undefined))
      .map(([id]) => `${id}: is traced, or not`),
  ]
}

const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
