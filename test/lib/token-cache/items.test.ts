import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../../lib/log.ts'
import { keptUntil, openedToken, seen, tokenAttributes } from '../../../lib/token-cache/items.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import type { TokenSubject } from '../../../lib/token-cache/service-token.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
const PK = '3:cec5:token2:t1'
const SUBJECT: TokenSubject = {
  system: 'cec',
  tenantSpaceId: 't1',
  fingerprint: 'f1',
  variant: [],
  overlap: 'tolerated',
}
const ISSUED_AT = Date.parse('2026-09-21T12:00:00Z')
const LIFE_MS = 600_000
const HARD_LIMIT_LEFT_MS = 30_000
const WEEK_SECONDS = 7 * 24 * 3600
const TOKEN = {
  token: secret('service token', randomBytes(30).toString('base64url')),
  issuedAt: ISSUED_AT,
  expiresAt: ISSUED_AT + LIFE_MS,
  generation: 3,
}

describe('lib/token-cache/items: keptUntil', () => {
  it('is a week after the moment, in whole seconds, rounded up', () => {
    expect(keptUntil(1_000)).toBe(1 + WEEK_SECONDS)
    expect(keptUntil(1_001)).toBe(2 + WEEK_SECONDS)
  })
})

describe('lib/token-cache/items: seen', () => {
  it('reads what stands in an item', () => {
    const item = {
      ...{ generation: 3, leaseId: 'a', leaseUntil: 10, failedLeaseId: 'b' },
      ...{ failedCode: 'UPSTREAM_TIMEOUT', forcedAt: 20, usedAt: 30 },
    }
    expect(seen(PK, item)).toEqual({ pk: PK, asSeen: { generation: 3, leaseId: 'a' }, ...item })
  })

  const NOTHING = {
    pk: PK,
    asSeen: { generation: undefined, leaseId: undefined },
    generation: undefined,
    leaseId: undefined,
    leaseUntil: Number.NEGATIVE_INFINITY,
    failedLeaseId: undefined,
    failedCode: undefined,
    forcedAt: Number.NEGATIVE_INFINITY,
    usedAt: Number.NEGATIVE_INFINITY,
  }
  it('takes what is absent for never and nothing', () => {
    expect(seen(PK, undefined)).toEqual(NOTHING)
    expect(seen(PK, { pk: PK })).toEqual(NOTHING)
  })

  it('takes another type for nothing, and names it as it stands in every change', () => {
    const item = { generation: '3', leaseId: 7, leaseUntil: 'x', usedAt: 'x', forcedAt: 'x', failedCode: 1 }
    expect(seen(PK, item)).toEqual({ ...NOTHING, asSeen: { generation: '3', leaseId: 7 } })
  })
})

describe('lib/token-cache/items: tokenAttributes', () => {
  it('is the token sealed, counted and listed for the schedule', async () => {
    const { sealed, ...rest } = await tokenAttributes({ subject: SUBJECT, pk: PK, ring }, TOKEN, () => 0.5)
    expect(rest).toEqual({
      system: 'cec',
      tenantSpaceId: 't1',
      generation: 3,
      issuedAt: TOKEN.issuedAt,
      expiresAt: TOKEN.expiresAt,
      listedIn: 'cec',
      listedAt: ISSUED_AT + 336_000,
      sweepAt: TOKEN.expiresAt / 1000 + WEEK_SECONDS,
    })
    expect(await ring.open(PK, String(sealed))).toEqual(TOKEN)
  })
})

describe('lib/token-cache/items: openedToken', () => {
  const lines: LogFields[] = []
  const open = async (changes: object, pk = PK, at = ISSUED_AT) => {
    lines.length = 0
    const { generation, issuedAt, expiresAt } = TOKEN
    const sealed = await ring.seal(PK, TOKEN)
    const item = {
      pk,
      system: 'cec',
      tenantSpaceId: 't1',
      sealed,
      generation,
      issuedAt,
      expiresAt,
      ...changes,
    }
    const log = (level: string, fields: LogFields) => lines.push({ ...fields, reason: level })
    return openedToken(pk, item, { ring, now: () => new Date(at), log })
  }
  it('gives the token of an item as it was written', async () => {
    expect([await open({}), lines]).toEqual([TOKEN, []])
  })

  it.each([
    ['generation', { generation: 4 }],
    ['generation as text', { generation: '3' }],
    ['expiry', { expiresAt: TOKEN.expiresAt + 1 }],
    ['seal', { sealed: 'x' }],
  ])('reports another %s than was sealed, and counts the item as empty', async (_, changes) => {
    expect(await open(changes)).toBeUndefined()
    expect(lines).toEqual([
      { code: 'STORED_TOKEN_REJECTED', system: 'cec', tenantSpaceId: 't1', reason: 'ERROR' },
    ])
  })

  it('reports another item’s seal, and whose item holds it', async () => {
    expect(await open({ tenantSpaceId: 't2' }, '3:cec5:token2:t2')).toBeUndefined()
    expect(lines).toMatchObject([{ code: 'STORED_TOKEN_REJECTED', tenantSpaceId: 't2' }])
  })

  it('reports an item that does not even say whose it is', async () => {
    await open({ sealed: 'x', system: 1, tenantSpaceId: 2 })
    expect(lines).toMatchObject([{ system: 'unknown', tenantSpaceId: 'unknown' }])
  })

  it('goes by the sealed beginning, not by the one beside it', async () => {
    expect(await open({ issuedAt: 0 })).toEqual(TOKEN)
  })

  it('gives none past the hard limit, which is nothing to report', async () => {
    expect(await open({}, PK, TOKEN.expiresAt - HARD_LIMIT_LEFT_MS - 1)).toBeDefined()
    expect([await open({}, PK, TOKEN.expiresAt - HARD_LIMIT_LEFT_MS), lines]).toEqual([undefined, []])
  })

  it('finds none in an item that was never given one', async () => {
    const deps = { ring, now: () => new Date(ISSUED_AT), log: () => undefined }
    expect(await openedToken(PK, { pk: PK, leaseId: 'a' }, deps)).toBeUndefined()
    expect(await openedToken(PK, undefined, deps)).toBeUndefined()
  })
})
