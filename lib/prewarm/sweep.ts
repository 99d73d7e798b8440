/** The hourly look for tenants that are new, or have new settings: by the names and dates of their secrets. */

import type { Deadline } from '../concurrency/deadline.ts'
import { TenantSpaceId } from '../schemas/ids.ts'
import { type ListedSecret, type SecretList, SecretSourceError } from '../secrets/source.ts'
import type { Table } from '../table/table.ts'
import type { ServiceSystem } from '../token-cache/service-token.ts'
import { isIn, type Share } from './share.ts'
import { claimSweep } from './sweep-place.ts'

/** Secrets Manager's list may lag behind by minutes. */
const LAG_MS = 600_000
/** The list knows no deadline, and one call of it may take four seconds: no further page is asked for with less left, so that the run's sum is still written. */
const PAGE_MS = 5_000
/** So many are seen to together, as one that is slow then holds up few. */
const BATCH = 500

export interface SweepDeps {
  readonly table: Table
  readonly list: SecretList
  /** Of all secrets' names, such as `cec-token-bridge/prod`. */
  readonly prefix: string
  readonly systems: readonly ServiceSystem[]
  readonly share: Share
  readonly now: () => Date
}

export interface Candidate {
  readonly system: ServiceSystem
  readonly tenantSpaceId: string
}

/** Sees to candidates in their order. `left`: how many of them, the last ones, there was no time for. `unread`: whose secrets could not be read. */
export type See = (
  candidates: readonly Candidate[],
) => Promise<{ readonly left: number; readonly unread: readonly Candidate[] }>

/**
 * First those whose secrets could not be read before: no list has them. Then a sweep, if one is due and nobody else is at it: hands
 * over whose secrets have changed since the last sweep that was finished; of the first one, all. What there is no time for, the next
 * run goes on with, from the page of the list where this one has stopped. Returns whether there is such a rest. Throws TOKEN_STORE_UNAVAILABLE and SecretSourceError.
 */
export const sweep = async (deps: SweepDeps, see: See, deadline: Deadline): Promise<boolean> => {
  const { list, prefix } = deps
  const claimed = await claimSweep(deps, deadline)
  if (claimed === undefined) return false
  const { begun, stop } = claimed
  const since = (begun.sweptAt ?? Number.NEGATIVE_INFINITY) - LAG_MS
  let { page } = begun
  let unread: readonly Candidate[] = begun.unread
  if (begun.unread.length > 0 && page === '') {
    const seen = await see(begun.unread)
    unread = [...seen.unread, ...begun.unread.slice(begun.unread.length - seen.left)]
  }
  if (!begun.isDue) {
    await stop({ at: 'retried', unread })
    return false
  }
  let waiting: { readonly candidate: Candidate; readonly page: string }[] = []

  /** The page to go on with, where time was used up. */
  const seeToAll = async (): Promise<string | undefined> => {
    if (waiting.length === 0) return undefined
    const seen = await see(waiting.map(({ candidate }) => candidate))
    unread = [...unread, ...seen.unread]
    const next = waiting[waiting.length - seen.left]?.page
    waiting = []
    return next
  }
  const isLate = (): boolean => deadline.remainingMs() < PAGE_MS
  const goOn = async (from: string): Promise<boolean> => {
    await stop({ at: 'page', page: from, unread })
    return true
  }

  try {
    for await (const { secrets, next } of list(`${prefix}/tenants/`, page === '' ? undefined : page)) {
      for (const candidate of candidatesOf(secrets, { ...deps, since })) waiting.push({ candidate, page })
      if (waiting.length >= BATCH || next === undefined || isLate()) {
        const rest = await seeToAll()
        if (rest !== undefined) return goOn(rest)
      }
      if (next === undefined) break
      page = next
      if (isLate()) return goOn(page)
    }
  } catch (error) {
    // A place in the list that is not taken any more would never be: the next sweep begins at the first page.
    const isFinal = error instanceof SecretSourceError && error.failure === 'final'
    if (error instanceof SecretSourceError)
      await stop({ at: 'failure', page: isFinal ? undefined : (waiting[0]?.page ?? page), unread })
    throw error
  }
  await stop({ at: 'end', unread })
  return false
}

const candidatesOf = (
  secrets: readonly ListedSecret[],
  { prefix, systems, share, since }: SweepDeps & { readonly since: number },
): readonly Candidate[] =>
  secrets.flatMap(({ name, changedAt }) => {
    const candidate = changedAt >= since ? candidateOf(name.slice(prefix.length), systems) : undefined
    return candidate !== undefined && isIn(share, candidate) ? [candidate] : []
  })

const candidateOf = (rest: string, systems: readonly ServiceSystem[]): Candidate | undefined => {
  const [, tenant, last] = /^\/tenants\/([^/]+)\/([^/]+)$/.exec(rest) ?? []
  const tenantSpaceId = TenantSpaceId.safeParse(tenant)
  const system = systems.find((known) => known === last)
  return system && tenantSpaceId.success ? { system, tenantSpaceId: tenantSpaceId.data } : undefined
}
