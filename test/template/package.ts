/** Packages the project once, for the tests that look at the result. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  /** Default the project's own. */
  readonly region?: string
  /** Added to the command's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** The files of `functions/` whose own code is bundled; all others are empty, since bundling takes most of the time. Default all. */
  readonly codeOf?: readonly string[]
  /** Changes the copy of the project before it is packaged. */
  readonly edit?: (project: string) => void
}

const emptyFunctions = (project: string, except: readonly string[]): void => {
  const folder = join(project, 'functions')
  for (const file of readdirSync(folder))
    if (!except.includes(file)) writeFileSync(join(folder, file), 'export const handler = async () => {}\n')
}

/**
 * Runs `serverless package` for a stage, in a copy of the project: the command writes to the project's own
 * `.serverless` whatever folder it is given, which `npm run package` and other tests use meanwhile.
 * No credentials: nothing of the environment but what finds programs and temporary files.
 */
export const packageProject = async (
  stage: string,
  { params = {}, region, env = {}, codeOf, edit }: PackageOptions = {},
): Promise<Package> => {
  const project = mkdtempSync(join(tmpdir(), 'cec-token-bridge-package-'))
  copyProject(project)
  const temporary = join(project, '.tmp')
  mkdirSync(temporary)
  const remove = () => rmSync(project, { recursive: true, force: true })
  if (codeOf !== undefined) emptyFunctions(project, codeOf)
  edit?.(project)
  const folder = join(project, '.serverless')
  const args = [
    ...(region === undefined ? [] : ['--region', region]),
    ...Object.entries(params).map(([name, value]) => `--param=${name}=${value}`),
  ]
  try {
    await promisify(execFile)(
      'sh',
      [
        // the strictest mask that anybody has: nobody else may read what is made
        ...['-c', 'umask 077 && exec "$0" "$@"', process.execPath],
        ...[join(ROOT, 'node_modules/serverless/bin/serverless.js'), 'package', '--stage', stage, ...args],
      ],
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
    const { code, stdout } = error as { code?: number; stdout?: string }
    const hasWritten = existsSync(folder)
    remove()
    // the command writes its errors to stdout
    throw Object.assign(new Error(`serverless package failed: ${stdout}`, { cause: error }), {
      code,
      hasWritten,
    })
  }
}

/** The template alone. No template depends on the functions' code. */
export const packageTemplate = async (stage: string, options: PackageOptions): Promise<Template> => {
  const { template, remove } = await packageProject(stage, { ...options, codeOf: [] })
  remove()
  return template
}
