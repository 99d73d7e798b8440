/** One run of the schedule: refreshes what is due, once an hour looks for new tenants, and says what is left. */

import type { Deadline } from '../concurrency/deadline.ts'
import { runJobs } from '../concurrency/pool.ts'
import { asBridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { TOKEN_STORE_KEY } from '../secrets/definitions.ts'
import { type SecretList, SecretSourceError } from '../secrets/source.ts'
import type { Table } from '../table/table.ts'
import { isUnreadable } from '../table/unreadable.ts'
import { isEndangered } from '../token-cache/due-tokens.ts'
import { FETCH_MS } from '../token-cache/lease.ts'
import type { ServiceSystem } from '../token-cache/service-token.ts'
import type { TokenCache } from '../token-cache/token-cache.ts'
import { ALL, isIn, type Share } from './share.ts'
import { type Candidate, sweep } from './sweep.ts'
import type { Warmer, WarmUpTarget } from './warmer.ts'

const LIMITS = { concurrency: 40, reserveMs: FETCH_MS + 1_000 }
/** Failures that get a log line of their own; the rest is in the sum. */
const MOST_LINES = 20

export interface PrewarmDeps {
  readonly warmers: readonly Warmer[]
  readonly tokens: Pick<TokenCache, 'due'>
  /** For the sweep's own item. */
  readonly table: Table
  readonly list: SecretList
  /** Of all secrets' names. */
  readonly prefix: string
  readonly now: () => Date
  readonly log: Log
}

/** What a run has done. The metrics and alarms of the stage are made from it. */
export interface PrewarmSummary {
  /** Tokens that the list showed as due. */
  readonly due: number
  /** Tenants' systems that a sweep found new or changed. */
  readonly found: number
  readonly refreshed: number
  readonly upToDate: number
  readonly dropped: number
  readonly failed: number
  /** Without a new token so late that the next try but one comes after the token's end, or dead already: in every run until there is one. */
  readonly endangered: number
  /** For the next run: the time was used up. */
  readonly left: number
  /** Of the failed: since the tokens table's own key cannot be used. */
  readonly withoutKey: number
  /** 1 where the list of the tenants' secrets could not be had: new tenants are not found. Else 0. */
  readonly notListed: number
  /** The sweep has a rest, with which the next run goes on. */
  readonly isSweepUnfinished: boolean
}

interface Job {
  readonly warmer: Warmer
  readonly target: WarmUpTarget
}

/**
 * Idempotent: schedules fire at least once, and two runs at a time only share the work. Nothing is scanned: the list
 * gives what is due, and no more. Of several runs in a minute each has its share. Throws TOKEN_STORE_UNAVAILABLE; a vendor's or a secret's failure is counted.
 */
export const prewarm = ({ warmers, tokens, table, list, prefix, now, log }: PrewarmDeps) => {
  const systems = warmers.map(({ system }) => system)
  const storeKey = `${prefix}/${TOKEN_STORE_KEY.name}`
  const jobFor = (system: ServiceSystem, target: WarmUpTarget): readonly Job[] =>
    warmers.filter((warmer) => warmer.system === system).map((warmer) => ({ warmer, target }))

  const run = async (jobs: readonly Job[], deadline: Deadline) => {
    const count = { refreshed: 0, upToDate: 0, dropped: 0, failed: 0, endangered: 0, withoutKey: 0 }
    const unread: Candidate[] = []
    const names = { refreshed: 'refreshed', 'up-to-date': 'upToDate', dropped: 'dropped' } as const

    const countDanger = ({ target: { due } }: Job, hasFailed: boolean): void => {
      if (due !== undefined && isEndangered(due, now().getTime(), { hasFailed })) count.endangered += 1
    }

    const failed = (job: Job, error: unknown): void => {
      const { code, detail } = asBridgeError(error)
      if (code === 'TOKEN_STORE_UNAVAILABLE') throw error
      count.failed += 1
      // One that is malformed is found again by the date of its correction.
      const isTenantsOwn = code === 'SECRET_MALFORMED' && detail.secret?.startsWith(`${prefix}/tenants/`)
      if ((isUnreadable(error) && !isTenantsOwn) || code === 'TENANT_KMS_REFUSED')
        unread.push({ system: job.warmer.system, tenantSpaceId: job.target.tenantSpaceId })
      if (isUnreadable(error) && detail.secret === storeKey) count.withoutKey += 1
      countDanger(job, true)
      if (count.failed > MOST_LINES) return
      const { system } = job.warmer
      const { tenantSpaceId } = job.target
      log('WARN', { ...detail, code: 'WARM_UP_FAILED', system, tenantSpaceId, reason: code })
    }

    const warm = async (job: Job): Promise<void> => {
      try {
        const done = await job.warmer.warm(job.target, deadline)
        count[names[done]] += 1
        if (done === 'up-to-date') countDanger(job, false)
      } catch (error) {
        failed(job, error)
      }
    }
    const left = await runJobs(jobs, warm, { ...LIMITS, deadline })
    for (const job of jobs.slice(jobs.length - left)) countDanger(job, false)
    return { count, left, unread }
  }

  return async (deadline: Deadline, share: Share = ALL): Promise<PrewarmSummary> => {
    const due = (await tokens.due(systems, deadline)).filter((token) => isIn(share, token))
    const dueJobs = due.flatMap((token) =>
      jobFor(token.system, { tenantSpaceId: token.tenantSpaceId, due: token }),
    )
    const seenDue = await run(dueJobs, deadline)
    const sum = { found: 0, notListed: 0, left: seenDue.left, ...seenDue.count }
    const see = async (candidates: readonly Candidate[]) => {
      const jobs = candidates.flatMap(({ system, tenantSpaceId }) => jobFor(system, { tenantSpaceId }))
      sum.found += jobs.length
      const seen = await run(jobs, deadline)
      for (const name of ADDED) sum[name] += seen.count[name]
      sum.left += seen.left
      return seen
    }
    const withoutList = (error: unknown): boolean => {
      if (!(error instanceof SecretSourceError)) throw error
      sum.failed += 1
      sum.notListed = 1
      log('WARN', { code: 'WARM_UP_FAILED', reason: error.reason })
      return true
    }
    const isSweepUnfinished =
      sum.left === 0 &&
      (await sweep({ table, list, prefix, systems, share, now }, see, deadline).catch(withoutList))
    return { due: due.length, ...sum, isSweepUnfinished }
  }
}

const ADDED = ['refreshed', 'upToDate', 'dropped', 'failed', 'endangered', 'withoutKey'] as const
