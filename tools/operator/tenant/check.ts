/** A tenant's settings, held against the schemas that the functions use. No vendor is asked, and no value is shown. */

import type * as z from 'zod/mini'
import { describeFaults } from '../../../lib/schemas/issues.ts'
import { isObject, trimmed } from '../../../lib/schemas/pasted.ts'
import { COMPUTED_VENDORS, type SystemName, systemNames, VENDORS } from '../../../lib/vendors/registry.ts'

export const SYSTEMS: readonly string[] = systemNames()

export const isSystem = (name: string): name is SystemName => SYSTEMS.includes(name)

const SCHEMAS: ReadonlyMap<string, z.ZodMiniType> = new Map(
  [...VENDORS, ...COMPUTED_VENDORS].map(({ system, schema }) => [system, schema as z.ZodMiniType]),
)

/** What is wrong with the settings for one system, each fault with its member. */
export const faultsIn = (system: SystemName, settings: unknown): readonly string[] => {
  const { error } = SCHEMAS.get(system)?.safeParse(settings) ?? {}
  return error === undefined ? [] : describeFaults(error).split('; ')
}

/** The same for several systems together: OIAP's two passwords are two. */
export const faultsOfAll = (all: Readonly<Record<string, unknown>>): readonly string[] => {
  const single = Object.entries(all).flatMap(([system, settings]) =>
    isSystem(system)
      ? faultsIn(system, settings).map((fault) => `${system}: ${fault}`)
      : [`expected no systems but ${SYSTEMS.join(', ')}`],
  )
  const [api, thirdParty] = ['oiap', 'oiap-third-party'].map((system) => passwordOf(all[system]))
  const isOne = api !== undefined && api === thirdParty
  return isOne
    ? [...single, 'oiap-third-party: appSecret: expected another password than that of oiap']
    : single
}

/** As the schemas read it: blanks around it are no part of it. */
const passwordOf = (settings: unknown): unknown =>
  isObject(settings) && 'appSecret' in settings ? trimmed(settings.appSecret) : undefined
