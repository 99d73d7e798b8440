/** A service token's item in the table: the token, its lease, and when it is due. */

import type { Log } from '../log.ts'
import type { Item, Value } from '../table/table.ts'
import { freshnessOf, warmUpAt } from './freshness.ts'
import { isOlder, type TokenMark } from './newest-seen.ts'
import type { Keyring, SealedToken } from './seal.ts'
import type { ServiceToken, TokenSubject } from './service-token.ts'

/** How long an item outlives its token: it is what counts generations. */
const KEPT_SECONDS = 7 * 24 * 3600

/** Epoch seconds until which an item is kept that was last needed at `at` (epoch milliseconds). */
export const keptUntil = (at: number): number => Math.ceil(at / 1000) + KEPT_SECONDS

/** What a sandbox saw of an item. Every change that it makes names this, and fails when it is no longer so. */
export interface Seen {
  readonly pk: string
  /** What a change names, exactly as it stands there, whatever somebody has made of it. */
  readonly asSeen: { readonly generation: Value | undefined; readonly leaseId: Value | undefined }
  /** How many tokens have been stored. Each token's own write raises it by one from what its fetcher saw. */
  readonly generation: number | undefined
  readonly leaseId: string | undefined
  /** Epoch milliseconds. */
  readonly leaseUntil: number
  /** A lease that ended without a token, and the code of what went wrong. */
  readonly failedLeaseId: string | undefined
  readonly failedCode: string | undefined
  /** When a token that was refused while fresh was last renewed by force. Epoch milliseconds. */
  readonly forcedAt: number
  /** When a request last took the token, to within hours. Epoch milliseconds. */
  readonly usedAt: number
}

const NEVER = Number.NEGATIVE_INFINITY
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const time = (value: unknown): number => (typeof value === 'number' ? value : NEVER)

export const seen = (pk: string, item: Item | undefined): Seen => ({
  pk,
  asSeen: { generation: item?.['generation'], leaseId: item?.['leaseId'] },
  generation: typeof item?.['generation'] === 'number' ? item['generation'] : undefined,
  leaseId: text(item?.['leaseId']),
  leaseUntil: time(item?.['leaseUntil']),
  failedLeaseId: text(item?.['failedLeaseId']),
  failedCode: text(item?.['failedCode']),
  forcedAt: time(item?.['forcedAt']),
  usedAt: time(item?.['usedAt']),
})

/** Where a token is stored, and what seals it. */
export interface TokenPlace {
  readonly subject: TokenSubject
  readonly pk: string
  readonly ring: Keyring
}

/** The attributes of a new token. `random` (0 ≤ x < 1) spreads the moments at which tokens become due. */
export const tokenAttributes = async (
  { subject: { system, tenantSpaceId, overlap }, pk, ring }: TokenPlace,
  token: ServiceToken & { readonly generation: number },
  random: () => number,
): Promise<Item> => {
  const { issuedAt, expiresAt, generation } = token
  return {
    system,
    tenantSpaceId,
    sealed: await ring.seal(pk, { token: token.token, issuedAt, expiresAt, generation }),
    generation,
    issuedAt,
    expiresAt,
    listedIn: system,
    listedAt: Math.round(warmUpAt(token, overlap, random)),
    sweepAt: keptUntil(expiresAt),
  }
}

export interface OpenDeps {
  readonly ring: Keyring
  readonly now: () => Date
  readonly log: Log
  /** The newest token that was seen in the item before it was read. Default none. */
  readonly newest?: TokenMark | undefined
}

/**
 * The token of an item, or undefined when there is none that may be used. An item that holds anything but what was
 * sealed for it, or an older token than was seen there before, counts as empty, and is reported: somebody has written
 * to the table.
 */
export const openedToken = async (
  pk: string,
  item: Item | undefined,
  { ring, now, log, newest }: OpenDeps,
): Promise<SealedToken | undefined> => {
  const sealed = text(item?.['sealed'])
  if (item === undefined || sealed === undefined) return undefined
  const at = now().getTime()
  const opened = await ring.open(pk, sealed)
  if (
    opened === undefined ||
    opened.generation !== item['generation'] ||
    opened.expiresAt !== item['expiresAt'] ||
    isOlder(opened, newest)
  ) {
    log('ERROR', {
      code: 'STORED_TOKEN_REJECTED',
      system: text(item['system']) ?? 'unknown',
      tenantSpaceId: text(item['tenantSpaceId']) ?? 'unknown',
    })
    return undefined
  }
  return freshnessOf(opened, at) === 'invalid' ? undefined : opened
}
