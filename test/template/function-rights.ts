/** Whether one function's role may do exactly what a table says, and nothing that is too broad to be looked up in it. */

import { systemNames } from '../../lib/vendors/registry.ts'
import { ACTIONS } from './actions.ts'
import { WITHOUT_RESOURCE } from './golden.ts'
import { isAllowed, isAllowedSomewhere, type Statement } from './policy.ts'

/** Faults as sentences. `expected`: rights as `<action> on <name of the resource>`. */
export const functionFaults = (
  name: string,
  statements: Statement[],
  resources: Record<string, string>,
  expected: string[],
): string[] => {
  const allowed = rightsOf(statements, resources)
  return [
    ...allowed.filter((right) => !expected.includes(right)).map((right) => `${name}: may ${right}`),
    ...expected.filter((right) => !allowed.includes(right)).map((right) => `${name}: may not ${right}`),
    ...statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((statement) => broadFaults(name, statement)),
  ]
}

/** By what was asked: of a hundred planted faults each changes one role, and all others are asked about anew. */
const rights = new Map<string, readonly string[]>()

const rightsOf = (statements: Statement[], resources: Record<string, string>): readonly string[] => {
  const asked = JSON.stringify([statements, resources])
  const known = rights.get(asked)
  if (known !== undefined) return known
  const found = ACTIONS.filter((action) => isAllowedSomewhere(statements, action)).flatMap((action) =>
    Object.entries(resources)
      .filter(([, arn]) => arn === '*' || !(action in WITHOUT_RESOURCE))
      .filter(([, arn]) => isAllowed(statements, action, arn))
      .map(([resource]) => `${action} on ${resource}`),
  )
  rights.set(asked, found)
  return found
}

/** What the cross product cannot see: services and resources that it does not list. */
const broadFaults = (name: string, statement: Statement): string[] => [
  ...(statement.actionsAreExceptions ? [`${name}: allows by NotAction`] : []),
  ...(statement.resourcesAreExceptions ? [`${name}: allows by NotResource`] : []),
  ...statement.actions
    .filter((action) => !ACTIONS.includes(action))
    .map((action) => `${name}: allows the unlisted action ${action}`),
  ...statement.resources
    .filter((resource) => !isExact(resource) && !(resource === '*' && takesNoResource(statement)))
    .map((resource) => `${name}: allows the broad resource ${resource}`),
  ...(statement.actions.some((action) => action.startsWith('kms:')) && statement.through === undefined
    ? [`${name}: may use keys directly`]
    : []),
  ...(statement.through?.secrets ?? [])
    .filter((secret) => !isExact(secret))
    .map((secret) => `${name}: may have ${secret} decrypted`),
  ...(statement.leadingKeys ?? [])
    .filter((pattern) => !/^(\d+:[a-z-]+\*|[a-z-]+)$/.test(pattern))
    .map((pattern) => `${name}: allows the broad leading key ${pattern}`),
]

const takesNoResource = ({ actions }: Statement): boolean =>
  actions.every((action) => action in WITHOUT_RESOURCE)

// one table, one secret with its six random characters, one vendor's secret of every tenant, one log group with its streams
const EXACT = [
  /^arn:aws:dynamodb:[^*?]+$/,
  /^arn:aws:secretsmanager:[^*?]+-\?{6}$/,
  ...systemNames().map(
    (system) => new RegExp(`^arn:aws:secretsmanager:[^*?]+/tenants/\\*/${system}-\\?{6}$`),
  ),
  /^arn:aws(-[a-z]+)*:kms:[^*?]+:key\/[^*?]+$/,
  /^arn:aws:logs:[^*?]+:\*(:\*)?$/,
]

const isExact = (resource: string) => EXACT.some((pattern) => pattern.test(resource))
