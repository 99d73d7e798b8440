/** A stage packaged with marks, by the project's own framework: the functions' packages and the template. */

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVERLESS } from '../local/offline-process.ts'
import type { Template } from '../package/template.ts'
import { run } from '../program.ts'
import { sha256 } from './digests.ts'
import { MARKS, REGION } from './parameters.ts'
import { SWITCHED_ON } from './switches.ts'
import { type ReleaseTemplate, releaseTemplate } from './template.ts'

const PACKAGED = '.serverless'

export interface Packaged {
  /** The zips of the functions and their source maps. */
  readonly folder: string
  readonly functions: readonly string[]
  readonly template: ReleaseTemplate
  /** By function, the file name of its package: with its digest, so that another content has another name. */
  readonly packages: Readonly<Record<string, string>>
}

export interface PackagingOptions {
  /** A copy of the project, which gets a folder `.serverless`. */
  readonly project: string
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Throws ProgramError with what the framework says. */
export const packageRelease = async ({ project, version, env }: PackagingOptions): Promise<Packaged> => {
  const { stage, ...parameters } = Object.fromEntries(
    Object.entries(MARKS).map(([name, { value }]) => [name, value]),
  )
  const params = Object.entries({ ...parameters, ...SWITCHED_ON }).map(
    ([name, value]) => `--param=${name}=${value}`,
  )
  const args = [SERVERLESS, 'package', '--stage', stage ?? '', '--region', REGION, ...params]
  await run(process.execPath, args, { cwd: project, env })
  const folder = join(project, PACKAGED)
  const template: Template = JSON.parse(
    readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'),
  )
  const functions = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => String(Properties['FunctionName']).split('-').at(-1) ?? '')
  const packages = Object.fromEntries(
    functions.map((name) => {
      const digest = sha256(readFileSync(join(folder, `${name}.zip`)))
      return [name, `${name}-${digest.slice(0, 16)}.zip`]
    }),
  )
  return { folder, functions, packages, template: releaseTemplate(template, { version, packages }) }
}

/** Puts the packages where the template looks for them, below a folder that is made. */
export const copyPackages = (
  { folder, packages }: Pick<Packaged, 'folder' | 'packages'>,
  to: string,
): void => {
  mkdirSync(join(to, 'functions'), { recursive: true })
  for (const [name, file] of Object.entries(packages))
    copyFileSync(join(folder, `${name}.zip`), join(to, 'functions', file))
}
