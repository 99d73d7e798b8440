/** Leads this process's AWS clients to a stage: the local one that runs, or a deployed one with the operator's credentials. */

import { enterLocalAwsEnvironment } from './aws-environment.ts'
import { LOCAL_STAGE } from './constants.ts'
import { findRunning } from './running-stack.ts'

/** Returns where the stage is, for people. Throws a sentence that says what to do when no local stage runs. */
export const enterStage = (name: string, region: string | undefined): string => {
  if (name === LOCAL_STAGE) return enterLocalStage()
  if (region !== undefined) process.env['AWS_REGION'] = region
  return region ?? 'the region of your AWS settings'
}

const ENDPOINTS = ['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ENDPOINT_URL_DYNAMODB'] as const

/** What the environment names comes first; credentials are never the user's own. */
const enterLocalStage = (): string => {
  const isNamed = ENDPOINTS.every((name) => process.env[name])
  const running = isNamed ? undefined : findRunning()
  if (!isNamed && running === undefined) {
    throw new Error(
      'No local stage runs on this machine. Start one in another shell with npm start or npm run emulators, ' +
        'or name a deployed one with --stage <stage> --region <region>.',
    )
  }
  for (const name of ENDPOINTS) process.env[name] ||= running?.endpoints[name] ?? ''
  enterLocalAwsEnvironment(process.env['AWS_REGION'] || 'eu-west-1')
  return running === undefined ? 'AWS_ENDPOINT_URL_… of this shell' : `process ${running.pid}`
}
