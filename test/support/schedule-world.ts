/** The schedule's function in sandboxes that share a table in memory, with tenants' secrets and vendors that count. */

import { createHash, randomBytes } from 'node:crypto'
import { circuitBreaker } from '../../lib/circuit-breaker/circuit-breaker.ts'
import type { Log, LogFields, LogLevel } from '../../lib/log.ts'
import { isListed } from '../../lib/prewarm/listed.ts'
import { type PrewarmSummary, prewarm } from '../../lib/prewarm/prewarm.ts'
import type { Share } from '../../lib/prewarm/share.ts'
import { warmerOf } from '../../lib/prewarm/warmer.ts'
import { secretReader } from '../../lib/secrets/reader.ts'
import { type SecretFailure, type SecretList, SecretSourceError } from '../../lib/secrets/source.ts'
import type { Table } from '../../lib/table/table.ts'
import { keyring } from '../../lib/token-cache/seal.ts'
import type { ServiceToken } from '../../lib/token-cache/service-token.ts'
import { tokenCache } from '../../lib/token-cache/token-cache.ts'
import { cecProfile } from '../../lib/vendors/cec/profile.ts'
import type { CecSettings } from '../../lib/vendors/cec/settings.ts'
import { oiapProfile } from '../../lib/vendors/oiap/profile.ts'
import type { OiapSettings } from '../../lib/vendors/oiap/settings.ts'
import { type ServiceTokenSource, serviceTokens } from '../../lib/vendors/service-token-source.ts'
import { vendorContext } from '../../lib/vendors/vendor-context.ts'
import { memoryTable } from '../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { secret } from './canary.ts'

export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000
const LIFE_MS = HOUR_MS
/** When the schedule looks, with `random` 0.5: two minutes before the soft limit. */
export const DUE_MS = LIFE_MS - 5 * MINUTE_MS - MINUTE_MS - 2 * MINUTE_MS
export const HARD_MS = LIFE_MS - 30_000
const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const prefix = secret('service tokens', randomBytes(20).toString('base64url'))
const appSecret = secret('appSecret', randomBytes(20).toString('base64url'))

export const OIAP = { url: 'https://oiap.example.com/token', appKey: 'app', appSecret }
export const CEC = {
  tokenUrl: 'https://cec.example.com/token',
  applyTokenUrl: 'https://cec.example.com/apply',
  chatUrl: 'https://cec.example.com/chat',
  appKey: 'app',
  appSecret,
}
export const NOTHING: PrewarmSummary = {
  due: 0,
  found: 0,
  refreshed: 0,
  upToDate: 0,
  dropped: 0,
  failed: 0,
  endangered: 0,
  left: 0,
  withoutKey: 0,
  notListed: 0,
  isSweepUnfinished: false,
}

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')

export const scheduleWorld = () => {
  const world = {
    at: STARTED_AT,
    table: memoryTable(),
    vault: new Map<string, { value: string; changedAt: number }>(),
    /** Names of the tenants that a vendor was asked for. */
    asked: [] as string[],
    /** What the vendors do before they answer. */
    vendor: async (_tenantSpaceId: string): Promise<void> => undefined,
    lines: [] as (LogFields & { readonly level: LogLevel })[],
    unreadableSecret: undefined as string | undefined,
    /** What Secrets Manager says of it. */
    unreadable: ['transient', 'ThrottlingException'] as [SecretFailure, string],
    /** Where the token cache writes to, whoever uses it. */
    requestLog: (() => undefined) as Log,
    /** The key of the tokens table. Throws where it cannot be read. */
    ring: () => ring,
    /** Names of the secrets that were read, in that order. */
    read: [] as string[],
  }

  const put = (name: string, value: object = OIAP) =>
    world.vault.set(`test/tenants/${name}`, { value: JSON.stringify(value), changedAt: world.at })
  const list: SecretList = async function* (namePrefix) {
    const secrets = [...world.vault]
      .map(([name, { changedAt }]) => ({ name, changedAt }))
      .filter(({ name }) => name.startsWith(namePrefix))
    yield { secrets, next: undefined }
  }

  const now = () => new Date(world.at)
  const random = () => 0.5
  /** What the schedule and a route have in common, in a sandbox that has just started. */
  const parts = (of: Table) => {
    const source = {
      read: async (name: string) => {
        world.read.push(name)
        const found = world.vault.get(name)
        if (name === world.unreadableSecret) throw new SecretSourceError(...world.unreadable)
        if (found === undefined) throw new SecretSourceError('final', 'ResourceNotFoundException')
        return { value: found.value, versionId: createHash('sha256').update(found.value).digest('hex') }
      },
    }
    const secrets = secretReader({ source, prefix: 'test', now, random, log: () => undefined })
    const pause = async () => undefined
    const breaker = circuitBreaker({ table: of, keyed: async (text) => ring.keyed(text), now, random, pause })
    const newId = () => randomBytes(8).toString('hex')
    const tokens = tokenCache({
      table: of,
      keyring: async () => world.ring(),
      now,
      random,
      newId,
      pause,
      log: (level, fields) => world.requestLog(level, fields),
    })
    const fetch = async ({ tenantSpaceId }: { tenantSpaceId: string }): Promise<ServiceToken> => {
      world.asked.push(tenantSpaceId)
      await world.vendor(tenantSpaceId)
      return { token: `${prefix} ${world.asked.length}`, issuedAt: world.at, expiresAt: world.at + LIFE_MS }
    }
    const cec: ServiceTokenSource<CecSettings> = {
      system: 'cec',
      credentials: vendorContext({ secrets, breaker }, cecProfile),
      variant: () => [],
      fetch,
    }
    const oiap: ServiceTokenSource<OiapSettings> = {
      system: 'oiap',
      credentials: vendorContext({ secrets, breaker }, oiapProfile),
      variant: () => [],
      fetch,
    }
    return { tokens, cec, oiap }
  }

  /** The schedule's function in a sandbox that has just started. */
  const sandbox = ({
    of = world.table as Table,
    listing = list,
    log = ((level, fields) => world.lines.push({ level, ...fields })) as Log,
  } = {}) => {
    const { tokens, cec, oiap } = parts(of)
    const deps = { tokens, now, isListed: isListed({ list: listing, prefix: 'test' }) }
    return prewarm({
      warmers: [warmerOf(cec, deps), warmerOf(oiap, deps)],
      tokens,
      table: of,
      list: listing,
      prefix: 'test',
      now,
      log,
    })
  }
  const within = (ms: number) => {
    const endsAt = world.at + ms
    return { remainingMs: () => Math.max(0, endsAt - world.at) }
  }
  /** A request for a tenant's token of OIAP, in a sandbox that has just started. */
  const request = (tenantSpaceId: string, of: Table = world.table): Promise<ServiceToken> => {
    const { tokens, oiap } = parts(of)
    return oiap.credentials(
      tenantSpaceId,
      (attempt) => serviceTokens(oiap, tokens).get(attempt),
      within(10_000),
    )
  }
  const run = (by = sandbox(), ms = MINUTE_MS, share?: Share) => by(within(ms), share)
  /** So many tenants of OIAP with a token each, all due at one moment; the last sweep was an hour ago. */
  const tenantsDue = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number++) put(`t${number}/oiap`)
    for (let left = count; left > 0; ) left = (await run()).left
    world.at += DUE_MS
    world.asked = []
  }

  return Object.assign(world, { put, sandbox, within, request, run, tenantsDue })
}

export type ScheduleWorld = ReturnType<typeof scheduleWorld>
