/** A JSON Schema as facts. */

import type { JsonSchema } from '../../interface/json-schema.ts'
import { type Facts, joined, NOTHING, type Value } from './facts.ts'

export type Resolve = (ref: string) => JsonSchema

const noRefs: Resolve = (ref) => {
  throw new TypeError(`${ref}: expected a schema without references`)
}

/** Of these a change has a direction: whether a greater number takes more. */
export const LIMITS: Readonly<Record<string, boolean>> = {
  ...{ minLength: false, maxLength: true, minItems: false, maxItems: true },
  ...{ minimum: false, maximum: true, exclusiveMinimum: false, exclusiveMaximum: true },
  ...{ minProperties: false, maxProperties: true, minContains: false, maxContains: true },
}
/** Rules that only their whole text says. */
export const RULES: readonly string[] = [
  'pattern',
  'format',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'uniqueItems',
  'multipleOf',
  'prefixItems',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
]
/** A rule too: nothing but the values of `enum` or `const` is taken. */
export const LISTED = 'listed'

const children = (schema: JsonSchema): readonly (readonly [string, JsonSchema])[] => [
  ...Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>),
  ...(
    [
      ['[]', schema['items']],
      ['*', schema['additionalProperties']],
    ] as const
  ).flatMap(([name, child]) => (typeof child === 'object' ? [[name, child as JsonSchema] as const] : [])),
]
/** Of a list and of what has any names: there is nothing in them that could be missing. */
const UNNAMED: readonly string[] = ['[]', '*']

const typeOf = ({ type, enum: values, const: value }: JsonSchema): string => {
  if (type !== undefined) return [type].flat().join(' or ')
  return values === undefined && value === undefined ? 'any' : 'text'
}

const resolved = (schema: JsonSchema, resolve: Resolve): JsonSchema =>
  typeof schema['$ref'] === 'string' ? resolved(resolve(schema['$ref']), resolve) : schema

const valuesOf = (path: string, { enum: values, const: value }: JsonSchema): Record<string, Value> =>
  Object.fromEntries(
    [...((values as unknown[] | undefined) ?? []), ...(value === undefined ? [] : [value])].map((one) => [
      `${path} = ${JSON.stringify(one)}`,
      true,
    ]),
  )

/** What may be sent: members, values, limits; and which members must be there. */
export const takenFacts = (path: string, given: JsonSchema, resolve: Resolve = noRefs): Facts => {
  const schema = resolved(given, resolve)
  const takes: Record<string, Value> = { [path]: typeOf(schema), ...valuesOf(path, schema) }
  for (const limit of Object.keys(LIMITS))
    if (typeof schema[limit] === 'number') takes[`${path} ${limit}`] = schema[limit]
  for (const rule of RULES)
    if ((schema[rule] ?? false) !== false) takes[`${path} ${rule}`] = JSON.stringify(schema[rule])
  if (schema['enum'] !== undefined || schema['const'] !== undefined) takes[`${path} ${LISTED}`] = true
  const { additionalProperties: others = {} } = schema
  if (typeOf(schema) === 'object' && others !== false)
    takes[`${path} others`] = others === true ? 'any' : typeOf(resolved(others as JsonSchema, resolve))
  const demands = ((schema['required'] ?? []) as string[]).map((name) => `${path}.${name}`)
  return joined(
    { takes, demands },
    ...children(schema).map(([name, child]) => takenFacts(`${path}.${name}`, child, resolve)),
  )
}

interface Given {
  /** Default: a reference is a fault. */
  readonly resolve?: Resolve
  readonly presence?: 'always' | 'sometimes'
}

/** What is answered or written: members, whether each is always there, and values that a reader may act on. */
export const givenFacts = (
  path: string,
  given: JsonSchema,
  { resolve = noRefs, presence = 'always' }: Given = {},
): Facts => {
  const schema = resolved(given, resolve)
  const required = new Set((schema['required'] ?? []) as string[])
  const variants = ['oneOf', 'anyOf'].flatMap((name) => (schema[name] as JsonSchema[] | undefined) ?? [])
  return joined(
    NOTHING,
    { gives: { [path]: `${typeOf(schema)}, ${presence}`, ...valuesOf(path, schema) } },
    ...children(schema).map(([name, child]) =>
      givenFacts(`${path}.${name}`, child, {
        resolve,
        presence: UNNAMED.includes(name) || required.has(name) ? 'always' : 'sometimes',
      }),
    ),
    ...variants.map((variant, number) =>
      givenFacts(`${path} (${number + 1})`, variant, { resolve, presence: 'sometimes' }),
    ),
  )
}
