/** The parameter logUserIds: a key that the functions read whose lines name users, and nobody else. */

import { beforeAll, describe, expect, it } from 'vitest'
import { allFaults, SECRETS } from '../all-faults.ts'
import { FUNCTIONS } from '../golden.ts'
import { packageTemplate } from '../package.ts'
import { arnOf, isAllowed, roleIdOf, statementsOf, type Template } from '../policy.ts'

const STAGE = 'prod'
/** Their lines name nobody. */
const WITHOUT = [
  ...['queryUsers', 'listUsers', 'jwks', 'rotateSigningKey', 'appCubeToken', 'oiapThirdPartyToken'],
  ...['prewarmTokens', 'doctor', 'probe'],
]

const WITH_KEY = Object.fromEntries(
  Object.entries(SECRETS).map(([name, secrets]) => [
    name,
    WITHOUT.includes(name) ? secrets : [...secrets, 'log-key'],
  ]),
)

let plain: Template
let hashed: Template
beforeAll(async () => {
  plain = await packageTemplate(STAGE, {})
  hashed = await packageTemplate(STAGE, { params: { logUserIds: 'hashed' } })
}, 180_000)

const readers = (template: Template): string[] =>
  FUNCTIONS.filter((name) => {
    const role = roleIdOf(template, `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`)
    const secret = arnOf.secret(`cec-token-bridge/${STAGE}/log-key`)
    return isAllowed(statementsOf(template, role), 'secretsmanager:GetSecretValue', secret)
  })

describe('serverless.yml: logUserIds', () => {
  it('makes no key, and lets nobody read one, by default', () => {
    expect([plain.Resources['LogKeySecret'], readers(plain)]).toEqual([undefined, []])
  })

  it('hashed: makes the key by CloudFormation, in no template', () => {
    expect(hashed.Resources['LogKeySecret']).toMatchObject({
      Type: 'AWS::SecretsManager::Secret',
      DeletionPolicy: 'Delete',
      Properties: {
        Name: `cec-token-bridge/${STAGE}/log-key`,
        GenerateSecretString: { GenerateStringKey: 'key', PasswordLength: 64 },
      },
    })
  })

  it('hashed: the functions read it whose lines name users, and no others', () => {
    expect(readers(hashed)).toEqual(FUNCTIONS.filter((name) => !WITHOUT.includes(name)))
  })

  it('hashed: has no fault that a check knows, and tells the functions so', () => {
    expect(allFaults(hashed, { secrets: WITH_KEY })).toEqual([])
    const { Environment } = hashed.Resources['PutUserLambdaFunction']?.Properties ?? {}
    expect(Environment.Variables.LOG_USER_IDS).toBe('hashed')
  })
})
