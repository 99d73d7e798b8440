/** What the template says of the functions: their names, and one role for each. */

import type { FunctionConfigs } from './serverless.ts'
import type { Resource, Template } from './template.ts'

interface Role extends Resource {
  Properties: {
    RoleName?: unknown
    Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[]
  }
}

const SHARED_ROLE = 'IamRoleLambdaExecution'

/** Keeps source maps out of the zips, and the roles plugin from naming roles. */
export const prepareFunctions = (functions: FunctionConfigs): void => {
  for (const config of Object.values(functions)) {
    config.package = {
      ...config.package,
      patterns: [...(config.package?.patterns ?? []), '!functions/*.map'],
    }
    // That plugin's own names may not exceed 64 characters and fail with a long stage name, a given one is taken
    // as it is. `ownRoles` takes it out again, so that CloudFormation makes one.
    config.iamRoleStatementsName = 'unnamed'
  }
}

/** Says now what the deployment would say after minutes. */
export const overlongName = ({ Resources }: Template): string | undefined => {
  const names = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => String(Properties['FunctionName']))
  const name = names.find(({ length }) => length > 64)
  return name === undefined
    ? undefined
    : `${name} is longer than Lambda's 64 characters: shorten the stage name`
}

/**
 * One role per function and no other, without the right to make log groups (they would be kept for ever). Returns what is
 * wrong, if anything is.
 */
export const ownRoles = ({ Resources }: Template, functions: FunctionConfigs): string | undefined => {
  for (const [name, config] of Object.entries(functions)) {
    if (!config.iamRoleStatements)
      return `function ${name} has no iamRoleStatements: it would get the shared role`
  }
  delete Resources[SHARED_ROLE]
  for (const [id, resource] of Object.entries(Resources)) {
    if (!id.endsWith(SHARED_ROLE)) continue
    const { Properties: role } = resource as Role
    delete role.RoleName
    const logs = role.Policies[0]?.PolicyDocument.Statement[0]
    if (logs) logs.Action = logs.Action.filter((action) => action !== 'logs:CreateLogGroup')
  }
  return undefined
}
