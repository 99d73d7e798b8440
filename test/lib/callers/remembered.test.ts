import { beforeEach, describe, expect, it } from 'vitest'
import type { CallerItems } from '../../../lib/callers/dynamodb.ts'
import type { CallerItem } from '../../../lib/callers/items.ts'
import { rememberedCallers } from '../../../lib/callers/remembered.ts'

const AMPLE = { remainingMs: () => 5_000 }
const REMEMBERED_MS = 500

let at: number
let reads: string[]
let stored: Map<string, string>
let items: CallerItems
/** What a read of the table does before it answers. */
let reading: () => Promise<void>

beforeEach(() => {
  at = 0
  reads = []
  stored = new Map([['key#a', 'A']])
  reading = async () => undefined
  items = rememberedCallers(
    {
      read: async (pk): Promise<CallerItem | undefined> => {
        reads.push(pk)
        await reading()
        const text = stored.get(pk)
        return text === undefined ? undefined : { text }
      },
    },
    () => new Date(at),
  )
})
const read = async (pk = 'key#a') => (await items.read(pk, AMPLE))?.text

describe('lib/callers/remembered', () => {
  it('remembers an item for less than 500 ms, and then sees that it is gone', async () => {
    expect(await read()).toBe('A')
    stored.clear()
    at += REMEMBERED_MS - 1
    expect(await read()).toBe('A')
    at += 1
    expect(await read()).toBeUndefined()
    expect(reads).toHaveLength(2)
  })

  it('remembers as long that there is none: whoever tries one key again and again costs two reads a second', async () => {
    for (const ms of [0, 100, 399]) {
      at += ms
      expect(await read('key#b')).toBeUndefined()
    }
    expect(reads).toHaveLength(1)
    stored.set('key#b', 'B')
    at += 1
    expect(await read('key#b')).toBe('B')
  })

  it('counts from before the read: a slow answer is remembered for less', async () => {
    reading = async () => {
      at += REMEMBERED_MS - 1
    }
    await read()
    at += 1
    await read()
    expect(reads).toHaveLength(2)
  })

  it('lets reads of one item at the same time share one, and of two not', async () => {
    expect(await Promise.all([read(), read(), read('key#b')])).toEqual(['A', 'A', undefined])
    expect(reads).toEqual(['key#a', 'key#b'])
  })

  it('lets nobody join a read that began 500 ms ago: a sandbox may have been frozen with it', async () => {
    const thawed = Promise.withResolvers<void>()
    reading = () => thawed.promise
    const frozen = read()
    reading = async () => undefined
    at += REMEMBERED_MS - 1
    const joined = read()
    at += 1
    stored.set('key#a', 'A2')
    expect(await read()).toBe('A2')
    thawed.resolve()
    expect([await frozen, await joined]).toEqual(['A2', 'A2'])
    expect(reads).toHaveLength(2)
  })

  it('remembers no failure, and serves nothing old during one', async () => {
    await read()
    at += REMEMBERED_MS
    reading = () => Promise.reject(new Error('away'))
    await expect(read()).rejects.toThrow('away')
    reading = async () => undefined
    expect(await read()).toBe('A')
  })

  it('ends at the deadline of whoever asks', async () => {
    reading = () => new Promise(() => undefined)
    await expect(items.read('key#a', { remainingMs: () => 1 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
  })

  it('gives the same object for the same text, and another one for another', async () => {
    const first = await items.read('key#a', AMPLE)
    at += REMEMBERED_MS
    expect(await items.read('key#a', AMPLE)).toBe(first)
    at += REMEMBERED_MS
    stored.set('key#a', 'A2')
    expect(await items.read('key#a', AMPLE)).not.toBe(first)
  })

  it('forgets rather than grows without bound: by the number of items, unknown ones too, and by their texts', async () => {
    await read()
    for (let n = 0; n < 999; n++) await read(`key#${n}`)
    await read()
    expect(reads).toHaveLength(1_000)
    await read('key#1000')
    await read()
    expect(reads).toHaveLength(1_002)

    const long = 'x'.repeat(400_000)
    for (let n = 0; n < 21; n++) stored.set(`issuer#${n}`, long)
    const before = reads.length
    for (let n = 0; n < 20; n++) await read(`issuer#${n}`)
    await read('issuer#1')
    expect(reads.length - before).toBe(20)
    await read('issuer#20')
    await read('issuer#20')
    await read('issuer#0')
    expect(reads.length - before).toBe(22)
  })
})
