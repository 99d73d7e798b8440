/** docs/reference/secrets.md: every secret, member by member. */

import type { JsonSchema } from '../interface/json-schema.ts'
import { secretSchemas } from '../interface/secrets.ts'
import { code, page, table } from './markdown.ts'
import { SECRET_WORDS, type SecretWords } from './secrets-words.ts'

interface Member {
  readonly path: string
  readonly isMandatory: boolean
  readonly schema: JsonSchema
}

type Properties = Readonly<Record<string, JsonSchema>>

/** All members of an object, those of lists behind `[]`. Alternatives are read one after the other. */
const membersOf = (schema: JsonSchema, path = ''): readonly Member[] => {
  const alternatives = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined
  if (alternatives !== undefined) return alternatives.flatMap((one) => membersOf(one, path))
  const required = (schema['required'] ?? []) as readonly string[]
  return Object.entries((schema['properties'] ?? {}) as Properties).flatMap(([name, own]) => [
    { path: path + name, isMandatory: required.includes(name), schema: own },
    ...membersOf((own['items'] ?? own) as JsonSchema, `${path}${name}${own['items'] ? '[].' : '.'}`),
  ])
}

/** A member of two alternatives stands once; it is mandatory where both have it so. */
const joined = (members: readonly Member[]): readonly Member[] =>
  [...new Set(members.map(({ path }) => path))].map((path) => {
    const same = members.filter((member) => member.path === path)
    const enums = same.flatMap(({ schema }) => (schema['enum'] ?? []) as readonly string[])
    const [first] = same as [Member, ...Member[]]
    const schema = enums.length === 0 ? first.schema : { ...first.schema, enum: [...new Set(enums)] }
    return { path, isMandatory: same.every(({ isMandatory }) => isMandatory), schema }
  })

/** What the schema says of the form, in words. */
const formOf = (schema: JsonSchema): string => {
  const { type, description, default: preset } = schema
  const choices = schema['enum'] as readonly string[] | undefined
  const says = String(description ?? '').replace(/^expected /i, '')
  const text =
    says || { string: 'text', object: 'object', array: 'list', boolean: 'true or false' }[String(type)]
  const range =
    schema['minimum'] !== undefined && Number(schema['minimum']) > 0
      ? `${schema['minimum']} to ${schema['maximum']}`
      : undefined
  const form =
    choices?.map((choice) => code(`"${choice}"`)).join(' or ') ??
    range ??
    (type === 'integer' ? 'whole number' : text)
  return preset === undefined ? String(form) : `${form}; ${code(JSON.stringify(preset))} where it is left out`
}

const rowsOf = (name: string, { members }: SecretWords): readonly (readonly string[])[] => {
  const found = joined(membersOf(secretSchemas()[name] ?? {}))
  const paths = found.map(({ path }) => path)
  const odd = [
    ...paths.filter((path) => !(path in members)),
    ...Object.keys(members).filter((path) => !paths.includes(path)),
  ]
  if (odd.length > 0) throw new TypeError(`${name}: expected words for the members of the schema, see ${odd}`)
  return found.map(({ path, isMandatory, schema }) => [
    code(path),
    isMandatory ? 'yes' : 'no',
    formOf(schema),
    members[path] ?? '',
  ])
}

const sectionOf = (name: string): string => {
  const words = SECRET_WORDS[name]
  if (words === undefined) throw new TypeError(`${name}: expected words for the page of secrets`)
  return [
    `## ${name}`,
    `${code(`<prefix>/${words.name}`)}. ${words.says} [Its JSON Schema](../schemas/${name}.json).`,
    table(['member', 'mandatory', 'form', 'meaning'], rowsOf(name, words)),
  ].join('\n\n')
}

export const secretsPage = (): string => {
  const names = Object.keys(secretSchemas())
  return page(
    'Secrets',
    'the schemas that the functions read the secrets by',
    `All secret material is in Secrets Manager under \`cec-token-bridge/<stage>/\`, here \`<prefix>/\`. A sandbox reads a value again after 300 s at the latest.
(A **sandbox** is one execution environment of Lambda: a process with its own memory.)`,
    table(
      ['secret', 'what it is'],
      names.map((name) => [
        code(SECRET_WORDS[name]?.name ?? name),
        `[${name}](#${name}): ${(SECRET_WORDS[name]?.says ?? '').split(/(?<=\.) /)[0] ?? ''}`,
      ]),
    ),
    `Blanks and line feeds around a value are taken off, also a byte order mark. A number may be written as text. An optional member that is
empty or \`null\` counts as left out. Where a value cannot be taken, the log line has \`SECRET_MALFORMED\`. Its \`secret\`, \`field\` and \`expected\`
say which member of which secret and what was expected, never what was found. Epoch seconds are refused when they are milliseconds.`,
    `Every address is https with a certificate that the system or \`ca\` vouches for, and never loopback or link-local. That CEC's tenantSpaceId and
OIAP's tenant id are the same is nowhere written, so \`appKey\` has its own place.`,
    ...names.map(sectionOf),
  )
}
