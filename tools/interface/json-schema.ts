/** A schema of lib as JSON Schema: zod's own translation, and what the `params` of its checks say beside it. */

import * as z from 'zod/mini'
import { nfc } from '../../lib/schemas/text.ts'
import type { TextRule } from '../../lib/schemas/text-rules.ts'
import { sayPipe } from './json-schema-pipes.ts'
import { textPattern } from './text-pattern.ts'

export type JsonSchema = { [keyword: string]: unknown }

/** Of what comes in, before anything is changed. */
export const jsonSchema = (schema: z.ZodMiniType): JsonSchema => {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: json }) => {
      const own = json as JsonSchema
      sayChecks(zodSchema, own)
      sayPipe(zodSchema, own)
    },
  })
  return made
}

export type AnySchema = z.core.$ZodTypes

/** A check's data: a rule of the table, a sentence alone, or keywords. */
type Params = Partial<TextRule> | JsonSchema

/** Of a schema that is itself a check (z.custom) its own too. */
const paramsOf = (schema: AnySchema): readonly Params[] =>
  [schema, ...(schema._zod.def.checks ?? [])].flatMap(({ _zod: { def } }) =>
    'params' in def && def.params !== undefined ? [def.params as Params] : [],
  )

const sayChecks = (schema: AnySchema, json: JsonSchema): void => {
  const params = paramsOf(schema)
  const rules = params.filter(
    (given): given is TextRule => 'refused' in given || ('required' in given && 'says' in given),
  )
  const sentences = params.flatMap((given) => ('says' in given ? [String(given.says)] : []))
  if (rules.length > 0) addPattern(json, textPattern(listed(rules)))
  if (sentences.length > 0) json['description'] = sentenceOf(sentences)
  for (const given of params) if (!('says' in given)) addKeywords(json, given as JsonSchema)
  if (isBroughtToNfc(schema)) loosenForNfc(json)
}

/** The same list for the same rules, so that its pattern is made once. */
const listed = (rules: readonly TextRule[]): readonly TextRule[] => {
  const key = JSON.stringify(rules)
  const known = lists.get(key) ?? rules
  lists.set(key, known)
  return known
}
const lists = new Map<string, readonly TextRule[]>()

const sentenceOf = (says: readonly string[]): string =>
  `${says.map((sentence, index) => (index === 0 ? capital(sentence) : sentence.replace(/^expected /, ''))).join('; ')}.`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const addPattern = (json: JsonSchema, pattern: string): void => {
  if (json['pattern'] === undefined) json['pattern'] = pattern
  else if (json['pattern'] !== pattern) addAllOf(json, { pattern })
}

const addAllOf = (json: JsonSchema, schema: JsonSchema): void => {
  const all = (json['allOf'] ?? []) as JsonSchema[]
  if (!all.some((known) => JSON.stringify(known) === JSON.stringify(schema))) json['allOf'] = [...all, schema]
}

/** RFC 4648, section 4, with padding and no unused bits; not empty. */
const CANONICAL_BASE64 =
  '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}([A-Za-z0-9+/]{2}|[AEIMQUYcgkosw048]=)|[A-Za-z0-9+/][AQgw]==)$'

/** Two checks may use one keyword: then both must hold. */
const addKeywords = (json: JsonSchema, { pattern, ...keywords }: JsonSchema): void => {
  if (keywords['contentEncoding'] === 'base64') addPattern(json, CANONICAL_BASE64)
  if (typeof pattern === 'string') addPattern(json, pattern)
  const isConditional = 'if' in keywords
  const taken = Object.keys(keywords).some(
    (name) => name in json && JSON.stringify(json[name]) !== JSON.stringify(keywords[name]),
  )
  if (isConditional) addAllOf(json, keywords)
  else if (taken && 'patternProperties' in keywords)
    json['patternProperties'] = {
      ...(json['patternProperties'] as object),
      ...(keywords['patternProperties'] as object),
    }
  else Object.assign(json, keywords)
}

const isBroughtToNfc = (schema: AnySchema): boolean =>
  (schema._zod.def.checks ?? []).some(({ _zod: { def } }) => 'tx' in def && def.tx === nfc)

/** One character of form NFC may come in as four. */
const APART = 4

const loosenForNfc = (json: JsonSchema): void => {
  const { maxLength, description = '' } = json as { maxLength?: number; description?: string }
  const most = maxLength === undefined ? '' : ` of which it has at most ${maxLength} characters,`
  json['description'] = `Brought to Unicode form NFC,${most} however it comes in. ${description}`.trim()
  if (maxLength !== undefined) json['maxLength'] = maxLength * APART
}
