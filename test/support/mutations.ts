/** Inputs made of a schema of the document and of one good request: each differs from it in one member, and some are random. */

import fc from 'fast-check'
import type { OpenApi } from '../../tools/interface/document.ts'
import type { JsonSchema } from '../../tools/interface/json-schema.ts'

type Members = Readonly<Record<string, unknown>>

export interface Mutation {
  readonly what: string
  readonly input: unknown
}

/** The schema that stands where others only refer to it. */
const resolved = ({ components }: OpenApi, schema: JsonSchema): JsonSchema => {
  const { $ref, ...rest } = schema
  if (typeof $ref !== 'string') return schema
  const found = components.schemas[$ref.split('/').at(-1) ?? '']
  if (found === undefined) throw new Error(`the document has no ${$ref}`)
  return { ...found, ...rest }
}

/** The members that a request may have; of one that may come in two forms those of the flat one. */
export const membersOf = (document: OpenApi, schema: JsonSchema): Readonly<Record<string, JsonSchema>> => {
  const { properties, anyOf } = resolved(document, schema) as {
    properties?: Readonly<Record<string, JsonSchema>>
    anyOf?: readonly JsonSchema[]
  }
  const found = properties ?? (anyOf?.[0]?.['properties'] as Readonly<Record<string, JsonSchema>>) ?? {}
  return Object.fromEntries(Object.entries(found).map(([name, member]) => [name, resolved(document, member)]))
}

const OTHER_TYPES: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 1],
  ['true', true],
  ['a list', []],
  ['an object', {}],
  ['an empty text', ''],
]

/** Each put into the middle, and at the end. */
const CHARACTERS: readonly (readonly [string, string])[] = [
  ['NUL', '\0'],
  ['a line break', '\n'],
  ['a line separator', '\u2028'],
  ['a zero-width blank', '\u200b'],
  ['a joiner', '\u200d'],
  ['a direction override', '\u202e'],
  ['a byte order mark', '\ufeff'],
  ['a replacement character', '\ufffd'],
  ['a noncharacter', '\u{1ffff}'],
  ['half a pair', '\ud800'],
  ['a tag', '\u{e0041}'],
  ['a blank', ' '],
  ['an ideographic blank', '\u3000'],
  ['a slash', '/'],
  ['a percent sign', '%'],
  ['an accent of its own', 'e\u0301'],
  ['an emoji', '\u{1f600}'],
]

/** A list of what is in it, else the value itself. */
const textIn = (value: unknown): string => (typeof value === 'string' ? value : 'a')

const sampleOf = (schema: JsonSchema): unknown => {
  const {
    const: only,
    enum: some,
    type,
    anyOf,
    items,
  } = schema as {
    const?: unknown
    enum?: readonly unknown[]
    type?: string
    anyOf?: readonly JsonSchema[]
    items?: JsonSchema
  }
  if (only !== undefined) return only
  if (some !== undefined) return some[0]
  if (anyOf?.[0] !== undefined) return sampleOf(anyOf[0])
  return type === 'array' ? [sampleOf(items ?? {})] : 'aaaaaaaaaaaaaaaaaaaa'
}

const LETTERS = ['a', '\u{20000}']

const ofLength = ({ maxLength = 64 }: JsonSchema): readonly (readonly [string, unknown])[] =>
  LETTERS.flatMap((letter) =>
    [Number(maxLength), Number(maxLength) + 1].map(
      (length) =>
        [`${length} times U+${letter.codePointAt(0)?.toString(16)}`, letter.repeat(length)] as const,
    ),
  )

const ofText = (value: string): readonly (readonly [string, unknown])[] =>
  CHARACTERS.flatMap(([what, character]) => [
    [`${what} within`, value.slice(0, 1) + character + value.slice(1)],
    [`${what} at the end`, value + character],
  ])

const ofList = (value: readonly unknown[]): readonly (readonly [string, unknown])[] => [
  ['an item twice', [...value, value[0]]],
  ['an unknown item', [...value, 'another']],
  ['an item that is no text', [...value, 1]],
  ['a text instead of a list', value[0]],
  ['many items', Array.from({ length: 20 }, (_, index) => `item-${index}`)],
]

const RANDOM = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 70 }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Without what a test asks for by name: the same inputs in every run. */
const SEED = 20_261_129

/** For every member, also those that the good request leaves out. */
export const mutations = (
  members: Readonly<Record<string, JsonSchema>>,
  good: Members,
): readonly Mutation[] => {
  const made = Object.entries(members).flatMap(([name, schema], index) => {
    const value = good[name] ?? sampleOf(schema)
    const values: readonly (readonly [string, unknown])[] = [
      ['as it may be', value],
      ...OTHER_TYPES,
      ...ofLength(schema),
      ...(Array.isArray(value) ? ofList(value) : ofText(textIn(value))),
      ...fc
        .sample(RANDOM, { seed: SEED + index, numRuns: 12 })
        .map((random) => ['at random', random] as const),
    ]
    const { [name]: _, ...without } = good
    return [
      { what: `without ${name}`, input: without },
      ...values.map(([what, given]) => ({ what: `${name}: ${what}`, input: { ...good, [name]: given } })),
    ]
  })
  return [
    { what: 'the good one', input: good },
    { what: 'an unknown member', input: { ...good, unknown: '1' } },
    { what: 'inside reqBody', input: { reqBody: good } },
    { what: 'inside reqBody, with another member', input: { reqBody: good, other: '1' } },
    { what: 'From beside from', input: { ...good, From: '1' } },
    { what: 'a list', input: [good] },
    { what: 'a text', input: 'text' },
    { what: 'null', input: null },
    { what: 'an empty object', input: {} },
    ...made,
  ]
}
