/** Service tokens as the table has them: read and opened, sealed and written. */

import type { Deadline } from '../concurrency/deadline.ts'
import { retries } from '../concurrency/retry.ts'
import type { BridgeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Table } from '../table/table.ts'
import { isUnreadable, whenUnreadable } from '../table/unreadable.ts'
import { openedToken, type Seen, seen, tokenAttributes } from './items.ts'
import { newestSeen } from './newest-seen.ts'
import type { Keyring } from './seal.ts'
import { type ServiceToken, type TokenSubject, tokenKey } from './service-token.ts'

const WRITES = { attempts: 3, pauseMs: 100 }
/** How exact `usedAt` is. A sandbox reads an item about once an hour. */
const USED_EXACT_MS = 6 * 3_600_000

export interface StoredTokenDeps {
  readonly table: Table
  /** Throws where the key cannot be read; the table then counts as unreadable. */
  readonly keyring: (deadline: Deadline) => Promise<Keyring>
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
  readonly log: Log
}

export interface Stored {
  readonly subject: TokenSubject
  readonly state: Seen
  readonly ring: Keyring
  /** Absent when there is none that may be used. */
  readonly token: ServiceToken | undefined
}

/** Every call may throw what counts as an unreadable table, see `isUnreadable`; `write` and `touch` get over it. */
export const storedTokens = ({ table, keyring, now, random, pause, log }: StoredTokenDeps) => {
  const retry = retries({ ...WRITES, random, pause })
  const newest = newestSeen()

  const read = async (subject: TokenSubject, deadline: Deadline): Promise<Stored> => {
    const ring = await keyring(deadline)
    const pk = tokenKey(subject, ring)
    // From before the read: what another request of this sandbox has written meanwhile may be newer than what it brings.
    const before = newest.of(pk)
    const item = await table.get(pk, deadline)
    const opened = await openedToken(pk, item, { ring, now, log, newest: before })
    if (opened === undefined) return { subject, state: seen(pk, item), ring, token: undefined }
    newest.note(pk, opened)
    const { token, issuedAt, expiresAt } = opened
    return { subject, state: seen(pk, item), ring, token: { token, issuedAt, expiresAt } }
  }

  const report = ({ system, tenantSpaceId }: TokenSubject, { code, detail }: BridgeError): void =>
    log('WARN', {
      code: 'TOKEN_STORE_UNAVAILABLE',
      system,
      tenantSpaceId,
      reason: detail.reason ?? code,
    })

  return {
    read,
    /** What a list showed of an item, in place of reading it. */
    unread: async (subject: TokenSubject, state: Seen, deadline: Deadline): Promise<Stored> => ({
      subject,
      state,
      ring: await keyring(deadline),
      token: undefined,
    }),
    /** The key of the subject's item. */
    keyOf: async (subject: TokenSubject, deadline: Deadline): Promise<string> =>
      tokenKey(subject, await keyring(deadline)),
    /** Logs that the table was unreadable, and why. */
    report,

    /**
     * Writes a token over the generation that was seen, and ends the lease. What another wrote in the meantime is as
     * good: then that one is returned, for all to share. A token that cannot be written is this sandbox's alone.
     */
    write: async (
      { subject, ring, state: { pk, generation, asSeen } }: Stored,
      token: ServiceToken,
      deadline: Deadline,
    ): Promise<ServiceToken> => {
      const next = { ...token, generation: (generation ?? 0) + 1 }
      const set = await tokenAttributes({ subject, pk, ring }, next, random)
      const change = { set, remove: ['leaseId', 'leaseUntil'], ifSeen: { generation: asSeen.generation } }
      const written = async (): Promise<ServiceToken> => {
        if (await table.change(pk, change, deadline)) {
          newest.note(pk, next)
          return token
        }
        return (await read(subject, deadline)).token ?? token
      }
      try {
        return await retry(written, { mayPass: isUnreadable, deadline })
      } catch (error) {
        if (!isUnreadable(error)) throw error
        report(subject, error)
        return token
      }
    },

    /** Notes that the token is in use, seldom enough to cost nothing, and puts it back on the schedule's list. */
    touch: async (
      { subject: { system }, state: { pk, usedAt, generation } }: Stored,
      deadline: Deadline,
    ): Promise<void> => {
      const at = now().getTime()
      if (at - usedAt < USED_EXACT_MS) return
      const change = { set: { usedAt: at, listedIn: system }, ifSeen: { generation } }
      await table.change(pk, change, deadline).catch(whenUnreadable(() => false))
    },
  }
}

export type StoredTokens = ReturnType<typeof storedTokens>
