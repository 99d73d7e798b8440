/** Shapes of the stage's parameters. Each takes a value as YAML or as `--param` gives it, and says what was expected. */

import * as z from 'zod/mini'
import { Settings } from '../../../lib/config.ts'

/** A shape of which `faultOf` says what was expected, as a sentence without its end; nothing of a value that can be taken. */
export const judged = (faultOf: (value: unknown) => string | undefined) =>
  z.unknown().check(({ value, issues }) => {
    const message = faultOf(value)
    if (message !== undefined) issues.push({ code: 'custom', input: value, message })
  })

/** Texts that `faultOf` judges. */
export const text = (faultOf: (text: string) => string | undefined, expected = 'expected text') =>
  judged((value) => (typeof value === 'string' ? faultOf(value) : expected))

export const oneOf = (...values: readonly (string | number)[]) => {
  const expected = `expected ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
  return judged((value) => (values.some((known) => String(known) === plain(value)) ? undefined : expected))
}

/** A number or a text; anything else is none of the values. */
const plain = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined

export const flag = oneOf('true', 'false')

/** Numbers by their digits, of `least` to `most`. */
export const wholeNumber = (least: number, most: number) =>
  numberOf(/^(0|[1-9]\d{0,14})$/, `expected a whole number from ${least} to ${most}`, (value) =>
    value >= least && value <= most ? undefined : `expected a whole number from ${least} to ${most}`,
  )

const numberOf = (form: RegExp, expected: string, faultOf: (value: number) => string | undefined) =>
  judged((value) => (form.test(plain(value) ?? '') ? faultOf(Number(value)) : expected))

/** What the functions say of a setting, by their own schema. */
const settingFault = (name: keyof typeof Settings.shape, value: unknown): string | undefined =>
  Settings.shape[name].safeParse(value).error?.issues[0]?.message

/** A setting of the functions that is text. Blank only where that means something. */
export const textSetting = (name: keyof typeof Settings.shape, { orEmpty = false } = {}) => {
  const expected = settingFault(name, {}) ?? 'expected text'
  return text((value) => {
    if (value === '') return orEmpty ? undefined : expected
    return settingFault(name, value)
  }, expected)
}

/** A setting of the functions that is a number: of its digits alone, and of no other unit. */
export const numberSetting = (name: keyof typeof Settings.shape, form = /^(0|[1-9]\d{0,14})$/) =>
  numberOf(form, settingFault(name, 'x') ?? 'expected a number', (value) => {
    const fault = settingFault(name, value)
    const isMilliseconds = /_SECONDS$/.test(name) && settingFault(name, value / 1000) === undefined
    return fault && isMilliseconds ? `${fault}, in seconds and not in milliseconds` : fault
  })

export const DECIMAL = /^(0|[1-9]\d{0,5})(\.\d{1,6})?$/

/** `unset` is CloudFormation's own word for a property that is left out. */
export const orUnset = (shape: z.ZodMiniType) =>
  judged((value) => (isUnset(value) ? undefined : shape.safeParse(value).error?.issues[0]?.message))

const isUnset = (value: unknown): boolean => JSON.stringify(value) === '{"Ref":"AWS::NoValue"}'

/**
 * The entries of a list, which may be a list of YAML or a text with commas. Blanks around an entry are taken off, and a
 * comma may end a text. Undefined for anything else.
 */
export const entriesOf = (value: unknown): string[] | undefined => {
  const texts: unknown[] = [value].flat()
  return texts.every((item) => typeof item === 'string') ? texts.flatMap(entriesIn) : undefined
}

const entriesIn = (text: string): string[] => {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.at(-1) === '' ? entries.slice(0, -1) : entries
}

/** A list of entries that `faultOf` judges; empty as `[]` or as an empty text, never as blanks and commas alone. */
export const list = (faultOf: (entry: string) => string | undefined) =>
  judged((value) => {
    const entries = entriesOf(value)
    if (entries === undefined) return 'expected a list, or a text with commas between the entries'
    if (entries.length === 0 && value !== '' && [value].flat().length > 0)
      return 'expected an entry, or an empty list for none'
    for (const entry of entries) {
      const fault = faultOf(entry)
      if (fault !== undefined) return entries.length > 1 ? `${fault} (${JSON.stringify(entry)})` : fault
    }
    return undefined
  })
