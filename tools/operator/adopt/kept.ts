/** What of a stage's template stays when the stack is removed: the template itself says it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT, SERVERLESS } from '../../local/offline-process.ts'
import { run } from '../../program.ts'
import type { AdoptArguments } from './arguments.ts'

export interface Definition {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly Properties: Readonly<Record<string, unknown>>
}

export interface Kept {
  /** The resource's name within the template. */
  readonly id: string
  readonly type: KeptType
  /** The name that it bears in the account. */
  readonly name: string
  /** The resource for an import: exactly what the deployment will say of it, so that the deployment changes nothing. */
  readonly definition: Definition & { readonly UpdateReplacePolicy: string }
}

/** By type, the property that names the resource. All types that stay are here; another one is refused. */
const NAMED_BY = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SecretsManager::Secret': 'Name',
} as const

/** A type for which `account.ts` has a look-up. */
export type KeptType = keyof typeof NAMED_BY

const isKnown = (type: string): type is KeptType => Object.hasOwn(NAMED_BY, type)

const STAYS = /^Retain/

/** Throws an error for a resource that stays and could not be found again. */
export const keptResources = (resources: Readonly<Record<string, Definition>>): Kept[] =>
  Object.entries(resources)
    .filter(([, { DeletionPolicy = '' }]) => STAYS.test(DeletionPolicy))
    .map(([id, { Type, Properties }]) => {
      const name = isKnown(Type) ? Properties[NAMED_BY[Type]] : undefined
      if (!isKnown(Type) || typeof name !== 'string')
        throw new Error(
          `${id} stays when the stack goes, and cannot be adopted: expected a type that is known, with a fixed name.`,
        )
      // Without what it waits for: none of that is in the stack yet. An import takes resources that stay alone.
      const policies = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }
      return { id, type: Type, name, definition: { Type, ...policies, Properties } }
    })

const TEMPLATE = '.serverless/cloudformation-template-update-stack.json'

/** Packages the stage as its deployment does. Throws ProgramError with what the framework says. */
export const keptOfStage = async ({ stage, region, parameters }: AdoptArguments): Promise<Kept[]> => {
  const options = ['--stage', stage, '--region', region, ...parameters.map((text) => `--param=${text}`)]
  await run(process.execPath, [SERVERLESS, 'package', ...options], { cwd: PROJECT_ROOT, env: process.env })
  return keptResources(JSON.parse(readFileSync(join(PROJECT_ROOT, TEMPLATE), 'utf8')).Resources)
}
