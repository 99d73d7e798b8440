import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import type { Item } from '../../../lib/table/table.ts'
import { seen } from '../../../lib/token-cache/items.ts'
import { LEASE_MS, type TokenLeases, type Watch } from '../../../lib/token-cache/lease.ts'
import { looks, type Wanted } from '../../../lib/token-cache/look.ts'
import type { ServiceToken } from '../../../lib/token-cache/service-token.ts'
import type { StoredTokens } from '../../../lib/token-cache/stored-tokens.ts'
import { SUBJECT } from '../../support/token-world.ts'

const NOW = Date.parse('2026-09-21T12:00:00Z')
const FORCED_AT = NOW - 60_000
const TOKEN: ServiceToken = { token: 'stored', issuedAt: NOW, expiresAt: NOW + 600_000 }
const ring = { keyed: (of: string) => of, seal: async () => '', open: async () => undefined }

let item: Item
let token: ServiceToken | undefined
/** What the look has done. */
let done: unknown[]
let isAcquired: boolean
let watch: Watch

beforeEach(() => {
  item = { generation: 3, forcedAt: FORCED_AT }
  token = undefined
  done = []
  isAcquired = true
  watch = { isHeld: () => false, failure: () => undefined }
})

const current = () => ({ subject: SUBJECT, state: seen('pk', item), ring, token })
const stored: Pick<StoredTokens, 'read' | 'touch'> = {
  read: async () => current(),
  touch: async () => void done.push('touch'),
}
const leases: Pick<TokenLeases, 'acquire'> = {
  acquire: async ({ id }, notes) => {
    done.push({ acquire: id, ...notes })
    return isAcquired
  },
}
const look = (wanted: Wanted = {}) =>
  looks({ stored, leases, now: () => new Date(NOW) })({
    subject: SUBJECT,
    deadline: { remainingMs: () => 5_000 },
    leaseId: 'ours',
    wanted: { isGood: () => true, mayFetch: () => true, isForced: false, ...wanted },
    watch,
  })
const acquired = (forcedAt?: number) => ({ acquire: 'ours', usedAt: NOW, forcedAt })

describe('lib/token-cache/look', () => {
  it('uses a token that is there, and notes that it is in use', async () => {
    token = TOKEN
    expect(await look()).toEqual({ next: 'use', token: TOKEN })
    expect(done).toEqual(['touch'])
  })

  it('fetches, with the lease, where the token is not good', async () => {
    token = TOKEN
    const held = { stored: current(), leaseId: 'ours', leasedAt: NOW }
    expect(await look({ isGood: () => false })).toEqual({ next: 'fetch', held })
    expect(done).toEqual([acquired()])
  })

  it('notes with the lease that it is by force', async () => {
    expect(await look({ isForced: true })).toMatchObject({ next: 'fetch' })
    expect(done).toEqual([acquired(NOW)])
  })

  it('fetches, since the lease began, where it holds the lease already', async () => {
    item = { leaseId: 'ours', leaseUntil: NOW + 1 }
    const held = { stored: current(), leaseId: 'ours', leasedAt: NOW + 1 - LEASE_MS }
    expect(await look()).toEqual({ next: 'fetch', held })
    expect(done).toEqual([])
  })

  it('waits while another holds the lease', async () => {
    watch = { ...watch, isHeld: () => true }
    expect(await look()).toEqual({ next: 'wait' })
    expect(done).toEqual([])
  })

  it('waits where another was faster', async () => {
    isAcquired = false
    expect(await look()).toEqual({ next: 'wait' })
    expect(done).toEqual([acquired()])
  })

  it('throws what ended the lease that was waited for', async () => {
    const failure = new BridgeError('UPSTREAM_UNAVAILABLE', 'failed')
    watch = { ...watch, failure: () => failure }
    await expect(look()).rejects.toBe(failure)
    expect(done).toEqual([])
  })

  it('gives up where a fetch is not allowed, going by when the last one by force was', async () => {
    const asked: unknown[] = []
    const mayFetch = (forcedAt: number | undefined): boolean => {
      asked.push(forcedAt)
      return false
    }
    expect(await look({ mayFetch })).toEqual({ next: 'give-up' })
    expect(asked).toEqual([FORCED_AT])
    expect(done).toEqual([])
  })
})
