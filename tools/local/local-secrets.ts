/** What the local functions read: names and shapes, by the functions' own schemas. */

import type * as z from 'zod/mini'
import { BridgeError } from '../../lib/errors.ts'
import { TenantSpaceId } from '../../lib/schemas/ids.ts'
import {
  CALLERS,
  JWKS,
  LOG_KEY,
  PROBER,
  SIGNING_KEY,
  TOKEN_STORE_KEY,
} from '../../lib/secrets/definitions.ts'
import { parsed } from '../../lib/secrets/parsed.ts'
import { COMPUTED_VENDORS, VENDORS } from '../../lib/vendors/registry.ts'
import { nearest } from '../nearest.ts'
import { LOCAL_SECRETS_PREFIX } from './constants.ts'

const PROFILES = [...VENDORS, ...COMPUTED_VENDORS]
const SHARED = [CALLERS, JWKS, LOG_KEY, PROBER, SIGNING_KEY, TOKEN_STORE_KEY]

/** What is wrong with one secret, as a sentence without its end: its name, or a member of its value. Never shows a value. */
export const secretFault = (name: string, text: string): string | undefined => {
  const schema = schemaOf(name)
  if (schema === undefined) return `no function reads ${JSON.stringify(name)}: ${meantBy(name)}`
  try {
    parsed(name, text, schema)
    return undefined
  } catch (error) {
    if (error instanceof BridgeError) return error.message
    throw error
  }
}

const schemaOf = (name: string): z.ZodMiniType<object> | undefined => {
  const rest = restOf(name)
  const [, tenant, system] = /^tenants\/([^/]*)\/([^/]*)$/.exec(rest) ?? []
  if (!TenantSpaceId.safeParse(tenant).success) return SHARED.find((known) => known.name === rest)?.schema
  return PROFILES.find((profile) => profile.system === system)?.schema
}

const restOf = (name: string): string =>
  name.startsWith(`${LOCAL_SECRETS_PREFIX}/`) ? name.slice(LOCAL_SECRETS_PREFIX.length + 1) : ''

const meantBy = (name: string): string => {
  const segments = name.split('/')
  if (restOf(name) === '') return `expected a name that begins with "${LOCAL_SECRETS_PREFIX}/"`
  if (segments.length <= 3)
    return `did you mean "${nearest(
      name,
      SHARED.map((known) => full(known.name)),
    )}"?`
  const tenant = segments.slice(3, -1).find((text) => TenantSpaceId.safeParse(text).success)
  return `expected ${PROFILES.map(({ system }) => `"${full(`tenants/${tenant ?? '<tenantSpaceId>'}/${system}`)}"`).join(', ')}`
}

const full = (name: string): string => `${LOCAL_SECRETS_PREFIX}/${name}`
