/** Types of the members of secrets. Each has its one sentence, also for a member that is left out. */

import * as z from 'zod/mini'
import { isObject, trimmed } from './pasted.ts'

/** What shows as nothing, or as a blank without being one. */
const INVISIBLE = /(?! )[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}\u2800]/u

/** Names the first invisible character of a text: nobody would find it by looking. Its code point is no secret. */
export const invisibleIn = (text: string): string | undefined => {
  const [found] = INVISIBLE.exec(text) ?? []
  return found === undefined
    ? undefined
    : `expected no invisible character, but it holds U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}: type it anew`
}

const isLeftOut = (input: unknown): boolean => input === undefined || input === null

/**
 * Text without invisible characters of which `faultOf` says nothing: a sentence that begins with "expected". `keywords` of JSON Schema
 * say the same to documents, as far as they can.
 */
export const judgedText = (
  expected: string,
  faultOf: (text: string) => string | undefined,
  keywords: object = {},
) =>
  z.string({ error: ({ input }) => (isLeftOut(input) ? expected : `${expected}, as text in quotes`) }).check(
    z.check<string>(
      ({ value, issues }) => {
        const message = invisibleIn(value) ?? faultOf(value)
        if (message !== undefined) issues.push({ code: 'custom', input: value, message })
      },
      { params: { description: expected, ...keywords } },
    ),
  )

export const text = (pattern: RegExp, expected: string) =>
  judgedText(expected, (value) => (pattern.test(value) ? undefined : expected), { pattern: pattern.source })

/** Printable ASCII without blanks: keys, secrets and whatever goes into a header. */
export const printable = (most: number) =>
  text(
    new RegExp(`^[\\x21-\\x7e]{1,${most}}$`),
    `expected 1 to ${most} printable ASCII characters, no blanks inside`,
  )

export const oneOf = <const Value extends string>(values: readonly [Value, ...Value[]]) => {
  const expected = `expected ${values.map((value) => `"${value}"`).join(', ')}`.replace(
    /, (?=[^,]*$)/,
    ' or ',
  )
  return z.enum(values, { error: ({ input }) => sentence(input, expected) })
}

/** Of a text that would look right, what nobody sees in it; of everything else, what was expected. */
export const sentence = (value: unknown, expected: string): string =>
  (typeof value === 'string' ? invisibleIn(value) : undefined) ?? expected

/** A number, or its digits as text. */
export const wholeNumber = (
  least: number,
  most: number,
  expected = `expected a whole number from ${least} to ${most}`,
) => numberAsText(z.int(expected).check(z.gte(least, expected), z.lte(most, expected)))

/** Takes digits for the number that they are. */
export const numberAsText = (schema: z.ZodMiniType<number>) =>
  asText(schema, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text))

/** `true` or `false`, or one of the words as text. */
export const flag = () =>
  asText(z.boolean('expected true or false'), (text) => text === 'true' || (text === 'false' ? false : text))

const asText = <Value>(schema: z.ZodMiniType<Value>, read: (text: string) => unknown) =>
  z.pipe(
    z.transform((value, { issues }) => {
      if (typeof value !== 'string') return value
      const message = invisibleIn(value)
      if (message !== undefined) issues.push({ code: 'custom', input: value, message })
      return read(value)
    }),
    schema,
  )

/** Names that are data, each with a text. A fault shows every name as `*`: it may be anything. */
export const lookup = (name: z.ZodMiniType<string>, item: z.ZodMiniType<string>, expected: string) =>
  z.pipe(
    z.custom<object>(isObject, { error: expected, params: { type: 'object' } }),
    z.transform((value, { issues }) => {
      const pairs = Object.entries(value).map(([key, of]) =>
        z.tuple([name, item]).safeParse([key.trim(), trimmed(of)]),
      )
      const [fault] = pairs.flatMap(({ error }) => error?.issues ?? [])
      const found = new Map(pairs.flatMap(({ data }) => (data === undefined ? [] : [data])))
      if (fault !== undefined)
        issues.push({ code: 'custom', path: ['*'], message: fault.message, input: undefined })
      else if (found.size < pairs.length)
        issues.push({ code: 'custom', path: ['*'], message: 'expected each name once', input: undefined })
      return Object.fromEntries(found)
    }),
  )
