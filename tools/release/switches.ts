/** What of a release stands only where a parameter says so. The stage is packaged with all of it. */

import { ALARMS } from '../package/alarm-table.ts'
import { alarmResources } from '../package/alarms.ts'
import type { Resource } from '../package/template.ts'
import { XRAY_ACTIONS } from '../package/tracing.ts'
import { templateName } from './names.ts'

type Switch = 'probe' | 'dashboard' | 'tracing'
type Resources = Readonly<Record<string, Resource>>

/** Parameters that the stage is packaged with. */
export const SWITCHED_ON: Readonly<Record<Switch, 'true'>> = {
  probe: 'true',
  dashboard: 'true',
  tracing: 'true',
}

const conditionOf = (name: Switch): string => `Has${templateName(name)}`
const only = (name: Switch, value: unknown, otherwise: unknown = { Ref: 'AWS::NoValue' }) => ({
  'Fn::If': [conditionOf(name), value, otherwise],
})

export const switchConditions = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    (Object.keys(SWITCHED_ON) as Switch[]).map((name) => [
      conditionOf(name),
      { 'Fn::Equals': [{ Ref: templateName(name) }, 'true'] },
    ]),
  )

/** Changes the resources of a template. Throws an error that says what of it is not there. */
export const addSwitches = (resources: Resources): void => {
  switchProbe(resources)
  switchDashboard(resources)
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties['TracingConfig'] !== undefined)
      Properties['TracingConfig'] = only('tracing', Properties['TracingConfig'])
    if (Type === 'AWS::IAM::Role') switchTraces(Properties)
  }
}

/** Alarms that stand only beside a prober. */
const alarmsOfProber = (): readonly string[] => {
  const idsOf = (isProbed: boolean) =>
    Object.keys(alarmResources(ALARMS, { stage: '', actions: [], isProbed }))
  const others = new Set(idsOf(false))
  return idsOf(true).filter((id) => !others.has(id))
}

const switchProbe = (resources: Resources): void => {
  for (const id of alarmsOfProber()) existing(resources, id).Condition = conditionOf('probe')
  const schedule = Object.values(resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Events::Rule' && JSON.stringify(Properties['Targets']).includes('"ProbeLambdaFunction"'),
  )
  if (schedule === undefined) throw new Error('the packaged template has no schedule of the prober')
  schedule.Properties['State'] = only('probe', 'ENABLED', 'DISABLED')
}

/** Its list of alarms may name none that the stack does not have. */
const switchDashboard = (resources: Resources): void => {
  const shown = existing(resources, 'Dashboard')
  shown.Condition = conditionOf('dashboard')
  const { 'Fn::Sub': text } = shown.Properties['DashboardBody'] as { 'Fn::Sub': string }
  const body = JSON.parse(text) as { widgets: { properties: { alarms?: string[] } }[] }
  const marks = alarmsOfProber().map((id) => `\${${id}}`)
  for (const { properties } of body.widgets)
    if (properties.alarms)
      properties.alarms = properties.alarms.filter((alarm) => !marks.some((mark) => alarm.endsWith(mark)))
  const without = { 'Fn::Sub': JSON.stringify(body) }
  shown.Properties['DashboardBody'] = only('probe', { 'Fn::Sub': text }, without)
}

const switchTraces = ({ Policies = [] }: Record<string, unknown>): void => {
  for (const { PolicyDocument } of Policies as { PolicyDocument: { Statement: { Action?: unknown }[] } }[])
    PolicyDocument.Statement = PolicyDocument.Statement.map((statement) =>
      JSON.stringify(statement.Action) === JSON.stringify(XRAY_ACTIONS)
        ? only('tracing', statement)
        : statement,
    ) as { Action?: unknown }[]
}

const existing = (resources: Resources, id: string): Resource => {
  const found = resources[id]
  if (found === undefined) throw new Error(`the packaged template has no ${id}`)
  return found
}
