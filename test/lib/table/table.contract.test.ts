import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoTable } from '../../../lib/table/dynamodb.ts'
import { type Item, LISTED, type Table } from '../../../lib/table/table.ts'
import { memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import type { LocalDynamoDb } from '../../../tools/local/dynamodb.ts'
import { startTokensTable, TOKENS } from './tokens-table.ts'

let dynamoDb: LocalDynamoDb
let dynamo: Table
let cases = 0
const deadline = { remainingMs: () => 5_000 }

beforeAll(async () => {
  dynamoDb = await startTokensTable()
  dynamo = dynamoTable({ table: TOKENS })
})
afterAll(() => dynamoDb?.close())

const everyItem = async (pages: AsyncIterable<readonly Item[]>): Promise<Item[]> => {
  const found: Item[] = []
  for await (const page of pages) found.push(...page)
  return found
}

const KINDS: [string, () => Table][] = [
  ['lib/table/dynamodb', () => dynamo],
  ['tools/bench/simulate/memory-table', memoryTable],
]

describe.each(KINDS)('%s', (_name, newTable) => {
  let table: Table
  let pk: string
  let list: string
  beforeEach(() => {
    cases += 1
    table = newTable()
    pk = `key ${cases}`
    list = `list ${cases}`
  })
  const item = () => table.get(pk, deadline)
  const put = (set: Record<string, string | number>, key = pk) => table.change(key, { set }, deadline)

  it('knows nothing of an item that nobody made', async () => {
    expect(await item()).toBeUndefined()
  })

  it('gives back what was set, texts and numbers as they were', async () => {
    const set = {
      a: 'ä € 😀',
      empty: '',
      whole: 1_790_000_000_000,
      half: -0.5,
      name: 'a reserved word',
      'a.b': 1,
    }
    expect(await put(set)).toBe(true)
    expect(await item()).toEqual({ pk, ...set })
  })

  it('sets, removes and keeps attributes in one change, and leaves alone what is to be undefined', async () => {
    await put({ a: 'old', b: 'gone', c: 3 })
    const change = { set: { a: 'new', c: undefined, d: undefined }, remove: ['b', 'b', 'unknown'] }
    expect(await table.change(pk, change, deadline)).toBe(true)
    expect(await item()).toEqual({ pk, a: 'new', c: 3 })
  })

  it('makes an item of its key alone when a change changes nothing', async () => {
    expect(await table.change(pk, {}, deadline)).toBe(true)
    expect(await item()).toEqual({ pk })
  })

  it.each([
    ['nothing', undefined, {}, true],
    ['absence of an item', undefined, { pk: undefined, a: undefined }, true],
    ['an attribute of no item', undefined, { a: 'x' }, false],
    ['an equal text', { a: 'x' }, { a: 'x' }, true],
    ['an equal number', { a: 7 }, { a: 7 }, true],
    ['an empty text', { a: '' }, { a: '' }, true],
    ['an absent attribute', { b: 1 }, { a: undefined }, true],
    ['all of several', { a: 'x', b: 1 }, { a: 'x', b: 1, c: undefined }, true],
    ['another text', { a: 'x' }, { a: 'y' }, false],
    ['a text for a number', { a: 7 }, { a: '7' }, false],
    ['an attribute that is absent', { b: 1 }, { a: 'x' }, false],
    ['absence of what is there', { a: '' }, { a: undefined }, false],
    ['absence of the item itself', { a: 'x' }, { pk: undefined }, false],
    ['several, one of them other', { a: 'x', b: 1 }, { a: 'x', b: 2 }, false],
  ])('changes and removes as seen: %s', async (_what, before, ifSeen, expected) => {
    if (before) await put(before)
    const earlier = await item()
    const change = { set: { done: 1 }, remove: ['b'], ifSeen }
    expect(await table.change(pk, change, deadline)).toBe(expected)
    if (!expected) expect(await item()).toEqual(earlier)
    if (expected) expect(await item()).toMatchObject({ pk, done: 1 })

    await table.remove(pk, {}, deadline)
    if (before) await put(before)
    expect(await table.remove(pk, ifSeen, deadline)).toBe(expected)
    expect(await item()).toEqual(expected ? undefined : earlier)
  })

  it('lets exactly one of twenty changes at once win that have seen the same', async () => {
    await put({ leaseId: 'before' })
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        table.change(pk, { set: { leaseId: `${i}` }, ifSeen: { leaseId: 'before' } }, deadline),
      ),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await item()).toEqual({ pk, leaseId: `${won.indexOf(true)}` })
  })

  it('counts fifty at once without losing one, and notes when to sweep', async () => {
    const sums = await Promise.all(Array.from({ length: 50 }, () => table.count(pk, 1_790_000_000, deadline)))
    expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    expect(await item()).toEqual({ pk, count: 50, sweepAt: 1_790_000_000 })
    await table.count(pk, 1_790_000_060, deadline)
    expect(await item()).toEqual({ pk, count: 51, sweepAt: 1_790_000_060 })
  })

  it('adds to several numbers, fifty at once without losing one', async () => {
    const amounts = { add: { polls: 3, heldMs: 250 }, sweepAt: 1_790_000_000 }
    await Promise.all(Array.from({ length: 50 }, () => table.add(pk, amounts, deadline)))
    expect(await item()).toEqual({ pk, polls: 150, heldMs: 12_500, sweepAt: 1_790_000_000 })
    await table.add(pk, { add: { asked: 1, polls: 0 }, sweepAt: 1_790_000_060 }, deadline)
    expect(await item()).toEqual({ pk, polls: 150, heldMs: 12_500, asked: 1, sweepAt: 1_790_000_060 })
  })

  it('lists up to a moment, oldest first, each list for itself', async () => {
    for (const at of [30, 10, 1_790_000_000_000, 20, 20.5, 9]) {
      await put({ listedIn: list, listedAt: at }, `${pk} at ${at}`)
      await put({ listedIn: `${list} of others`, listedAt: at }, `${pk} at ${at} of others`)
    }
    const keys = async (until: number) =>
      (await everyItem(table.listed(list, until, deadline))).map((found) => found['pk'])
    expect(await keys(20)).toEqual([`${pk} at 9`, `${pk} at 10`, `${pk} at 20`])
    expect(await keys(Number.MAX_SAFE_INTEGER)).toHaveLength(6)
    expect(await keys(8)).toEqual([])
  })

  it('shows of an item in a list its keys and LISTED, and no more', async () => {
    const shown = Object.fromEntries(LISTED.map((name, i) => [name, i % 2 ? i : `${i}`]))
    await put({ ...shown, listedIn: list, listedAt: 1, sealed: 'sealed token', sweepAt: 2, count: 3 })
    expect(await everyItem(table.listed(list, 1, deadline))).toEqual([
      { pk, listedIn: list, listedAt: 1, ...shown },
    ])
  })

  it.each(['listedIn', 'listedAt'])('takes an item out of its list when it loses %s', async (attribute) => {
    await put({ listedIn: list, listedAt: 1, a: 'x' })
    await table.change(pk, { remove: [attribute] }, deadline)
    expect(await everyItem(table.listed(list, 9, deadline))).toEqual([])
    expect(await item()).toMatchObject({ a: 'x' })
  })

  it('moves an item within its list and to another, and takes it out when it is removed', async () => {
    await put({ listedIn: list, listedAt: 1 })
    await put({ listedAt: 5 })
    expect(await everyItem(table.listed(list, 4, deadline))).toEqual([])
    expect(await everyItem(table.listed(list, 5, deadline))).toEqual([{ pk, listedIn: list, listedAt: 5 }])
    await put({ listedIn: `${list} b` })
    expect(await everyItem(table.listed(list, 5, deadline))).toEqual([])
    expect(await everyItem(table.listed(`${list} b`, 5, deadline))).toHaveLength(1)
    await table.remove(pk, {}, deadline)
    expect(await everyItem(table.listed(`${list} b`, 5, deadline))).toEqual([])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['an empty key to get', () => table.get('', deadline)],
    ['an empty key to change', () => table.change('', { set: { a: 1 } }, deadline)],
    ['an empty key to remove', () => table.remove('', {}, deadline)],
    ['an empty key to count', () => table.count('', 1, deadline)],
    ['a key of over 2,048 bytes', () => table.get('x'.repeat(2_049), deadline)],
    ['a change of the key', () => put({ pk: 'other' })],
    ['the removal of the key', () => table.change(pk, { remove: ['pk'] }, deadline)],
    ['an attribute both set and removed', () => table.change(pk, { set: { a: 1 }, remove: ['a'] }, deadline)],
    ['NaN', () => put({ a: Number.NaN })],
    ['an infinite number', () => put({ a: Number.POSITIVE_INFINITY })],
    ['a number that is not safe', () => put({ a: 2 ** 60 })],
    ['NaN as seen', () => table.change(pk, { set: { a: 1 }, ifSeen: { b: Number.NaN } }, deadline)],
    ['NaN as the time to sweep', () => table.count(pk, Number.NaN, deadline)],
    ['a number as list', () => put({ listedIn: 1 })],
    ['a text as place in the list', () => put({ listedIn: list, listedAt: '1' })],
    ['to list an infinite time', () => everyItem(table.listed(list, Number.POSITIVE_INFINITY, deadline))],
    ['an item of over 400 kB', () => put({ a: 'x'.repeat(410_000) })],
  ])('refuses %s, and changes nothing', async (_what, act) => {
    await expect(act()).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(await item()).toBeUndefined()
  })

  it('refuses to count on a text', async () => {
    await put({ count: 'many' })
    await expect(table.count(pk, 1, deadline)).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(await item()).toEqual({ pk, count: 'many' })
  })

  it('does nothing when no time is left', async () => {
    const over = { remainingMs: () => 0 }
    const refusal = { code: 'TOKEN_STORE_UNAVAILABLE', detail: { reason: 'DeadlineExceeded' } }
    await expect(table.get(pk, over)).rejects.toMatchObject(refusal)
    await expect(table.change(pk, { set: { a: 1 } }, over)).rejects.toMatchObject(refusal)
    await expect(table.remove(pk, {}, over)).rejects.toMatchObject(refusal)
    await expect(table.count(pk, 1, over)).rejects.toMatchObject(refusal)
    await expect(everyItem(table.listed(list, 1, over))).rejects.toMatchObject(refusal)
    expect(await item()).toBeUndefined()
  })
})

