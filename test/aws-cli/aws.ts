/** Runs the AWS command line tool of Debian's `awscli` package, cut off from the user's own settings. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'

export type AwsAnswer = { code: number | string; stdout: string; stderr: string }

// The package's own path first: another `aws` earlier in PATH may be version 1, which prints otherwise.
const COMMAND = existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws'

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  LC_ALL: 'C.UTF-8',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'us-east-1',
  AWS_PAGER: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/** Runs `aws <args>`; a failing command is an answer too. Throws only when there is no `aws` version 2. */
export async function aws(...args: string[]): Promise<AwsAnswer> {
  const answer = await run(args)
  if (answer.code === 'ENOENT') {
    throw new Error(
      'The command `aws` is not installed: install it with `apt-get update && apt-get install -y awscli`.',
    )
  }
  return answer
}

let version: Promise<AwsAnswer> | undefined

/** Throws, saying what to install, unless `aws` is there and is version 2. */
export async function requireAws(): Promise<void> {
  version ??= aws('--version')
  const { stdout } = await version
  if (!stdout.startsWith('aws-cli/2.')) {
    throw new Error(
      `The command \`aws\` is not version 2 (${stdout.trim()}): install it with \`apt-get update && apt-get install -y awscli\`.`,
    )
  }
}

function run(args: string[]): Promise<AwsAnswer> {
  return new Promise((resolve) => {
    execFile(COMMAND, args, { env: ENVIRONMENT }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr })
    })
  })
}
