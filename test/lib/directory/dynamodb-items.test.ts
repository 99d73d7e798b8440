import { describe, expect, it } from 'vitest'
import { itemReads } from '../../../lib/directory/dynamodb-items.ts'
import { AMPLE, fakeTable, TABLE } from './fake-table.ts'

const KEYS = ['a', 'b', 'c', 'd']
const A = { pk: 'a', epoch: 2 }

type Keys = readonly { readonly pk: string }[]
const keysOf = (input: Record<string, unknown>): Keys =>
  (input as { RequestItems: Record<string, { Keys: Keys }> }).RequestItems[TABLE]?.Keys ?? []

const readsOf = (table: ReturnType<typeof fakeTable>, random = () => 0) => itemReads({ ...table, random })

describe('lib/directory/dynamodb-items', () => {
  it('asks consistently, and gives items by their keys without those that are absent', async () => {
    const table = fakeTable(() => ({ Responses: { [TABLE]: [A] } }))
    expect(await readsOf(table).read(KEYS, AMPLE)).toEqual(new Map([['a', A]]))
    expect(table.requests).toEqual([
      { RequestItems: { [TABLE]: { Keys: KEYS.map((pk) => ({ pk })), ConsistentRead: true } } },
    ])
  })

  it('asks for a hundred in one call, and for none in no call', async () => {
    const table = fakeTable(() => ({ Responses: { [TABLE]: [] } }))
    const keys = Array.from({ length: 205 }, (_, n) => `key ${n}`)
    await readsOf(table).read(keys, AMPLE)
    expect(table.requests.map((input) => keysOf(input).length)).toEqual([100, 100, 5])
    await readsOf(table).read([], AMPLE)
    expect(table.requests).toHaveLength(3)
  })

  it('ends with a call that fails: no part is given for the whole', async () => {
    const table = fakeTable((input) => {
      if (keysOf(input).length < 100) throw new Error('down')
      return { Responses: { [TABLE]: [A] } }
    })
    const keys = Array.from({ length: 101 }, (_, n) => `key ${n}`)
    await expect(readsOf(table).read(keys, AMPLE)).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
    await expect(readsOf(table).read(keys.slice(1), AMPLE)).resolves.toEqual(new Map([['a', A]]))
  })
})

describe('lib/directory/dynamodb-items: a batch that is answered in part', () => {
  it('is asked again for the rest', async () => {
    const table = fakeTable((input) => {
      const [, ...rest] = keysOf(input)
      return table.requests.length === 1
        ? { Responses: { [TABLE]: [A] }, UnprocessedKeys: { [TABLE]: { Keys: rest } } }
        : { Responses: { [TABLE]: [] } }
    })
    expect(await readsOf(table).read(KEYS, AMPLE)).toEqual(new Map([['a', A]]))
    expect(table.requests.map((input) => keysOf(input).length)).toEqual([4, 3])
  })

  it('is an outage after three tries, never half an answer', async () => {
    const table = fakeTable((input) => ({ UnprocessedKeys: { [TABLE]: { Keys: keysOf(input) } } }))
    await expect(readsOf(table).read(KEYS, AMPLE)).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'UnprocessedKeys' },
    })
    expect(table.requests).toHaveLength(3)
  })

  it('is given up in the pause before the next try when the deadline comes', async () => {
    const table = fakeTable((input) => ({ UnprocessedKeys: { [TABLE]: { Keys: keysOf(input) } } }))
    const reads = readsOf(table, () => 0.999)
    await expect(reads.read(KEYS, { remainingMs: () => 20 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    expect(table.requests).toHaveLength(1)
  })
})

describe('lib/directory/dynamodb-items: the deadline', () => {
  it('ends a call that heeds no signal, as in the SDK’s own pauses', async () => {
    const deaf = fakeTable(() => new Promise<never>(() => undefined))
    const soon = { remainingMs: () => 20 }
    await expect(readsOf(deaf).read(KEYS, soon)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})
