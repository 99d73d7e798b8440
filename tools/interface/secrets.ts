/** The secrets as JSON Schema, by their names: an editor completes and checks what an operator writes. */

import type * as z from 'zod/mini'
import { CallersSecret } from '../../lib/schemas/callers.ts'
import { JWKS, LOG_KEY, PROBER, SIGNING_KEY, TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import { COMPUTED_VENDORS, VENDORS } from '../../lib/vendors/registry.ts'
import { type JsonSchema, jsonSchema } from './json-schema.ts'

/** What each secret is read by; of `callers` what it should be as a whole, since functions take what they can of it. */
const SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  callers: CallersSecret,
  [SIGNING_KEY.name]: SIGNING_KEY.schema,
  [JWKS.name]: JWKS.schema,
  [LOG_KEY.name]: LOG_KEY.schema,
  [TOKEN_STORE_KEY.name]: TOKEN_STORE_KEY.schema,
  [PROBER.name]: PROBER.schema,
  ...Object.fromEntries([...VENDORS, ...COMPUTED_VENDORS].map(({ system, schema }) => [system, schema])),
}

const OF_TENANTS: readonly string[] = [...VENDORS, ...COMPUTED_VENDORS].map(({ system }) => system)

/** By the last part of the secret's name. They take what an operator should write; functions also take what pasting leaves behind. */
export const secretSchemas = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `<prefix>/${OF_TENANTS.includes(name) ? `tenants/<tenantSpaceId>/${name}` : name}`,
        ...jsonSchema(schema),
      },
    ]),
  )
