/** What comes after the first deployment: a changed parameter, a roll-back, removal, and a deployment over what stayed. */

import { LOCAL_TENANT } from '../../local/constants.ts'
import { ProgramError } from '../../program.ts'
import { expect, type Step } from '../step.ts'
import { adoptionSteps } from './adoption.ts'
import { callerKey, firstKeys, issue, jwks, users, validate } from './deploy.ts'
import { CHANGED_LIFETIME_SECONDS, LIFETIME_SECONDS, parameters, type World } from './world.ts'

export const changeSteps = (world: World): Step[] => [
  { name: 'serverless deploy with a changed parameter', run: () => deployChanged(world) },
  { name: 'serverless rollback to the first deployment', run: () => rollBack(world) },
  { name: 'serverless remove, and what it leaves', run: () => remove(world) },
  { name: 'serverless deploy over what was left', run: () => deployOverRemains(world) },
  ...adoptionSteps(world),
  { name: 'what was left is deleted, serverless deploy', run: () => deployAnew(world) },
  { name: 'serverless remove, everything deleted', run: () => removeAll(world) },
]

const deployChanged = async (world: World): Promise<string> => {
  const { stage } = world
  const before = { token: await issue(world, LIFETIME_SECONDS), keys: await jwks(stage) }
  stage.setParameters(parameters(CHANGED_LIFETIME_SECONDS))
  await stage.serverless('deploy')
  await stage.outputs()
  await issue(world, CHANGED_LIFETIME_SECONDS)
  await validate(world, before.token)
  expect((await jwks(stage)).join() === before.keys.join(), 'the deployment has changed the signing keys')
  return `expiresIn ${CHANGED_LIFETIME_SECONDS}; an older token is still good, keys and callers are as before`
}

const rollBack = async (world: World): Promise<string> => {
  const { stage } = world
  const listed = await stage.serverless('deploy', 'list')
  const [first] = [...listed.matchAll(/Timestamp: (\d+)/g)].map(([, timestamp = '']) => timestamp).sort()
  expect(first !== undefined, 'serverless deploy list shows no deployment')
  await stage.serverless('rollback', '--timestamp', first)
  await stage.outputs()
  await validate(world, await issue(world, LIFETIME_SECONDS))
  stage.setParameters(parameters(LIFETIME_SECONDS)) // as the deployment is now
  return `expiresIn ${LIFETIME_SECONDS} again, keys and callers are as before`
}

const KEPT = ['callers', 'jwks', 'signing-key']
const KEPT_TABLES = ['callers', 'directory']
/** Not ours: an operator has made them. */
const isTenants = (name: string) => name.startsWith('tenants/')

const remove = async ({ stage }: World): Promise<string> => {
  await stage.serverless('remove')
  const names = await stage.secretNames()
  const tables = await stage.tableNames()
  expect(
    names.filter((name) => !isTenants(name)).join() === KEPT.join(),
    `secrets: expected ${KEPT}, found ${names}`,
  )
  expect(
    tables.join() === KEPT_TABLES.map((name) => `cec-token-bridge-${stage.name}-${name}`).join(),
    `tables: expected ${KEPT_TABLES}, found ${tables}`,
  )
  const groups = await stage.logGroups()
  const lines = await stage.linesWith('issueEnterpriseToken', 'TOKEN_ISSUED')
  expect(lines > 0, 'the audit lines of the tokens that were issued are gone')
  return `left: the secrets ${names.join(', ')}, the tables ${KEPT_TABLES.join(', ')}, and ${groups.length} log groups (${lines} tokens issued)`
}

/** CloudFormation refuses names that are taken, and must leave what bears them as it is. */
const deployOverRemains = async ({ stage }: World): Promise<string> => {
  const before = await Promise.all(KEPT.map((name) => stage.readSecret(name)))
  const refusal = await stage.serverless('deploy').then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(
    refusal instanceof ProgramError,
    'expected a refusal: what was left was written over or adopted in silence',
  )
  const said = /^.*already exists.*$/m.exec(refusal.output)?.[0]?.trim()
  expect(said !== undefined, `expected "already exists": ${refusal.message}`)
  const after = await Promise.all(KEPT.map((name) => stage.readSecret(name)))
  expect(after.join() === before.join(), 'the refused deployment has changed what was left')
  return `refused: ${said}; what was left is unchanged`
}

const deployAnew = async (world: World): Promise<string> => {
  const { stage } = world
  await deleteRemains(world)
  await stage.serverless('deploy')
  await stage.outputs()
  await firstKeys(world)
  await callerKey(world)
  await users(world)
  await validate(world, await issue(world, LIFETIME_SECONDS))
  return `new keys, a new caller key, and a token that is good; tenant ${LOCAL_TENANT} kept its vendors' secrets`
}

const deleteRemains = async ({ stage }: World): Promise<void> => {
  await stage.serverless('remove')
  for (const name of await stage.secretNames()) if (!isTenants(name)) await stage.deleteSecret(name)
  for (const name of await stage.tableNames()) await stage.deleteTable(name)
  for (const name of await stage.logGroups()) await stage.deleteLogGroup(name)
}

const removeAll = async (world: World): Promise<string> => {
  const { stage } = world
  await deleteRemains(world)
  for (const name of await stage.secretNames()) await stage.deleteSecret(name)
  const left = [...(await stage.secretNames()), ...(await stage.tableNames()), ...(await stage.logGroups())]
  expect(left.length === 0, `still there: ${left}`)
  return 'nothing of the stage is left'
}
