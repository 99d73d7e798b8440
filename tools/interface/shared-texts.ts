/** Texts that several requests have: their long pattern stands once in the document, under a name. */

import type { OpenApi } from './document.ts'
import type { JsonSchema } from './json-schema.ts'

/** Shorter patterns are read where they stand. */
const LONG = 500

/** The same document, where each text with a long pattern is a component that is referred to. */
export const sharedTexts = (document: object): OpenApi => {
  const texts: Record<string, JsonSchema> = {}
  const shared = walk(document, texts) as { components: { schemas: Record<string, JsonSchema> } }
  shared.components.schemas = { ...shared.components.schemas, ...texts }
  return shared as unknown as OpenApi
}

const walk = (value: unknown, texts: Record<string, JsonSchema>): unknown => {
  if (Array.isArray(value)) return value.map((item) => walk(item, texts))
  if (typeof value !== 'object' || value === null) return value
  const schema = value as JsonSchema
  if (typeof schema['pattern'] === 'string' && schema['pattern'].length > LONG) return referred(schema, texts)
  return Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, walk(member, texts)]))
}

/** What only one place says stays there. */
const referred = (
  { default: preset, ...schema }: JsonSchema,
  texts: Record<string, JsonSchema>,
): JsonSchema => {
  const name = freeName(nameOf(schema), schema, texts)
  texts[name] = schema
  return { ...(preset === undefined ? {} : { default: preset }), $ref: `#/components/schemas/${name}` }
}

/** A stage may narrow its user ids: then two texts of one length are not of the same characters. */
const freeName = (name: string, schema: JsonSchema, texts: Record<string, JsonSchema>): string => {
  const known = texts[name]
  return known === undefined || JSON.stringify(known) === JSON.stringify(schema)
    ? name
    : freeName(`${name}b`, schema, texts)
}

/** By what a schema says: two that say the same have one name. */
const nameOf = ({ description = '', maxLength, allOf }: JsonSchema): string => {
  const says = String(description)
  if (says.startsWith('Brought')) return 'PersonName'
  if (allOf !== undefined) return 'FileId'
  return `${says.includes('form NFC') ? 'Id' : 'Text'}${maxLength}`
}
