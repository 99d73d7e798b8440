/** Command lines of the operator's commands: options of which a stage's are the same everywhere. */

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { LOCAL_STAGE } from '../local/constants.ts'
import { REGION } from '../region.ts'

/** A command line that is not understood. The message is one sentence, and in the next line how the command is used. */
export class UsageError extends Error {}

export const usageError = (sentence: string, usage: string): UsageError =>
  new UsageError(`${sentence}\nUse: ${usage}`)

export const STAGE_OPTIONS = { stage: { type: 'string' }, region: { type: 'string' } } as const

export interface CommandLine<Options extends ParseArgsOptionsConfig> {
  readonly options: Options
  /** Whether there may be arguments that belong to no option. */
  readonly allowPositionals?: boolean
  /** How the command is used, in one line. */
  readonly usage: string
}

/**
 * The values of the options, the last one where an option is repeated, and the other arguments. Throws UsageError for an
 * option that is unknown or lacks its value, and for an argument that may not be. An option's value may begin with a
 * hyphen only behind `=`.
 */
export const parseCommandLine = <const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { options, allowPositionals = false, usage }: CommandLine<Options>,
) => {
  // Not strict: its own sentences run over several lines, and give advice that does not fit.
  const loose = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  for (const token of loose.tokens) {
    const sentence = tokenFault(token, options, allowPositionals)
    if (sentence !== undefined) throw usageError(sentence, usage)
  }
  return parseArgs({ args: [...args], options, allowPositionals })
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

const tokenFault = (
  token: Token,
  options: ParseArgsOptionsConfig,
  allowPositionals: boolean,
): string | undefined => {
  if (token.kind === 'positional')
    return allowPositionals ? undefined : `${JSON.stringify(token.value)} is not understood.`
  if (token.kind !== 'option') return undefined
  const { name, rawName, value, inlineValue } = token
  const type = Object.hasOwn(options, name) ? options[name]?.type : undefined
  if (type === undefined) return `${JSON.stringify(rawName)} is not understood.`
  if (type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value.`
  return !value || (!inlineValue && value.startsWith('-')) ? `${rawName} needs a value.` : undefined
}

/**
 * Refuses an option that does not go with a word of the command: passed over in silence, it would leave the person in a wrong belief.
 * A stage's options go with all. Throws UsageError.
 */
export const refuseOthers = (
  values: object,
  { word, takes }: { readonly word: string; readonly takes: readonly string[] },
  usage: string,
): void => {
  const known = new Set([...Object.keys(STAGE_OPTIONS), ...takes])
  const other = Object.keys(values).find((name) => !known.has(name))
  if (other !== undefined) throw usageError(`--${other} does not go with ${word}.`, usage)
}

export interface StageArguments {
  readonly stage: string
  readonly region: string | undefined
}

/** The stage that a command works on; without one the local stage. Throws UsageError for what is no stage's or region's name. */
export const stageArguments = (
  { stage = LOCAL_STAGE, region }: { readonly stage?: string; readonly region?: string },
  usage: string,
): StageArguments => {
  if (!/^[A-Za-z0-9-]{1,32}$/.test(stage))
    throw usageError('--stage: expected letters, digits and hyphens.', usage)
  if (region !== undefined && !REGION.test(region))
    throw usageError('--region: expected a region of AWS, such as eu-west-1.', usage)
  return { stage, region }
}

/** What leads the same command to the same stage again, with a blank behind it. */
export const optionsOf = (stage: string, region: string | undefined): string =>
  stage === LOCAL_STAGE ? '' : `--stage ${stage} ${region ? `--region ${region} ` : ''}`
