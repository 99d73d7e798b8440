import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { type CountedCall, rateLimits } from '../../../lib/table/rate-limit.ts'
import type { Table } from '../../../lib/table/table.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const MINUTE_MS = 60_000
const WINDOW_STARTS_AT = Date.parse('2026-09-21T12:00:00Z')
const LIMIT = { seconds: 60, most: 3, field: 'userId' }
const deadline = { remainingMs: () => 5_000 }
const CALL: CountedCall = { owner: 'issue', fields: ['t1', 'tom'], noted: { tenantSpaceId: 't1' } }

let at: number
let table: MemoryTable
let lines: (LogFields & { readonly level: LogLevel })[]
beforeEach(() => {
  at = WINDOW_STARTS_AT
  table = memoryTable()
  lines = []
})
const call = (changes: Partial<CountedCall> = {}, of: Table = table): Promise<void> =>
  rateLimits({
    table: of,
    now: () => new Date(at),
    log: (level, fields) => lines.push({ level, ...fields }),
  })({ ...CALL, ...changes }, LIMIT, deadline)
const used = async () => {
  for (let count = 0; count < LIMIT.most; count++) await call()
}

describe('lib/table/rate-limit', () => {
  it('takes as many calls as the limit says, and refuses the next', async () => {
    await used()
    await expect(call()).rejects.toMatchObject({
      code: 'RATE_EXCEEDED',
      message: 'userId: expected at most 3 calls in 60 s',
      detail: { field: 'userId', retryAfterSeconds: 60 },
    })
  })

  it('says how long the window still lasts, in whole seconds and at least one', async () => {
    await used()
    at = WINDOW_STARTS_AT + MINUTE_MS - 1_500
    await expect(call()).rejects.toMatchObject({ detail: { retryAfterSeconds: 2 } })
    at = WINDOW_STARTS_AT + MINUTE_MS - 1
    await expect(call()).rejects.toMatchObject({ detail: { retryAfterSeconds: 1 } })
  })

  it('begins anew with the next window', async () => {
    await used()
    at = WINDOW_STARTS_AT + MINUTE_MS
    await expect(call()).resolves.toBeUndefined()
  })

  it.each<[string, Partial<CountedCall>]>([
    ['owner', { owner: 'live' }],
    ['subject', { fields: ['t1', 'tim'] }],
    ['split of the same text', { fields: ['t1tom'] }],
  ])('counts apart what has another %s', async (_, changes) => {
    await used()
    await expect(call(changes)).resolves.toBeUndefined()
  })

  it('stores no name, and the item may be swept an hour later', async () => {
    await call()
    const [item] = table.dump()
    expect(JSON.stringify(item)).not.toContain('tom')
    expect(item).toMatchObject({ count: 1, sweepAt: WINDOW_STARTS_AT / 1000 + 3_600 })
  })

  it('refuses nothing while the table is unreadable, and says so', async () => {
    const down = async () => {
      throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
    }
    for (let count = 0; count <= LIMIT.most; count++) await call({}, { ...table, count: down })
    expect(lines).toHaveLength(LIMIT.most + 1)
    expect(lines[0]).toEqual({
      level: 'WARN',
      code: 'TOKEN_STORE_UNAVAILABLE',
      system: 'issue',
      tenantSpaceId: 't1',
      reason: 'Down',
    })
  })

  it('hides no mistake', async () => {
    const broken = async () => {
      throw new TypeError('a mistake')
    }
    await expect(call({}, { ...table, count: broken })).rejects.toThrow('a mistake')
  })
})
