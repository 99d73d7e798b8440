/** Credentials that a vendor has refused: remembered for every sandbox, so that nobody tries them again. */

import { type Deadline, pause as realPause } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { UpstreamFailure } from '../outbound/failures.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { FetchMode } from '../table/fetch-mode.ts'
import type { Table } from '../table/table.ts'
import { isUnreadable } from '../table/unreadable.ts'
import {
  type Account,
  type Block,
  blockAttributes,
  blockOf,
  failureOf,
  leftOf,
  type VendorSystem,
} from './block-items.ts'

/** How long credentials with an explicit refusal are left alone. OIAP locks an account that is tried again and again. */
const CREDENTIAL_MS: Readonly<Record<VendorSystem, number>> = {
  cec: 15 * 60_000,
  live: 15 * 60_000,
  oiap: Number.POSITIVE_INFINITY,
}
/** Which accounts a wrong secret locks: these are not tried at all while nobody can say whether they were refused. */
const LOCKS: Readonly<Record<VendorSystem, boolean>> = { cec: false, live: false, oiap: true }

const BACK_OFF_MS = 5_000
/** Behind a refusal without a reason there may be a wrong secret: where that locks, it is seldom tried. */
const MAX_BACK_OFF_MS: Readonly<Record<VendorSystem, number>> = { cec: 60_000, live: 60_000, oiap: 900_000 }
/** How long a sandbox relies on its own memory of a block: so long does lifting one by command take. */
const RECHECK_MS = 30_000
const WRITE_ATTEMPTS = 3
const WRITE_PAUSE_MS = 50
const MOST = 1_000

export interface BlockDeps {
  readonly table: Table
  /** A fingerprint as it may be stored. Throws where the key for that cannot be read. */
  readonly keyed: (fingerprint: string, deadline: Deadline) => Promise<string>
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly pause?: (ms: number) => Promise<void>
}

interface Remembered {
  readonly block: Block
  readonly checkedAt: number
  /** Not when the table could not be written: then it is tried again before anything else. */
  readonly isStored: boolean
}

export interface Blocks {
  /**
   * What stands in the way of showing these credentials, or undefined. When the pause of a block is over, one caller
   * of all sandboxes gets undefined and may try. Throws TOKEN_STORE_UNAVAILABLE where a wrong try may lock the account,
   * the table is unreadable or has just failed to give a lease (`isAlone`), and this sandbox has never succeeded with
   * them.
   */
  readonly standing: (
    account: Account,
    deadline: Deadline,
    mode?: FetchMode,
  ) => Promise<UpstreamFailure | undefined>
  /**
   * Remembers a refusal. `back-off`: 5 s, doubling to 60 s, for OIAP to 15 minutes; `until-changed`: 15 minutes, for
   * OIAP without end.
   */
  readonly refused: (
    account: Account,
    failure: UpstreamFailure,
    kind: 'until-changed' | 'back-off',
    deadline: Deadline,
  ) => Promise<void>
  /** Forgets what was remembered: the credentials are good. */
  readonly accepted: (account: Account, deadline: Deadline) => Promise<void>
}

