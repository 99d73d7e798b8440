/** The hourly look for tenants that are new, or have new settings: by the names and dates of their secrets. */

import type { Deadline } from '../concurrency/deadline.ts'
import { isGoingOn } from '../concurrency/shared-time.ts'
import { TenantSpaceId } from '../schemas/ids.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import { type SecretList, SecretSourceError } from '../secrets/source.ts'
import type { Table } from '../table/table.ts'
import type { ServiceSystem } from '../token-cache/service-token.ts'

const PERIOD_MS = 3_600_000
/** One sandbox sweeps; one that dies at it is followed by another after this. */
const CLAIM_MS = 120_000
/** Secrets Manager's list may lag behind by minutes. */
const LAG_MS = 600_000
/** The list knows no deadline: no further page is asked for with less left, so that the run's sum is still written. */
const PAGE_MS = 3_000
const PK = lengthPrefixed('prewarm', 'sweep')

export interface SweepDeps {
  readonly table: Table
  readonly list: SecretList
  /** Of all secrets' names, such as `cec-token-bridge/prod`. */
  readonly prefix: string
  readonly systems: readonly ServiceSystem[]
  readonly now: () => Date
}

export interface Candidate {
  readonly system: ServiceSystem
  readonly tenantSpaceId: string
}

export interface Sweep {
  /** Whose secrets have changed since the last sweep that was finished; of the first one, all. */
  readonly candidates: readonly Candidate[]
  /** To be called when all candidates were seen to; otherwise the next run begins anew. */
  readonly finish: (isDone: boolean) => Promise<void>
}

/** A sweep, if one is due and nobody else is at it. Throws TOKEN_STORE_UNAVAILABLE and SecretSourceError. */
export const startSweep = async (
  { table, list, prefix, systems, now }: SweepDeps,
  deadline: Deadline,
): Promise<Sweep | undefined> => {
  const item = await table.get(PK, deadline)
  const sweptAt = numberOf(item?.['sweptAt'])
  const claimedUntil = numberOf(item?.['claimedUntil'])
  const startedAt = now().getTime()
  if (sweptAt !== undefined && isGoingOn(sweptAt + PERIOD_MS, startedAt, PERIOD_MS)) return undefined
  if (claimedUntil !== undefined && isGoingOn(claimedUntil, startedAt, CLAIM_MS)) return undefined
  const claim = startedAt + CLAIM_MS
  const ifSeen = { sweptAt, claimedUntil }
  if (!(await table.change(PK, { set: { claimedUntil: claim }, ifSeen }, deadline))) return undefined

  const candidates: Candidate[] = []
  const since = (sweptAt ?? Number.NEGATIVE_INFINITY) - LAG_MS
  for await (const page of list(`${prefix}/tenants/`)) {
    for (const { name, changedAt } of page) {
      const candidate = candidateOf(name.slice(prefix.length), systems)
      if (candidate !== undefined && changedAt >= since) candidates.push(candidate)
    }
    if (deadline.remainingMs() < PAGE_MS) throw new SecretSourceError('transient', 'DeadlineExceeded')
  }
  return {
    candidates,
    finish: async (isDone) => {
      const set = isDone ? { sweptAt: startedAt } : {}
      const change = { set, remove: ['claimedUntil'], ifSeen: { claimedUntil: claim } }
      await table.change(PK, change, deadline)
    },
  }
}

const candidateOf = (rest: string, systems: readonly ServiceSystem[]): Candidate | undefined => {
  const [, tenant, last] = /^\/tenants\/([^/]+)\/([^/]+)$/.exec(rest) ?? []
  const tenantSpaceId = TenantSpaceId.safeParse(tenant)
  const system = systems.find((known) => known === last)
  return system && tenantSpaceId.success ? { system, tenantSpaceId: tenantSpaceId.data } : undefined
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
