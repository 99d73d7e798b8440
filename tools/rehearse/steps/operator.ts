/** A tenant connected from nothing by the operator's commands alone, and the doctor that says what is wrong with it. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCAL_TENANT } from '../../local/constants.ts'
import { ProgramError } from '../../program.ts'
import { expect, type Step } from '../step.ts'
import type { World } from './world.ts'

/** Before the schedule has fetched anything. */
export const tenantSteps = (world: World): Step[] => [
  { name: 'npm run tenant -- add, check, list', run: () => addTenant(world) },
  { name: 'npm run user -- import, get', run: () => importUsers(world) },
]

/** Once the schedule has run. */
export const doctorSteps = (world: World): Step[] => [
  { name: 'npm run doctor, where all is well', run: () => healthy(world) },
  { name: 'npm run doctor, with a wrong secret and after its mend', run: () => wrongSecret(world) },
]

const addTenant = async ({ stage, vendorSecrets = {} }: World): Promise<string> => {
  const systems = Object.keys(vendorSecrets)
  const file = fileOf(stage, 'tenant.json', JSON.stringify(vendorSecrets))
  await stage.operator('tenant', 'add', LOCAL_TENANT, '--from', file, ...stage.options)
  const checked = await stage.operator('tenant', 'check', LOCAL_TENANT, ...stage.options)
  expect(checked.includes(`Well: `), `tenant check: ${checked}`)
  const listed = await stage.operator('tenant', 'list', ...stage.options)
  for (const system of systems)
    expect(new RegExp(`^${LOCAL_TENANT} +${system} `, 'm').test(listed), `tenant list lacks ${system}`)
  return `made, and what the functions take: ${systems.join(', ')}`
}

const importUsers = async ({ stage }: World): Promise<string> => {
  const file = fileOf(stage, 'users.csv', 'userId,userName,status\nann,Ann,\n10010003,"Li, Wei",disabled\n')
  await stage.operator('user', 'import', LOCAL_TENANT, file, ...stage.options)
  const shown = await stage.operator('user', 'get', LOCAL_TENANT, '10010003', '--json', ...stage.options)
  const { userName, status } = JSON.parse(shown) as { userName: string; status: string }
  expect(userName === 'Li, Wei' && status === 'disabled', `user get: ${shown}`)
  return 'two users from a CSV, one of them disabled'
}

const healthy = async ({ stage }: World): Promise<string> => {
  const said = await stage.operator('doctor', '--tenant', LOCAL_TENANT, ...stage.options)
  const notes = [...said.matchAll(/^\w+: .*\(([A-Z_]+)\)$/gm)].map(([, cause]) => cause)
  return `nothing is wrong${notes.length === 0 ? '' : `; it notes ${notes.join(', ')}`}`
}

const wrongSecret = async ({ stage, vendorSecrets = {} }: World): Promise<string> => {
  const { cec } = vendorSecrets
  const replace = (settings: object): Promise<string> => {
    const file = fileOf(stage, 'tenant.json', JSON.stringify({ cec: settings }))
    return stage.operator('tenant', 'add', LOCAL_TENANT, '--replace', '--from', file, ...stage.options)
  }
  const ask = () => stage.operator('doctor', '--tenant', LOCAL_TENANT, '--system', 'cec', ...stage.options)
  await replace({ ...cec, appSecret: 'not-the-secret-of-this-key' })
  const failure = await ask().then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure instanceof ProgramError, 'the doctor finds nothing wrong with a wrong appSecret')
  const { output } = failure
  expect(output.includes('CEC refuses'), `the doctor does not name the refusal: ${output}`)
  expect(!output.includes('not-the-secret'), 'the doctor shows a secret')
  await replace({ ...cec })
  await ask()
  return 'the refusal is named, and nothing is wrong after the mend'
}

const fileOf = ({ folder }: World['stage'], name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
