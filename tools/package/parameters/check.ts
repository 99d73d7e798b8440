/** All parameters of a stage, checked before anything is written: names, blocks and values, each mistake one sentence. */

import { LOCAL_STAGE } from '../../local/constants.ts'
import { isAlike, nearest } from '../../nearest.ts'
import { REGION } from '../../region.ts'
import { type Parameter, type Place, parametersOf } from './table.ts'

export interface Given {
  /** `params` of serverless.yml. */
  readonly blocks: unknown
  /** `--param` of the command line, as `<name>=<value>`. */
  readonly options: readonly string[]
}

export interface Findings {
  /** Sentences. With any of them nothing may be packaged. */
  readonly mistakes: readonly string[]
  readonly warnings: readonly string[]
}

type Block = Readonly<Record<string, unknown>>

const BLOCK_OF_ALL = 'default'

/** Checks the names everywhere, and the values that hold for the stage. A value with a variable in it is taken for good. */
export const checkParameters = ({ blocks, options }: Given, place: Place): Findings => {
  const table = parametersOf(place)
  const [named, unreadable] = optionsIn(options)
  const own = isBlock(blocks) ? blocks : {}
  const held = valuesOf(own, named, place.stage).filter(({ name }) => Object.hasOwn(table, name))
  return {
    mistakes: [
      ...stageFaults(place),
      ...unreadable,
      ...blockFaults(own, place.stage, Object.keys(table)),
      ...nameFaults(own, named, Object.keys(table)),
      ...held.flatMap((value) => valueFaults(value, table[value.name])),
    ],
    warnings: [
      ...unusedBlocks(own, place.stage),
      ...held.flatMap((value) => valueWarnings(value, table[value.name])),
    ],
  }
}

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The framework's own reading: everything behind the first "=", blanks at the end taken off. */
const optionsIn = (options: readonly string[]): readonly [Map<string, string>, string[]] => {
  const named = new Map<string, string>()
  const unreadable: string[] = []
  for (const option of options) {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(option) ?? []
    if (name !== undefined && value.trim() !== '') named.set(name, value.trimEnd())
    else
      unreadable.push(
        `--param=${cut(option)} gives no value: write --param=<name>=<value>, or leave it out for the default.`,
      )
  }
  return [named, unreadable]
}

const stageFaults = ({ stage, region }: Place): string[] => [
  ...(/^[A-Za-z0-9-]{1,23}$/.test(stage) && stage !== BLOCK_OF_ALL
    ? []
    : [`--stage says ${shown(stage)}: expected 1 to 23 letters, digits and hyphens. Example: prod.`]),
  ...(REGION.test(region)
    ? []
    : [`--region says ${shown(region)}: expected a region of AWS. Example: eu-west-1.`]),
]

/** A block for another stage is fine, unless it looks meant for this one, which has none. */
const blockFaults = (blocks: Block, stage: string, known: readonly string[]): string[] => {
  const names = Object.keys(blocks)
  const misplaced = names.filter((name) => known.includes(name))
  const shapeless = names.filter(
    (name) => !misplaced.includes(name) && !isBlock(blocks[name] ?? {}) && !holdsVariable(blocks[name]),
  )
  const alike = names.includes(stage) ? [] : otherBlocks(blocks, stage).filter((name) => isAlike(name, stage))
  return [
    ...misplaced.map(
      (name) => `${name} stands directly under "params:": put it into the block "${stage}:" there.`,
    ),
    ...shapeless.map(
      (name) => `params.${name} is no block: expected lines such as "issuer: https://…" in it.`,
    ),
    ...alike
      .filter((name) => !misplaced.includes(name))
      .map(
        (name) =>
          `params.${name} is not read for stage "${stage}": call the block "${stage}:", or add an empty one ("${stage}: {}") if that is another stage.`,
      ),
  ]
}

const otherBlocks = (blocks: Block, stage: string): string[] =>
  Object.keys(blocks).filter((name) => name !== BLOCK_OF_ALL && name !== stage)

const unusedBlocks = (blocks: Block, stage: string): string[] => {
  const others = otherBlocks(blocks, stage)
  if (stage in blocks || stage === LOCAL_STAGE || others.length === 0) return []
  return [`"params:" has no block "${stage}:", only ${others.join(', ')}. The defaults hold.`]
}

const nameFaults = (
  blocks: Block,
  named: ReadonlyMap<string, string>,
  known: readonly string[],
): string[] => {
  const inBlocks = Object.entries(blocks).flatMap(([block, values]) =>
    isBlock(values) && !known.includes(block)
      ? Object.keys(values).map((name) => [name, `params.${block}`])
      : [],
  )
  const inOptions = [...named.keys()].map((name) => [name, '--param'])
  return [...inBlocks, ...inOptions]
    .filter(([name = '']) => !known.includes(name))
    .map(([name = '', where]) => {
      return `${cut(name)} (${where}) is no parameter: did you mean ${nearest(name, known)}?`
    })
}

interface Held {
  readonly name: string
  readonly where: string
  readonly value: unknown
}

/** What holds for the stage: the command line before the stage's block before the block of all. */
const valuesOf = (blocks: Block, named: ReadonlyMap<string, string>, stage: string): Held[] => {
  const found = new Map<string, Held>()
  for (const block of [BLOCK_OF_ALL, stage]) {
    const values = blocks[block]
    for (const [name, value] of Object.entries(isBlock(values) ? values : {}))
      if (value !== null && value !== undefined) found.set(name, { name, where: `params.${block}`, value })
  }
  for (const [name, value] of named) found.set(name, { name, where: '--param', value })
  return [...found.values()].filter(({ value }) => !holdsVariable(value))
}

/** One that the framework has not replaced yet. */
const holdsVariable = (value: unknown): boolean => JSON.stringify(value).includes('${')

const valueFaults = ({ name, where, value }: Held, parameter?: Parameter): string[] => {
  const fault = parameter?.shape.safeParse(value).error?.issues[0]?.message
  if (fault === undefined) return []
  return [`${name} (${where}) says ${shown(value)}: ${fault}. Example: ${parameter?.example}.`]
}

const valueWarnings = ({ name, where, value }: Held, parameter?: Parameter): string[] => {
  const warning = parameter?.warning?.(value)
  return warning === undefined ? [] : [`${name} (${where}) says ${shown(value)}: ${warning}.`]
}

const LONGEST_SHOWN = 80

const cut = (text: string): string =>
  text.length > LONGEST_SHOWN ? `${[...text].slice(0, LONGEST_SHOWN).join('')}…` : text

/** A parameter is no secret. What nobody would see in it is written by its number. */
const shown = (value: unknown): string =>
  cut(JSON.stringify(value)).replace(
    /(?! )[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}]/gu,
    (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`,
  )
