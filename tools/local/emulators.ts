/** `npm run emulators`: AWS's and the vendors' emulators alone, for a command line or a debugger, until Ctrl-C. */

import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { enterLocalAwsEnvironment, localAwsEnvironment } from './aws-environment.ts'
import type { CloudFormationResources } from './dynamodb.ts'
import { PROJECT_ROOT, SERVERLESS } from './offline-process.ts'
import { endWithNpm } from './parent-process.ts'
import { controlLines } from './ready-text.ts'
import { announce, withdraw } from './running-stack.ts'
import { startStack } from './stack.ts'

interface Printed {
  readonly provider: { readonly region: string; readonly environment: Readonly<Record<string, string>> }
  readonly resources: { readonly Resources: CloudFormationResources }
}

/** serverless.yml with its variables resolved, by the one program that knows how. Throws what that says is wrong. */
const readServerlessYml = (): Printed => {
  const args = [SERVERLESS, 'print', '--format', 'json']
  const options = { cwd: PROJECT_ROOT, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options)
  if (status === 0) return JSON.parse(stdout) as Printed
  const [, told = stdout] = /Error:\n(.*?)(\n*Environment: |$)/s.exec(`${stderr}\n${stdout}`) ?? []
  throw new Error(told.trim())
}

const main = async (): Promise<void> => {
  const { provider, resources } = readServerlessYml()
  enterLocalAwsEnvironment(provider.region)
  const secretsFile = process.env['LOCAL_SECRETS_FILE']
  const stack = await startStack({
    resources: resources.Resources,
    secretsFile: secretsFile && resolve(process.env['INIT_CWD'] ?? '.', secretsFile),
    region: provider.region,
  })
  const stop = (): void => {
    withdraw()
    void stack.close()
  }
  endWithNpm()
  announce({ endpoints: stack.endpoints, environment: provider.environment })
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const variables = { ...localAwsEnvironment(provider.region), ...stack.endpoints }
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`)
  process.stdout.write(
    `${exports.join('\n')}\n${controlLines(stack.controls)}\n# Ready (stage local). Paste the lines above into another shell; Ctrl-C ends this.\n`,
  )
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
