/** What a stage knows of its tenants and callers. */

import { takenOf } from '../../../lib/schemas/taken-callers.ts'
import { lastUserTokenEnds } from '../../../lib/users/last-token.ts'
import type { StageArguments } from '../arguments.ts'
import { openCallers } from '../callers/stage.ts'
import { openTenants } from '../tenant/stage.ts'
export interface Known {
  /** Those that a caller or an identity provider's entry names, and those that have settings of a vendor. */
  readonly tenants: ReadonlySet<string>
  /** Until when a user is kept who is deleted at this moment, in epoch seconds. */
  readonly keepUntil: (at: Date) => number
}

export const knownOfStage = async (stage: StageArguments): Promise<Known> => {
  const callers = openCallers(stage)
  const settings = openTenants(stage)
  try {
    const { lists } = await callers.readSecret()
    const texts = [...(await callers.items()).values()].map((text) => JSON.parse(text || '{}') as object)
    const listed = [lists, ...texts].flatMap((entries) => namedIn(entries))
    const withSettings = (await settings.list()).map(({ tenantSpaceId }) => tenantSpaceId)
    const taken = takenOf(lists)
    return {
      tenants: new Set([...listed, ...withSettings]),
      keepUntil: (at) => lastUserTokenEnds(at, taken),
    }
  } finally {
    callers.close()
    settings.close()
  }
}

interface Entry {
  readonly tenant?: unknown
  /** A list of a caller's; of an identity provider's entry, what each value of a claim stands for. */
  readonly tenants?: unknown
}

const namedIn = (lists: object): string[] =>
  Object.values(lists)
    .filter(Array.isArray)
    .flat()
    .flatMap(({ tenant, tenants }: Entry) => [tenant, ...Object.values(tenants ?? {})])
    .filter((name) => typeof name === 'string')
