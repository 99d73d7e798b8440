/** The command line of `npm run rotate`. */

import {
  parseCommandLine,
  STAGE_OPTIONS,
  type StageArguments,
  stageArguments,
  usageError,
} from '../arguments.ts'

export interface RotateArguments extends StageArguments {
  /** Key ids to drop. Empty: asked to drop, without saying which. Undefined: an ordinary rotation. */
  readonly compromised: readonly string[] | undefined
  /** Give up a rotation that has not finished. */
  readonly beginAnew: boolean
  readonly isJson: boolean
}

export const USAGE =
  'npm run rotate -- [--stage <stage>] [--region <region>] [--begin-anew] [--json] [--compromised <kid> …]'

const OPTIONS = {
  ...STAGE_OPTIONS,
  'begin-anew': { type: 'boolean' },
  json: { type: 'boolean' },
  compromised: { type: 'string', multiple: true },
} as const

const KID = /^[A-Za-z0-9_-]{1,64}$/
/** Of a key that rotation made. It may begin with a hyphen, and is as long as no option's name. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/
/** `--compromised` alone. No key id has such a character. */
const UNNAMED = '*'

/** Throws UsageError for anything that it does not know. */
export const parseArguments = (args: readonly string[]): RotateArguments => {
  const { values } = parseCommandLine(withKeyIds(args), { options: OPTIONS, usage: USAGE })
  const kids = values.compromised?.filter((kid) => kid !== UNNAMED)
  if (kids?.some((kid) => !KID.test(kid)))
    throw usageError('--compromised: expected a key id as this command shows it.', USAGE)
  return {
    ...stageArguments(values, USAGE),
    compromised: kids,
    beginAnew: values['begin-anew'] === true,
    isJson: values.json === true,
  }
}

/** `--compromised` takes any number of key ids, and one may begin with a hyphen: each gets an option of its own. */
const withKeyIds = (args: readonly string[]): string[] => {
  const asked = args.findIndex((argument) => /^--compromised(=|$)/.test(argument))
  return args.map((argument, index) => {
    if (argument === '--compromised') return `--compromised=${UNNAMED}`
    return asked >= 0 && index > asked && THUMBPRINT.test(argument) ? `--compromised=${argument}` : argument
  })
}
