/** Query and headers of an endpoint. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import type { JsonSchema } from './json-schema.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header'
  readonly required: boolean
  readonly schema: JsonSchema
  readonly description?: string
  readonly example?: string
}

const header = (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
  ...{ name, in: 'header', required: false, description, schema },
})

const TENANT = header(
  'X-Tenant-Space-Id',
  'The tenant that the request is about. Needed where the caller may act for several.',
)
const REFUSED_TOKEN = header(
  'X-Refused-Token',
  'SHA-256, as hex digits, of a token that was refused where it was used: it is renewed if it is still the one that everybody has.',
  { type: 'string', pattern: '^[0-9a-f]{64}$' },
)
const PREFER = header(
  'Prefer',
  '`wait=25` asks for a poll that hangs for up to 25 s (RFC 7240). What is not understood is ignored.',
)

export const parametersOf = (
  { tenantSecrets = [] }: RouteDescriptor,
  query: JsonSchema | undefined,
  sample: Readonly<Record<string, string>>,
): readonly Parameter[] => [
  ...(query === undefined ? [] : queryOf(query, sample)),
  ...(tenantSecrets.length > 0 ? [TENANT] : []),
  ...(tenantSecrets.some((system) => system.startsWith('oiap')) ? [REFUSED_TOKEN] : []),
  ...(query === undefined ? [] : [PREFER]),
]

const queryOf = (schema: JsonSchema, sample: Readonly<Record<string, string>>): readonly Parameter[] => {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, member]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema: member },
    ...(sample[name] === undefined ? {} : { example: sample[name] }),
  }))
}
