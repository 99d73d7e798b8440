/** User ids in logs as keyed hashes, by the parameter `logUserIds`: the key, and who may read it. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import * as ROUTES from '../../lib/routes.ts'
import { LOG_KEY } from '../../lib/secrets/definitions.ts'
import type { FunctionConfigs } from './serverless.ts'
import type { Resource } from './template.ts'

/** The functions whose lines name users. */
const NAMING: ReadonlySet<string> = new Set(
  Object.values<RouteDescriptor>(ROUTES)
    .filter(({ namesNoUser = false }) => !namesNoUser)
    .map(({ name }) => name),
)

/** Lets the functions whose lines name users read the key. The framework makes the roles of it. */
export const allowLogKey = (functions: FunctionConfigs, secretsArn: string): void => {
  for (const [name, config] of Object.entries(functions))
    if (NAMING.has(name))
      config.iamRoleStatements = [
        ...(config.iamRoleStatements ?? []),
        {
          Effect: 'Allow',
          Action: 'secretsmanager:GetSecretValue',
          Resource: { 'Fn::Sub': `${secretsArn}/${LOG_KEY.name}-??????` },
        },
      ]
}

/**
 * The secret, for a compiled template. Like the token store's key it goes with the stack, or with the parameter: from then on nobody can
 * say whose the old lines are.
 */
export const logKeySecret = (secretsPrefix: string): Resource => ({
  Type: 'AWS::SecretsManager::Secret',
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Delete',
  Properties: {
    Name: `${secretsPrefix}/${LOG_KEY.name}`,
    Description:
      'Hashes the user ids of the logs. Made at deploy, read by the functions and by npm run user-id.',
    GenerateSecretString: {
      SecretStringTemplate: '{}',
      GenerateStringKey: 'key',
      PasswordLength: 64,
      ExcludePunctuation: true,
    },
  },
})
