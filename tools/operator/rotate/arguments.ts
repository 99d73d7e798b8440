/** The command line of `npm run rotate`. */

import { LOCAL_STAGE } from '../../local/constants.ts'

export interface RotateArguments {
  readonly stage: string
  readonly region: string | undefined
  /** Key ids to drop. Empty: asked to drop, without saying which. Undefined: an ordinary rotation. */
  readonly compromised: readonly string[] | undefined
  /** Give up a rotation that has not finished. */
  readonly beginAnew: boolean
}

export const USAGE = `Use: npm run rotate -- [--stage <stage>] [--region <region>] [--begin-anew] [--compromised <kid> …]`

const KID = /^[A-Za-z0-9_-]{1,64}$/
/** Of a key that rotation made. It may begin with a hyphen, and is as long as no option's name. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/

/** Throws a sentence and the usage for anything that it does not know. */
export const parseArguments = (args: readonly string[]): RotateArguments => {
  const rest = [...args]
  let stage = LOCAL_STAGE
  let region: string | undefined
  let compromised: string[] | undefined
  let beginAnew = false
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name = '', ...values] = argument.split('=')
    const value = (): string => {
      const given = values.length > 0 ? values.join('=') : rest.shift()
      if (given === undefined || given === '') throw wrong(`${name} needs a value.`)
      return given
    }
    if (THUMBPRINT.test(argument) && compromised !== undefined) compromised.push(argument)
    else if (name === '--stage') stage = value()
    else if (name === '--region') region = value()
    else if (name === '--begin-anew') beginAnew = true
    else if (name === '--compromised') {
      compromised ??= []
      if (values.length > 0) compromised.push(value())
    } else throw wrong(`${JSON.stringify(argument)} is not understood.`)
  }
  if (!/^[A-Za-z0-9-]{1,32}$/.test(stage)) throw wrong('--stage: expected letters, digits and hyphens.')
  for (const kid of compromised ?? []) {
    if (!KID.test(kid)) throw wrong('--compromised: expected a key id as this command shows it.')
  }
  return { stage, region, compromised, beginAnew }
}

/** What leads the same command to the same stage again, with a blank behind it. */
export const optionsOf = (stage: string, region: string | undefined): string =>
  stage === LOCAL_STAGE ? '' : `--stage ${stage} ${region ? `--region ${region} ` : ''}`

const wrong = (what: string): Error => new Error(`${what}\n${USAGE}`)
