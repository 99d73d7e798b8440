/** Objects of secrets, which operators paste together: what pasting leaves behind is taken off before a schema looks. */

import * as z from 'zod/mini'

type Shape = Readonly<Record<string, z.ZodMiniType>>

/**
 * An object with these members and no others. Blanks around texts, also those of a list, are taken off, and an
 * optional member counts as absent when it is null or an empty text. An unknown member's name is never
 * repeated: it may be a secret itself.
 */
export const members = <const Members extends Shape>(shape: Members) => pasted(shape, onlyMembers(shape))

/** The same for an object of one of several kinds. `shape` holds the members of all of them. */
export const pasted = <Schema extends z.ZodMiniType>(shape: Shape, schema: Schema) =>
  z.pipe(
    z.transform((value) => (isObject(value) ? tidied(value, shape) : value)),
    schema,
  )

/** The schema alone, for `pasted`. */
export const onlyMembers = <const Members extends Shape>(shape: Members) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? `expected no members but ${Object.keys(shape).join(', ')}`
        : 'expected a JSON object',
  })

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const tidied = (value: object, shape: Shape): object =>
  Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, trimmed(item)] as const)
      .filter(([name, item]) => !((item === null || item === '') && isOptional(shape, name))),
  )

/** Also takes off a byte order mark. */
export const trimmed = (value: unknown): unknown => {
  if (typeof value === 'string') return value.trim()
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? item.trim() : item)) : value
}

const isOptional = (shape: Shape, name: string): boolean =>
  Object.hasOwn(shape, name) && shape[name]?.safeParse(undefined).success === true