const key = fc.constantFrom('a', 'b', 'c')
const listName = fc.constantFrom('x', 'y')
const time = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-0, 0.5, 1e-5, 1_790_000_000_000))
const value = fc.oneof(time, fc.constantFrom('', '0', 'é'))
const ifSeen = fc.record({ v: fc.option(value, { nil: undefined }), w: value }, { requiredKeys: [] })
const set = fc.record(
  // always something: dynalite, unlike DynamoDB, makes an item when a change only removes from none
  { n: value, v: fc.option(value, { nil: undefined }), w: value, listedIn: listName, listedAt: time },
  { requiredKeys: ['n'] },
)
const remove = fc.subarray(['u', 'count', 'sweepAt'])
const operation = fc.oneof(
  fc.record({ do: fc.constant('get' as const), key }),
  fc.record({ do: fc.constant('change' as const), key, set, remove, ifSeen }),
  fc.record({ do: fc.constant('unlist' as const), key }),
  fc.record({ do: fc.constant('remove' as const), key, ifSeen }),
  fc.record({ do: fc.constant('count' as const), key, sweepAt: fc.nat() }),
  fc.record({ do: fc.constant('listed' as const), list: listName, until: time }),
)

type Step = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Does it, with keys and lists of this run alone. Items of one moment come in any order: by key, then. */
const run = (table: Table, name: string, step: Step) => {
  if (step.do === 'listed') {
    return everyItem(table.listed(name + step.list, step.until, deadline)).then((items) => {
      const times = items.map(({ listedAt }) => Number(listedAt))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      return items.toSorted((a, b) => (String(a['pk']) < String(b['pk']) ? -1 : 1))
    })
  }
  const pk = name + step.key
  if (step.do === 'get') return table.get(pk, deadline)
  if (step.do === 'remove') return table.remove(pk, step.ifSeen, deadline)
  if (step.do === 'count') return table.count(pk, step.sweepAt, deadline)
  if (step.do === 'unlist') return table.change(pk, { set: { n: 1 }, remove: ['listedIn'] }, deadline)
  const { listedIn, ...rest } = step.set
  const change = { set: { ...rest, ...(listedIn && { listedIn: name + listedIn }) }, remove: step.remove }
  return table.change(pk, { ...change, ifSeen: step.ifSeen }, deadline)
}

describe('the table in memory', () => {
  it('answers any sequence of calls as DynamoDB does', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (steps) => {
        runs += 1
        const name = `run ${runs} `
        const memory = memoryTable()
        for (const step of steps) {
          expect(await run(memory, name, step)).toEqual(await run(dynamo, name, step))
        }
        for (const pk of ['a', 'b', 'c'].map((last) => name + last)) {
          expect(await memory.get(pk, deadline)).toEqual(await dynamo.get(pk, deadline))
        }
      }),
      { numRuns: 60 },
    )
  })
})
