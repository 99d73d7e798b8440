/** What a schema takes that makes something of a value before it checks it. */

import { filledByPreset, providerName } from '../../lib/schemas/issuer-presets.ts'
import { unwrapped } from '../../lib/vendors/cec/requests.ts'
import type { AnySchema, JsonSchema } from './json-schema.ts'

/** Says it where something is made of the value before it is checked. */
export const sayPipe = (schema: AnySchema, json: JsonSchema): void => {
  const { def } = schema._zod
  if (def.type !== 'pipe') return
  const [before, after] = [def.in as AnySchema, def.out as AnySchema]
  if ('transform' in before._zod.def && before._zod.def.transform === unwrapped) sayWrapped(json)
  if ('transform' in before._zod.def && before._zod.def.transform === filledByPreset) sayFilled(json)
  if (after._zod.def.type === 'enum' && isLowered(before))
    sayAnyCase(json, Object.keys(after._zod.def.entries))
}

const sayWrapped = (json: JsonSchema): void => {
  const flat = { ...json }
  for (const name of Object.keys(json)) delete json[name]
  const wrapped = {
    type: 'object',
    properties: { reqBody: flat },
    required: ['reqBody'],
    additionalProperties: false,
  }
  json['anyOf'] = [flat, wrapped]
}

const isLowered = (schema: AnySchema): boolean =>
  (schema._zod.def.checks ?? []).some(
    ({ _zod: { def } }) => 'tx' in def && (def.tx as (text: string) => string)('A') === 'a',
  )

const sayAnyCase = (json: JsonSchema, values: readonly string[]): void => {
  const inAnyCase = values.map((value) =>
    value.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`),
  )
  json['pattern'] = `^(${inAnyCase.join('|')})$`
  json['description'] = `One of ${values.join(', ')}, in any case.`
}

/** Members that an entry may leave out where it names a provider whose preset has them. */
const sayFilled = (json: JsonSchema): void => {
  const kinds = (json['oneOf'] ?? json['anyOf']) as readonly { required: readonly string[] }[]
  const fillers = Object.keys(providerName._zod.def.entries).map((provider) => ({
    provider,
    filled: Object.keys(filledByPreset({ provider, kind: 'user' }) as object),
  }))
  const needed = [...new Set(kinds.flatMap(({ required }) => required))]
  const optional = needed.filter(
    (name) => name !== 'kind' && fillers.some(({ filled }) => filled.includes(name)),
  )
  if (optional.length === 0) return
  for (const kind of kinds as { required: readonly string[] }[])
    kind.required = kind.required.filter((name) => !optional.includes(name))
  json['allOf'] = optional.map((name) => ({
    anyOf: [
      { required: [name] },
      {
        properties: {
          provider: {
            enum: fillers.filter(({ filled }) => filled.includes(name)).map(({ provider }) => provider),
          },
        },
        required: ['provider'],
      },
    ],
  }))
}
