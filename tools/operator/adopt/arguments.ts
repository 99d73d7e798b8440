/** The command line of `npm run adopt`. */

import { LOCAL_STAGE } from '../../local/constants.ts'
import { parseCommandLine, STAGE_OPTIONS, stageArguments, usageError } from '../arguments.ts'

export interface AdoptArguments {
  readonly stage: string
  readonly region: string
  /** Parameters as the deployment gets them on its command line, each `<name>=<value>`. */
  readonly parameters: readonly string[]
  /** Restore what is marked for deletion without asking. */
  readonly isConfirmed: boolean
  readonly isJson: boolean
}

export const USAGE =
  'npm run adopt -- --stage <stage> --region <region> [--param <name>=<value> …] [--yes] [--json]'

const OPTIONS = {
  ...STAGE_OPTIONS,
  param: { type: 'string', multiple: true },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Throws UsageError for anything that it does not know, and without a deployed stage's name and region. */
export const parseArguments = (args: readonly string[]): AdoptArguments => {
  const { values } = parseCommandLine(args, { options: OPTIONS, usage: USAGE })
  const { stage, region } = stageArguments(values, USAGE)
  if (stage === LOCAL_STAGE)
    throw usageError('Name a deployed stage: nothing of the local one stays when it ends.', USAGE)
  if (region === undefined) throw usageError('Name the region, as for the deployment.', USAGE)
  const parameters = values.param ?? []
  if (parameters.some((parameter) => !/^\w+=/.test(parameter)))
    throw usageError('--param: expected <name>=<value>, as for the deployment.', USAGE)
  return { stage, region, parameters, isConfirmed: values.yes === true, isJson: values.json === true }
}
