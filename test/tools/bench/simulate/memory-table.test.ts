import { describe, expect, it } from 'vitest'
import { memoryTable } from '../../../../tools/bench/simulate/memory-table.ts'

const deadline = { remainingMs: () => 5_000 }

describe('tools/bench/simulate/memory-table', () => {
  it('counts requests by operation, a page of a list as one, and the items that it returned', async () => {
    const table = memoryTable()
    for (let i = 0; i < 2_500; i++) {
      await table.change(`key ${i}`, { set: { listedIn: 'l', listedAt: i } }, deadline)
    }
    await table.get('key 1', deadline)
    await table.get('nobody', deadline)
    await table.remove('nobody', {}, deadline)
    await table.count('hits', 1, deadline)
    await table.add('polls', { add: { polls: 1 }, sweepAt: 1 }, deadline)
    expect(table.reads()).toBe(1)

    const sizes: number[] = []
    for await (const page of table.listed('l', 9_999, deadline)) sizes.push(page.length)
    expect(sizes).toEqual([1_000, 1_000, 500])
    expect(table.reads()).toBe(2_501)
    expect(table.calls()).toEqual({ get: 2, change: 2_500, remove: 1, count: 1, add: 1, listed: 3 })
    table.resetCounters()
    expect([table.reads(), table.calls().listed]).toEqual([0, 0])
  })

  it('shows all its items, which nobody can change behind its back', async () => {
    const table = memoryTable()
    await table.change('a', { set: { b: 1 } }, deadline)
    await table.count('c', 2, deadline)
    expect(table.dump()).toEqual([
      { pk: 'a', b: 1 },
      { pk: 'c', count: 1, sweepAt: 2 },
    ])
    expect(Object.isFrozen(await table.get('a', deadline))).toBe(true)
  })

  it('lists as a Query does that is asked page by page: what has moved on since comes again', async () => {
    const table = memoryTable()
    for (let i = 0; i < 1_001; i++) {
      await table.change(`key ${i}`, { set: { listedIn: 'l', listedAt: i } }, deadline)
    }
    const pages = table.listed('l', 9_999, deadline)[Symbol.asyncIterator]()
    await pages.next()
    await table.change('key 0', { set: { listedAt: 5_000 } }, deadline)
    await table.remove('key 1', {}, deadline)
    const { value } = await pages.next()
    expect(value.map(({ pk }: { pk: string }) => pk)).toEqual(['key 1000', 'key 0'])
  })

  // dynalite lets these pass
  it.each([
    ['an empty list', { listedIn: '', listedAt: 1 }],
    ['a list of over 2,048 bytes', { listedIn: 'ä'.repeat(1_025), listedAt: 1 }],
  ])('refuses %s as DynamoDB does', async (_what, set) => {
    await expect(memoryTable().change('a', { set }, deadline)).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
      detail: { reason: 'ValidationException' },
    })
  })

  it('makes no item when a change only removes from none, as DynamoDB does', async () => {
    const table = memoryTable()
    expect(await table.change('a', { remove: ['b'] }, deadline)).toBe(true)
    expect(table.dump()).toEqual([])
  })

  it('serves a day of one list a minute over 20,000 items, with a thousand changes an hour, in seconds', async () => {
    const table = memoryTable()
    for (let i = 0; i < 20_000; i++) {
      await table.change(`key ${i}`, { set: { listedIn: 'l', listedAt: (i * 7_919) % 86_400 } }, deadline)
    }
    const startedAt = performance.now()
    let renewed = 0
    for (let second = 0; second < 86_400; second += 60) {
      for await (const page of table.listed('l', second, deadline)) {
        for (const { pk } of page) {
          renewed += 1
          await table.change(String(pk), { set: { listedAt: second + 86_400 } }, deadline)
        }
      }
    }
    expect(renewed).toBeGreaterThan(19_900)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
