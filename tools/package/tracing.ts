/** X-Ray's traces of every function, with the right that they need. Without the parameter there is neither. */

import type { Resource } from './template.ts'

/** Neither takes a resource. */
export const XRAY_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']

export const traceFunctions = (resources: Readonly<Record<string, Resource>>): void => {
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::Lambda::Function') continue
    const { 'Fn::GetAtt': [roleId = ''] = [] } = (Properties['Role'] ?? {}) as { 'Fn::GetAtt'?: string[] }
    const policies = resources[roleId]?.Properties['Policies'] as
      | readonly { PolicyDocument: { Statement: object[] } }[]
      | undefined
    const [policy] = policies ?? []
    if (policy === undefined) throw new Error(`${id} has no role of its own`)
    Properties['TracingConfig'] = { Mode: 'Active' }
    policy.PolicyDocument.Statement.push({ Effect: 'Allow', Action: XRAY_ACTIONS, Resource: '*' })
  }
}
