/** Packages the project once, for the tests that look at the result. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { copyProject } from '../../tools/package/project-copy.ts'
import { COMPILE_CACHE } from '../e2e/process.ts'
import type { Template } from './policy.ts'

const ROOT = resolve(import.meta.dirname, '../..')

export interface Package {
  /** the folder that holds the zips and `source-maps/` */
  folder: string
  template: Template
  remove: () => void
}

export interface PackageOptions {
  /** Parameters of the deployment. */
  readonly params?: Readonly<Record<string, string>>
  /** Added to the command's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Changes the copy of the project before it is packaged. */
  readonly edit?: (project: string) => void
}

/**
 * Runs `serverless package` for a stage, in a copy of the project: the command writes to the project's own
 * `.serverless` whatever folder it is given, which `npm run package` and other tests use meanwhile.
 * No credentials: nothing of the environment but what finds programs and temporary files.
 */
export const packageProject = async (
  stage: string,
  { params = {}, env = {}, edit }: PackageOptions = {},
): Promise<Package> => {
  const project = mkdtempSync(join(tmpdir(), 'cec-token-bridge-package-'))
  copyProject(project)
  const temporary = join(project, '.tmp')
  mkdirSync(temporary)
  const remove = () => rmSync(project, { recursive: true, force: true })
  edit?.(project)
  const folder = join(project, '.serverless')
  const args = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`)
  try {
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'node_modules/serverless/bin/serverless.js'), 'package', '--stage', stage, ...args],
      {
        cwd: project,
        env: {
          PATH: process.env['PATH'],
          // a test looks at what the command leaves here
          TMPDIR: temporary,
          HOME: project,
          NODE_COMPILE_CACHE: COMPILE_CACHE,
          ...env,
        },
      },
    )
    const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')
    return { folder, template: JSON.parse(template), remove }
  } catch (error) {
    remove()
    // the command writes its errors to stdout
    throw new Error(`serverless package failed: ${(error as { stdout?: string }).stdout}`, { cause: error })
  }
}
