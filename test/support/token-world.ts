/** Sandboxes that share one token's item in a table in memory, on virtual time, with a vendor that counts. */

import { randomBytes } from 'node:crypto'
import type { Deadline } from '../../lib/concurrency/deadline.ts'
import { BridgeError, type ErrorCode } from '../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../lib/log.ts'
import type { Item, Table } from '../../lib/table/table.ts'
import { keyring } from '../../lib/token-cache/seal.ts'
import type { Fetch, ServiceToken, TokenRequest, TokenSubject } from '../../lib/token-cache/service-token.ts'
import { type SharedTokenDeps, type SharedTokens, sharedTokens } from '../../lib/token-cache/shared-tokens.ts'
import { memoryTable } from '../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { secret } from './canary.ts'
import { virtualTime } from './virtual-time.ts'

export const SUBJECT: TokenSubject = {
  system: 'cec',
  tenantSpaceId: 't1',
  fingerprint: 'f1',
  variant: ['600'],
  overlap: 'tolerated',
}
export const LIFE_MS = 600_000
/** What is left of that life at the hard limit, and from when on the schedule renews it, with `random` 0.5. */
export const HARD_LIMIT_LEFT_MS = 30_000
export const DUE_MS = 336_000
export const SECOND_MS = 1_000
export const HOUR_MS = 3_600_000

const key = { key: secret('token store key', newTokenStoreKey()) }
const prefix = secret('service tokens', randomBytes(20).toString('base64url'))

export const tokenWorld = () => {
  const time = virtualTime()
  const real = keyring(key)
  const ring: typeof real = {
    keyed: real.keyed,
    seal: (...args) => time.working(real.seal(...args)),
    open: (...args) => time.working(real.open(...args)),
  }
  const table = memoryTable()
  const lines: (LogFields & { readonly level: LogLevel })[] = []
  let ids = 0

  const within = (ms: number): Deadline => {
    const endsAt = time.now().getTime() + ms
    return { remainingMs: () => Math.max(0, endsAt - time.now().getTime()) }
  }
  const made = (): ServiceToken => {
    world.fetches += 1
    const issuedAt = time.now().getTime()
    return { token: `${prefix} ${world.fetches}`, issuedAt, expiresAt: issuedAt + LIFE_MS }
  }
  /** A vendor that takes its time. */
  const fetchIn =
    (ms: number): Fetch =>
    async () => {
      const token = made()
      await time.pause(ms)
      return token
    }
  const fetch = fetchIn(200)
  const request = (how: Fetch = fetch, deadline: Deadline = within(20 * SECOND_MS)): TokenRequest => ({
    subject: SUBJECT,
    fetch: how,
    deadline,
  })
  /** A sandbox's store. `clockMs`: how far its clock is ahead. */
  const sandbox = (changes: Partial<SharedTokenDeps> = {}, clockMs = 0): SharedTokens =>
    sharedTokens({
      table,
      keyring: async () => ring,
      now: () => new Date(time.now().getTime() + clockMs),
      random: () => 0.5,
      newId: () => {
        ids += 1
        return `lease ${ids}`
      },
      pause: time.pause,
      log: (level, fields) => lines.push({ level, ...fields }),
      ...changes,
    })
  const get = (from: SharedTokens, how: Fetch = fetch, ms = 20 * SECOND_MS) =>
    from.get(request(how, within(ms)))

  const world = {
    time,
    table,
    lines,
    prefix,
    /** How often the vendor was asked. */
    fetches: 0,
    within,
    made,
    fetchIn,
    fetch,
    failIn:
      (ms: number, code: ErrorCode): Fetch =>
      async () => {
        world.fetches += 1
        await time.pause(ms)
        throw new BridgeError(code, 'failed')
      },
    /** One that hangs until long after everybody has lost patience. */
    dead: () => fetchIn(24 * HOUR_MS),
    request,
    sandbox,
    get,
    item: (): Item => table.dump()[0] ?? {},
    /** Work that is never waited for, as that of a sandbox that is frozen or dies. */
    abandon: (work: Promise<unknown>): void => void work.catch(() => undefined),
    settle: () => time.settled(),
    /** A stored token, `agoMs` old. */
    stored: async (agoMs = 0): Promise<ServiceToken> => {
      const token = await time.run(get(sandbox(), async () => ({ ...made(), token: `${prefix} stored` })))
      time.advance(agoMs)
      world.fetches = 0
      table.resetCounters()
      return token
    },
    codes: () => lines.map(({ code }) => code),
    /** The table, of which these operations fail. */
    down: (operations: readonly (keyof Table)[]): Table => {
      const refuse = async () => {
        throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
      }
      return { ...table, ...Object.fromEntries(operations.map((name) => [name, refuse])) }
    },
  }
  return world
}

export type TokenWorld = ReturnType<typeof tokenWorld>
