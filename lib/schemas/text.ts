/**
 * Text that people name things with, by the table of lib/schemas/text-rules.ts. Lengths are in code points.
 * The `params` of a check are data for documents: a text rule, or keywords of JSON Schema that say what the check does.
 */

import * as z from 'zod/mini'
import { TEXT_RULES, type TextRule } from './text-rules.ts'

/** CEC's documents give no limit for a name; this one keeps a token's size within bounds. */
export const MOST_NAME_CHARACTERS = 256

/** In UTF-16 units: what one code point of form NFC takes at most when it is written apart, as four code points of two. */
const UNITS_APART = 8

/** Form NFC of a text that can be a name. A longer text stays as it is: it equals no name, and costs no work. */
export const nfc = (text: string): string =>
  text.length <= MOST_NAME_CHARACTERS * UNITS_APART ? text.normalize('NFC') : text

export const lengthInCodePoints = (text: string): number => [...text].length

/** At most so many code points. A longer text is not looked at any further. */
export const mostCharacters = (most: number, error = `expected at most ${most} characters`) =>
  z.refine<string>((text) => text.length <= 2 * most && lengthInCodePoints(text) <= most, {
    error,
    abort: true,
    params: { maxLength: most },
  })

/** 1 to `most` code points. */
export const limited = (schema: z.ZodMiniString<string>, most: number): z.ZodMiniString<string> => {
  const error = `expected 1 to ${most} characters`
  return schema.check(z.minLength(1, { error, abort: true }), mostCharacters(most, error))
}

const ruled = (schema: z.ZodMiniString<string>, rules: readonly TextRule[]): z.ZodMiniString<string> =>
  schema.check(
    ...rules.map((rule) => z.refine<string>(keeps(rule), { error: rule.says, abort: true, params: rule })),
  )

const keeps = (rule: TextRule): ((text: string) => boolean) => {
  const isRequired = 'required' in rule
  const where = rule.where === undefined ? undefined : new RegExp(rule.where, 'u')
  // Only then: sets of Unicode's characters take milliseconds to be put together, and most functions check few texts.
  let pattern: RegExp | undefined
  return (text) => {
    if (where?.test(text) === false) return true
    pattern ??= new RegExp(isRequired ? rule.required : rule.refused, 'u')
    return pattern.test(text) === isRequired
  }
}

const string = () => z.string('expected a string')

/** 1 to `most` characters that keep the rules, as they stand. */
export const text = (most: number, rules = TEXT_RULES): z.ZodMiniString<string> =>
  ruled(limited(string(), most), rules)

const IN_NFC = 'expected Unicode form NFC'

/** The same for ids: one spelling each (NFC), never changed or case-folded. */
export const identifier = (most: number, rules = TEXT_RULES): z.ZodMiniString<string> =>
  text(most, rules).check(
    z.refine((id) => id === id.normalize('NFC'), { error: IN_NFC, params: { says: IN_NFC } }),
  )

/** A name of a person: brought to form NFC, so that one name has one spelling, and then held to the table. */
export const personName = (): z.ZodMiniString<string> =>
  ruled(limited(string().check(z.overwrite(nfc)), MOST_NAME_CHARACTERS), TEXT_RULES)
