/** `cfn-lint` and the scan of the roles on the packaged template, for stages of several regions. */

import { join } from 'node:path'
import { PROJECT_ROOT, SERVERLESS } from '../local/offline-process.ts'
import { run } from '../program.ts'
import { checkov, linter, python } from './python.ts'
import { CONSIDERED, checkovArguments } from './scan/checkov.ts'
import type { Step } from './step.ts'

/**
 * W3005 says that a resource waits for another one which it refers to as well. The framework writes these for each
 * function and its role; the wait is the same. Everything else fails.
 */
const IGNORED = 'W3005'

/** What each role may do, held against AWS's service authorization reference. */
const POLICIES = join(import.meta.dirname, 'scan', 'policies.py')
/** Each takes seconds. */
const TIMEOUT_MS = 300_000

/** A partition of its own among them: ARNs and services differ there. */
const PLACES = [
  { stage: 'prod', region: 'eu-west-1' },
  { stage: 'staging', region: 'us-east-1' },
  { stage: 'china', region: 'cn-north-1' },
] as const

export interface LintOptions {
  /** A copy of the project. */
  readonly project: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export const lintSteps = (options: LintOptions): Step[] =>
  PLACES.map((place) => ({
    name: `cfn-lint and policy_sentry, stage ${place.stage} in ${place.region}`,
    run: () => lint(options, place),
  }))

/** Packages a stage and checks its template. Throws ProgramError with what the linter or the scan has found. */
export const lint = async (
  { project, env }: LintOptions,
  { stage, region }: { readonly stage: string; readonly region: string } = PLACES[0],
): Promise<string> => {
  await run(process.execPath, [SERVERLESS, 'package', '--stage', stage, '--region', region], {
    cwd: project,
    env,
  })
  const template = join(project, '.serverless/cloudformation-template-update-stack.json')
  const args = ['--ignore-checks', IGNORED, '--regions', region, '--', template]
  await run(linter, args, { cwd: PROJECT_ROOT, env, timeoutMs: TIMEOUT_MS })
  const scanned = await run(python, [POLICIES, template], { cwd: PROJECT_ROOT, env, timeoutMs: TIMEOUT_MS })
  if (stage !== PLACES[0].stage) return `nothing but ${IGNORED}; roles: ${scanned.trim()}`
  await run(checkov, checkovArguments(template), { cwd: PROJECT_ROOT, env, timeoutMs: TIMEOUT_MS })
  return `nothing but ${IGNORED}; roles: ${scanned.trim()}; checkov: nothing but ${Object.keys(CONSIDERED).length} considered kinds`
}