export const credentialBlocks = (deps: BlockDeps): Blocks => {
  const { table, now, random, pause = realPause } = deps
  const memory = new Map<string, Remembered>()
  const succeeded = new Set<string>()

  const keyOf = async (
    { system, tenantSpaceId, fingerprint }: Account,
    deadline: Deadline,
  ): Promise<string> =>
    lengthPrefixed(system, 'block', tenantSpaceId, await deps.keyed(fingerprint, deadline))

  const remember = (id: string, block: Block, isStored: boolean): void => {
    memory.delete(id)
    memory.set(id, { block, isStored, checkedAt: now().getTime() })
    forgetOldest(memory, MOST)
  }

  const write = async (account: Account, block: Block, deadline: Deadline): Promise<void> => {
    const pk = await keyOf(account, deadline)
    const change = blockAttributes(account, block)
    if (!LOCKS[account.system] || block.until === Number.POSITIVE_INFINITY) {
      await table.change(pk, change, deadline)
      return
    }
    // Never over a block without end: who was refused without a reason knows less than who was given one.
    const item = await table.get(pk, deadline)
    if (blockOf(item)?.until === Number.POSITIVE_INFINITY) return
    const { failure, until } = item ?? {}
    await table.change(pk, { ...change, ifSeen: { failure, until } }, deadline)
  }

  const store = async (account: Account, block: Block, deadline: Deadline): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await write(account, block, deadline)
        return true
      } catch (error) {
        if (!isUnreadable(error)) throw error
        const waitMs = random() * WRITE_PAUSE_MS * 2 ** attempt
        if (attempt === WRITE_ATTEMPTS || deadline.remainingMs() < waitMs) return false
        await pause(waitMs)
      }
    }
  }

  /** When the pause of a block is over: true for the one that may try now. */
  const claimed = async (account: Account, block: Block, deadline: Deadline): Promise<boolean> => {
    const until = now().getTime() + block.backOffMs
    const pk = await keyOf(account, deadline)
    const isOurs = await table.change(pk, { set: { until }, ifSeen: { until: block.until } }, deadline)
    remember(idOf(account), { ...block, until }, true)
    return isOurs
  }

  const judge = async (block: Block, claim: () => Promise<boolean>): Promise<UpstreamFailure | undefined> => {
    const leftMs = leftOf(block, now())
    if (leftMs > 0) return failureOf(block, leftMs)
    return (await claim()) ? undefined : failureOf(block, block.backOffMs)
  }

  /** With the table unreadable, what this sandbox knows by itself. */
  const alone = async (account: Account, error: unknown): Promise<UpstreamFailure | undefined> => {
    if (!isUnreadable(error)) throw error
    const id = idOf(account)
    const known = memory.get(id)
    const isOver = known === undefined || leftOf(known.block, now()) <= 0
    if (isOver && LOCKS[account.system] && !succeeded.has(id)) throw error
    return known && judgeAlone(id, known)
  }

  const judgeAlone = (id: string, { block, isStored }: Remembered): Promise<UpstreamFailure | undefined> =>
    judge(block, async () => {
      remember(id, { ...block, until: now().getTime() + block.backOffMs }, isStored)
      return true
    })

  return {
    standing: async (account, deadline, { isAlone = false } = {}) => {
      const id = idOf(account)
      const known = memory.get(id)
      if (known !== undefined) {
        const leftMs = leftOf(known.block, now())
        const isRecent = Math.abs(now().getTime() - known.checkedAt) < RECHECK_MS
        if (leftMs > 0 && isRecent) return failureOf(known.block, leftMs)
        if (!known.isStored && leftMs > 0) {
          remember(id, known.block, await store(account, known.block, deadline))
          return failureOf(known.block, leftMs)
        }
      }
      try {
        const block = blockOf(await table.get(await keyOf(account, deadline), deadline))
        if (block === undefined) {
          // One that could not be stored cannot have been lifted.
          const own = memory.get(id)
          if (own !== undefined && !own.isStored) return await judgeAlone(id, own)
          memory.delete(id)
          // That nobody has been refused yet is no leave to try, while somebody may be trying.
          if (isAlone && LOCKS[account.system] && !succeeded.has(id)) throw withoutLease()
          return undefined
        }
        remember(id, block, true)
        return await judge(block, () => claimed(account, block, deadline))
      } catch (error) {
        return alone(account, error)
      }
    },

    refused: async (account, { failure, detail }, kind, deadline) => {
      const id = idOf(account)
      const at = now().getTime()
      const earlier = memory.get(id)?.block
      const backOffMs =
        earlier === undefined ? BACK_OFF_MS : Math.min(earlier.backOffMs * 2, MAX_BACK_OFF_MS[account.system])
      const pauseMs = kind === 'until-changed' ? CREDENTIAL_MS[account.system] : backOffMs
      const { upstreamStatus, upstreamCode } = detail
      const block: Block = {
        failure,
        ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
        ...(upstreamCode === undefined ? {} : { upstreamCode }),
        since: earlier?.since ?? at,
        until: at + pauseMs,
        backOffMs: pauseMs,
      }
      // In memory first: nothing of this sandbox slips through while it is being written.
      remember(id, block, false)
      remember(id, block, await store(account, block, deadline))
    },

    accepted: async (account, deadline) => {
      const id = idOf(account)
      succeeded.add(id)
      forgetOldest(succeeded, MOST)
      const known = memory.get(id)
      if (known === undefined) return
      memory.delete(id)
      try {
        // Not a newer one, which another sandbox has seen since.
        const { since } = known.block
        await table.remove(await keyOf(account, deadline), { since }, deadline)
      } catch (error) {
        // It comes to light again at the next look, and ends by itself.
        if (!isUnreadable(error)) throw error
      }
    },
  }
}

const withoutLease = (): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', 'the token store cannot be asked (WithoutLease)', {
    detail: { reason: 'WithoutLease' },
  })

const idOf = ({ system, tenantSpaceId, fingerprint }: Account): string =>
  JSON.stringify([system, tenantSpaceId, fingerprint])

const forgetOldest = (known: Map<string, unknown> | Set<string>, most: number): void => {
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
}
