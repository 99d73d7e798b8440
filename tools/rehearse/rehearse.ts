/** `npm run rehearse`: the deployment of docs/deploy.md from its first to its last step, at an AWS emulator or in a real account. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { localAwsEnvironment } from '../local/aws-environment.ts'
import { UsageError } from '../operator/arguments.ts'
import { copyProject } from '../package/project-copy.ts'
import { previousRelease } from '../versions/previous.ts'
import { HELP, parseArguments, type RehearsalArguments, USAGE } from './arguments.ts'
import { startEmulator } from './emulator.ts'
import { rehearsalFolder } from './folder.ts'
import { lintSteps } from './lint.ts'
import { endWithOuterProcess, insideFolder, runInside, VENDOR_ADDRESS } from './namespace.ts'
import { plantedSteps } from './planted.ts'
import { assertInstalled, install } from './python.ts'
import { line, summary } from './report.ts'
import { Stage, type StageOptions } from './stage.ts'
import { runSteps, type Step } from './step.ts'
import { changeSteps } from './steps/changes.ts'
import { deploySteps } from './steps/deploy.ts'
import { releaseSteps } from './steps/release.ts'
import { restoreSteps } from './steps/restore.ts'
import { routeSteps } from './steps/routes.ts'
import { vendorSteps } from './steps/vendors.ts'
import type { World } from './steps/world.ts'
import { checkOut } from './upgrade/checkout.ts'
import { UPGRADE_PARAMETERS, upgradeSteps } from './upgrade/steps.ts'
import { startVendors } from './vendors.ts'

const main = async (line: readonly string[]): Promise<number> => {
  if (line.includes('--help') || line.includes('-h')) {
    console.log(`Use: ${USAGE}\n\n${HELP}`)
    return 0
  }
  const args = parseArguments(line)
  if (args.mode === 'install') {
    install(console.log)
    return 0
  }
  if (args.mode === 'real') return rehearseForReal(args)
  assertInstalled()
  const folder = insideFolder()
  if (folder === undefined) return runInside([import.meta.filename, ...line], (made) => prepare(args, made))
  endWithOuterProcess()
  return rehearseInEmulator(args, folder)
}

/** Where the former release's sources are, in the run's folder. */
const FORMER = 'former'

/** Outside, while packages can still be fetched. */
const prepare = async ({ mode, from }: RehearsalArguments, folder: string): Promise<void> => {
  if (mode === 'upgrade') await checkOut(previousRelease(from), join(folder, FORMER))
}

/** Of the account's root user in the emulator. No AWS account accepts them. */
const EMULATOR_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

const rehearseInEmulator = async (args: RehearsalArguments, folder: string): Promise<number> => {
  const { stage: name, region } = args
  const vendors = await startVendors(VENDOR_ADDRESS)
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, vendors.ca)
  const emulator = await startEmulator({ folder, region, caFile })
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    ...localAwsEnvironment(region),
    ...EMULATOR_CREDENTIALS,
    AWS_ENDPOINT_URL: emulator.url,
  }
  Object.assign(process.env, env)
  try {
    if (args.mode === 'self-test') return await report(plantedSteps({ folder, region, env, emulator }), args)
    const project = join(folder, 'project')
    copyProject(project)
    const worldOf = (sources: string, parameters = {}): World => ({
      stage: new Stage({ name, region, project: sources, env, emulator, parameters }),
      vendorSecrets: vendors.secrets,
      plainCec: vendors.plainCec,
      callerKey: '',
    })
    if (args.mode === 'upgrade') {
      const worlds = {
        previous: worldOf(join(folder, FORMER), UPGRADE_PARAMETERS),
        current: worldOf(project, UPGRADE_PARAMETERS),
      }
      const steps = upgradeSteps({ previous: previousRelease(args.from), worlds, fetches: vendors.fetches })
      return await report(steps, args)
    }
    const world = worldOf(project)
    const steps = [
      ...lintSteps({ project, env }),
      ...useSteps(world),
      ...restoreSteps(world),
      ...changeSteps(world),
      ...releaseSteps({ region, project, env, emulator }),
    ]
    return await report(steps, args)
  } finally {
    emulator.stop()
    await vendors.close()
  }
}

/** No emulator, no bridge, no linter: the same steps with the credentials of this shell. */
const rehearseForReal = async (args: RehearsalArguments): Promise<number> => {
  const { stage: name, region, secretsFile } = args
  process.env['AWS_REGION'] = region
  const project = join(rehearsalFolder(), 'project')
  copyProject(project)
  const options: StageOptions = { name, region, project, env: process.env, emulator: undefined }
  const vendorSecrets = secretsFile === undefined ? undefined : readSecrets(secretsFile)
  const world: World = {
    stage: new Stage(options),
    vendorSecrets,
    plainCec: vendorSecrets?.['cec'],
    callerKey: '',
  }
  const code = await report([...useSteps(world), ...changeSteps(world)], args)
  if (code !== 0) console.error(leftBehind(args))
  return code
}

const leftBehind = ({ stage, region }: RehearsalArguments): string =>
  `What has been made is still there. Remove it with: npx serverless remove --stage ${stage} --region ${region}\n` +
  `Then delete the secrets cec-token-bridge/${stage}/…, the tables cec-token-bridge-${stage}-directory and ` +
  `cec-token-bridge-${stage}-callers, and the log groups /aws/lambda/cec-token-bridge-${stage}-… and ` +
  `/aws/http-api/cec-token-bridge-${stage}.`

/** npm changes to the project's folder; a relative path is meant from where npm was called. */
const readSecrets = (file: string): Readonly<Record<string, object>> => {
  try {
    return JSON.parse(readFileSync(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`--secrets: ${file} cannot be read (${code ?? 'no JSON'}).`)
  }
}

const useSteps = (world: World): Step[] => [
  ...deploySteps(world),
  ...(world.vendorSecrets === undefined ? [] : vendorSteps(world)),
  ...routeSteps(world),
]

/** Runs the steps, tells of each as it ends, and returns the exit code. */
const report = async (steps: readonly Step[], { json }: RehearsalArguments): Promise<number> => {
  const outcomes = await runSteps(steps, (outcome) => {
    if (!json) console.log(line(outcome))
  })
  console.log(json ? JSON.stringify(outcomes, null, 2) : summary(outcomes, steps.length))
  return outcomes.every(({ ok }) => ok) && outcomes.length === steps.length ? 0 : 1
}

// Ends by `exit`, so that the run's folder is removed. Without it the first process of a namespace would not end at all.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  console.error((error as Error).message)
  process.exit(error instanceof UsageError ? 2 : 1)
}
