import { beforeEach, describe, expect, it } from 'vitest'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import type { DirectoryItems } from '../../../lib/directory/dynamodb-items.ts'
import { rememberedItems } from '../../../lib/directory/remembered-items.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { AMPLE } from './fake-table.ts'

const REMEMBERED_MS = 500

let at: number
/** What each read asked for. */
let reads: (readonly string[])[]
let items: DirectoryItems

const now = () => new Date(at)

/** Items whose `read` says in which read they came. */
const numbered: DirectoryItems = {
  read: async (keys) => {
    const read = reads.push(keys)
    return new Map(keys.map((key) => [key, { pk: key, read }]))
  },
}

const readOf = async (key: string, from = items, deadline: Deadline = AMPLE) =>
  (await from.read([key], deadline)).get(key)?.['read']

beforeEach(() => {
  at = 0
  reads = []
  items = rememberedItems(numbered, now)
})

/** Reads that end when they are told to, in the order of their beginnings. */
const held = () => {
  const ends: { readonly bring: () => void; readonly fail: (error: Error) => void }[] = []
  const source: DirectoryItems = {
    read: (keys, deadline) =>
      new Promise((resolve, reject) => {
        ends.push({ bring: () => resolve(numbered.read(keys, deadline)), fail: reject })
      }),
  }
  return { ends, remembered: rememberedItems(source, now) }
}

describe('lib/directory/remembered-items: memory', () => {
  it('keeps an item for less than 500 ms', async () => {
    await readOf('a')
    at += REMEMBERED_MS - 1
    expect(await readOf('a')).toBe(1)
    at += 1
    expect(await readOf('a')).toBe(2)
  })

  it('keeps that an item is absent for just as long', async () => {
    const none: DirectoryItems = {
      read: async (keys) => {
        reads.push(keys)
        return new Map()
      },
    }
    const empty = rememberedItems(none, now)
    for (const ms of [0, REMEMBERED_MS - 1, 1]) {
      at += ms
      expect((await empty.read(['a'], AMPLE)).size).toBe(0)
    }
    expect(reads).toHaveLength(2)
  })

  it('remembers each item by its own key: the next question reads only what it does not share', async () => {
    await items.read(['user 1', 'tenant', 'token 1', 'key'], AMPLE)
    const found = await items.read(['user 2', 'tenant', 'token 2', 'key'], AMPLE)
    expect(reads[1]).toEqual(['user 2', 'token 2'])
    expect([...found.values()].map(({ read }) => read)).toEqual([2, 1, 2, 1])
  })

  it('makes no call where all is remembered', async () => {
    await items.read(['a', 'b'], AMPLE)
    await items.read(['b', 'a'], AMPLE)
    expect(reads).toHaveLength(1)
  })

  it('reads the items of one question in one call', async () => {
    await items.read(['a', 'b', 'c'], AMPLE)
    expect(reads).toEqual([['a', 'b', 'c']])
  })

  it('asks again when a clock was set back', async () => {
    await readOf('a')
    at -= REMEMBERED_MS
    expect(await readOf('a')).toBe(2)
  })

  it('counts from before the read: a slow answer is remembered for less', async () => {
    const { ends, remembered } = held()
    const slow = readOf('a', remembered)
    at += REMEMBERED_MS - 1
    ends[0]?.bring()
    expect(await slow).toBe(1)
    expect(await readOf('a', remembered)).toBe(1)
    at += 1
    const next = readOf('a', remembered)
    ends[1]?.bring()
    expect(await next).toBe(2)
  })

  it('forgets rather than grows without bound, what was read longest ago first', async () => {
    for (let n = 0; n <= 4_000; n++) await readOf(`${n}`)
    expect([await readOf('1'), await readOf('4000')]).toEqual([2, 4_001])
    expect(await readOf('0')).toBe(4_002)
  })
})

describe('lib/directory/remembered-items: reads under way', () => {
  it('are shared by all who ask for the same item meanwhile', async () => {
    const { ends, remembered } = held()
    const both = [remembered.read(['a', 'b'], AMPLE), remembered.read(['b', 'c'], AMPLE)]
    for (const { bring } of ends) bring()
    await Promise.all(both)
    expect(reads).toEqual([['a', 'b'], ['c']])
  })

  it('are not joined by who asks 500 ms later: what they bring may be older than is promised', async () => {
    const { ends, remembered } = held()
    const first = readOf('a', remembered)
    at += REMEMBERED_MS - 1
    const joined = readOf('a', remembered)
    at += 1
    const own = readOf('a', remembered)
    expect(ends).toHaveLength(2)
    for (const { bring } of ends) bring()
    expect([await first, await joined, await own]).toEqual([1, 1, 2])
  })

  it('bring no absence of what they have not asked for, where they end to be joined while another begins', async () => {
    const ends: (() => void)[] = []
    const source: DirectoryItems = {
      read: (keys, deadline) => {
        if (ends.length === 1) at += 1 // what making a command takes
        return new Promise((resolve) => {
          ends.push(() => resolve(numbered.read(keys, deadline)))
        })
      },
    }
    const remembered = rememberedItems(source, now)
    const first = remembered.read(['revoked-token'], AMPLE)
    at += REMEMBERED_MS - 1
    const second = remembered.read(['user', 'revoked-token'], AMPLE)
    const third = remembered.read(['revoked-token'], AMPLE)
    for (let moment = 0; moment < 10; moment++) {
      for (const end of ends.splice(0)) end()
      await Promise.resolve()
    }
    for (const found of [await first, await second, await third])
      expect([...found.keys()]).toContain('revoked-token')
  })

  it('fail for all who have joined, and are not remembered', async () => {
    const { ends, remembered } = held()
    const both = [readOf('a', remembered), readOf('a', remembered)]
    ends[0]?.fail(new BridgeError('DIRECTORY_UNAVAILABLE', 'down'))
    for (const read of both) await expect(read).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
    const next = readOf('a', remembered)
    ends[1]?.bring()
    expect(await next).toBe(1)
  })

  it('that end at another’s deadline are begun once more by who has time left', async () => {
    const { ends, remembered } = held()
    let leftMs = 5_000
    const first = readOf('a', remembered, { remainingMs: () => leftMs })
    const joined = readOf('a', remembered)
    leftMs = 0
    ends[0]?.fail(new BridgeError('DEADLINE_EXCEEDED', 'late'))
    await expect(first).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await Promise.resolve()
    ends[1]?.bring()
    expect(await joined).toBe(1)
  })

  it('are waited for no longer than the deadline allows', async () => {
    const { remembered } = held()
    const forever = readOf('a', remembered)
    forever.catch(() => undefined)
    const endsAt = performance.now() + 20
    const short = { remainingMs: () => Math.max(0, endsAt - performance.now()) }
    await expect(readOf('a', remembered, short)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})
