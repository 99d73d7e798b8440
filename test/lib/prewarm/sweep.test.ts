import { beforeEach, describe, expect, it } from 'vitest'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { ALL, isIn, type Share } from '../../../lib/prewarm/share.ts'
import { type Candidate, sweep as lookThrough, type See } from '../../../lib/prewarm/sweep.ts'
import { type ListedSecret, type SecretList, SecretSourceError } from '../../../lib/secrets/source.ts'
import type { Table } from '../../../lib/table/table.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const PREFIX = 'cec-token-bridge/test'
const HOUR_MS = 3_600_000
const AMPLE = { remainingMs: () => 60_000 }

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')
let at: number
let table: MemoryTable
let secrets: ListedSecret[]
let lists: number
/** Where each page began. */
let pages: number[]

beforeEach(() => {
  at = STARTED_AT
  table = memoryTable()
  secrets = []
  lists = 0
  pages = []
})

/** In pages of two, as Secrets Manager gives them in pages of a hundred. */
const list: SecretList = async function* (namePrefix, from = '0') {
  lists += 1
  const found = secrets.filter(({ name }) => name.startsWith(namePrefix))
  for (let at = Number(from); ; at += 2) {
    pages.push(at)
    const next = at + 2 < found.length ? String(at + 2) : undefined
    yield { secrets: found.slice(at, at + 2), next }
    if (next === undefined) return
  }
}
const put = (rest: string, changedAt = at) => {
  secrets = [
    ...secrets.filter(({ name }) => name !== `${PREFIX}/${rest}`),
    { name: `${PREFIX}/${rest}`, changedAt },
  ]
}

interface Changes {
  readonly table?: Table
  readonly list?: SecretList
  readonly share?: Share
  readonly deadline?: Deadline
}
const run = (see: See, { deadline = AMPLE, ...changes }: Changes = {}): Promise<boolean> =>
  lookThrough(
    {
      table,
      list,
      prefix: PREFIX,
      systems: ['cec', 'oiap'],
      share: ALL,
      now: () => new Date(at),
      ...changes,
    },
    see,
    deadline,
  )

/** What a whole sweep found, or undefined when there was nothing to do. Of what it found, the secrets of the `unread` first could not be read. */
const sweep = async (unread = 0, changes: Changes = {}): Promise<readonly Candidate[] | undefined> => {
  const before = lists
  const found: Candidate[] = []
  const see: See = async (candidates) => {
    found.push(...candidates)
    return { left: 0, unread: candidates.slice(0, unread) }
  }
  await run(see, changes)
  return lists === before && found.length === 0 ? undefined : found
}

/** A sweep whose sandbox stands still in the middle of its work, until it is told to go on. */
const standing = async (): Promise<{ readonly end: () => Promise<unknown> }> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const running = run(async () => {
    begun.resolve()
    await promise
    return { left: 0, unread: [] }
  })
  await Promise.race([begun.promise, running])
  return {
    end: () => {
      resolve()
      return running
    },
  }
}

describe('lib/prewarm/sweep', () => {
  it('finds, the first time, each tenant’s systems by the names of their secrets', async () => {
    put('tenants/t1/cec', 0)
    put('tenants/t1/oiap', 0)
    put('tenants/t2/cec', 0)
    expect(await sweep()).toEqual([
      { system: 'cec', tenantSpaceId: 't1' },
      { system: 'oiap', tenantSpaceId: 't1' },
      { system: 'cec', tenantSpaceId: 't2' },
    ])
  })

  it.each([
    'tenants/t1/live',
    'tenants/t1/cec/more',
    'tenants/t1',
    'tenants/t1/',
    'tenants//cec',
    'tenants/not a tenant/cec',
    `tenants/${'a'.repeat(300)}/cec`,
    'tenants/t1/CEC',
    'callers',
  ])('passes over %s, which is none', async (name) => {
    put(name)
    put('tenants/t1/cec')
    expect(await sweep()).toEqual([{ system: 'cec', tenantSpaceId: 't1' }])
  })

  it('is due again an hour after the last one began', async () => {
    expect(await sweep()).toEqual([])
    at += HOUR_MS - 1
    expect(await sweep()).toBeUndefined()
    at += 1
    expect(await sweep()).toEqual([])
    expect(lists).toBe(2)
  })

  it('counts that hour from its beginning, however long it took', async () => {
    put('tenants/t1/cec', 0)
    const long = await standing()
    at += 60_000
    await long.end()
    at += HOUR_MS - 60_001
    expect(await sweep()).toBeUndefined()
    at += 1
    expect(await sweep()).toEqual([])
  })

  it('finds, later on, only secrets that have changed since the last one, less ten minutes of lag', async () => {
    put('tenants/old/cec', at - 600_001)
    put('tenants/lagging/cec', at - 600_000)
    const sweptAt = at
    expect(await sweep()).toHaveLength(2)
    at += HOUR_MS
    put('tenants/new/oiap', sweptAt + 1)
    expect(await sweep()).toEqual([
      { system: 'cec', tenantSpaceId: 'lagging' },
      { system: 'oiap', tenantSpaceId: 'new' },
    ])
    at += HOUR_MS
    expect(await sweep()).toEqual([])
  })

  it('is one sandbox’s of two', async () => {
    put('tenants/t1/cec')
    const both = await Promise.all([sweep(), sweep()])
    expect(lists).toBe(1)
    expect(both.flatMap((found) => found ?? [])).toEqual([{ system: 'cec', tenantSpaceId: 't1' }])
  })

  it('is another’s after two minutes when its sandbox has died', async () => {
    put('tenants/t1/cec')
    await standing()
    at += 119_999
    expect(await sweep()).toBeUndefined()
    at += 1
    expect(await sweep()).toEqual([{ system: 'cec', tenantSpaceId: 't1' }])
  })

  it('is ended by whoever has it now: one that was thought dead ends nothing', async () => {
    put('tenants/t1/cec')
    const thoughtDead = await standing()
    at += 120_000
    const second = await standing()
    await thoughtDead.end()
    expect(table.dump()[0]?.['sweptAt']).toBeUndefined()
    expect(await sweep()).toBeUndefined()
    await second.end()
    expect(table.dump()[0]).toMatchObject({ sweptAt: at })
  })

  it('is followed in each run by those whose secrets could not be read, and by no other', async () => {
    for (const name of ['tenants/t1/cec', 'tenants/t2/cec']) put(name, 0)
    const unread = [{ system: 'cec', tenantSpaceId: 't1' }]
    expect(await sweep(1)).toHaveLength(2)
    for (const still of [1, 0]) {
      at += 60_000
      expect(await sweep(still)).toEqual(unread)
    }
    at += 60_000
    expect(await sweep()).toBeUndefined()
    expect(lists).toBe(1)
  })

  it('leaves those for whom a run had no time to the next one', async () => {
    for (let n = 0; n < 3; n++) put(`tenants/t${n}/cec`, 0)
    await sweep(3)
    const seen: string[] = []
    const one: See = async (candidates) => {
      seen.push(candidates[0]?.tenantSpaceId ?? '')
      return { left: candidates.length - 1, unread: [] }
    }
    for (let runs = 0; runs < 4; runs++) {
      at += 60_000
      expect(await run(one)).toBe(false)
    }
    expect(seen).toEqual(['t0', 't1', 't2'])
  })

  it('forgets nothing of the last finished one when a later one was not', async () => {
    put('tenants/t1/cec', 0)
    await sweep()
    at += HOUR_MS
    put('tenants/t2/cec')
    const found = [{ system: 'cec', tenantSpaceId: 't2' }]
    expect(await sweep(1)).toEqual(found)
    at += HOUR_MS
    // Once as unread, and once by its date.
    expect(await sweep()).toEqual([...found, ...found])
    at += HOUR_MS
    expect(await sweep()).toEqual([])
  })

  it('throws when the secrets cannot be listed, and is done anew after its two minutes', async () => {
    const denied: SecretList = async function* () {
      yield { secrets: [], next: '2' }
      throw new SecretSourceError('final', 'AccessDeniedException')
    }
    await expect(sweep(0, { list: denied })).rejects.toMatchObject({ reason: 'AccessDeniedException' })
    expect(await sweep()).toBeUndefined()
    at += 120_000
    expect(await sweep()).toEqual([])
  })

  it('throws while the table is down, and lists nothing', async () => {
    const down: Table = {
      ...table,
      get: async () => {
        throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down')
      },
    }
    await expect(sweep(0, { table: down })).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(lists).toBe(0)
  })
})

/** So much of a sweep that one run does not get through it: 1,300 tenants on 650 pages. */
const manyTenants = () => {
  for (let n = 0; n < 1_300; n++) secrets.push({ name: `${PREFIX}/tenants/t${n}/cec`, changedAt: 0 })
}

describe('lib/prewarm/sweep: what one run has no time for', () => {
  it('is gone on with by the next, from the page where it stopped: each tenant is seen to', async () => {
    manyTenants()
    const seen = new Set<string>()
    let runs = 0
    const see: See = async (candidates) => {
      const done = candidates.slice(0, 321)
      for (const { tenantSpaceId } of done) seen.add(tenantSpaceId)
      return { left: candidates.length - done.length, unread: [] }
    }
    do {
      runs += 1
      at += 60_000
    } while (await run(see))
    expect([runs, seen.size]).toEqual([5, 1_300])
    expect(pages.filter((page) => page === 0)).toHaveLength(1)
    expect(await sweep()).toBeUndefined()
  })

  it('counts its hour from the first run’s beginning, so that nothing changed meanwhile is missed', async () => {
    manyTenants()
    await run(async ({ length }) => ({ left: length - 1, unread: [] }))
    at += 60_000
    expect(await sweep()).toHaveLength(1_300)
    expect(table.dump()[0]).toMatchObject({ sweptAt: STARTED_AT })
  })

  it('stops listing in time, when nothing is to be done for anybody', async () => {
    manyTenants()
    await sweep()
    at += HOUR_MS
    pages = []
    let leftMs = 10_000
    const short = {
      remainingMs: () => {
        leftMs -= 100
        return leftMs
      },
    }
    const see: See = async () => ({ left: 0, unread: [] })
    expect(await run(see, { deadline: short })).toBe(true)
    const [last = 0] = pages.slice(-1)
    expect(pages.length).toBeLessThan(100)
    expect(await run(see)).toBe(false)
    expect(pages.filter((page) => page === last + 2)).toHaveLength(1)
  })

  it('is followed by those of earlier pages whose secrets could not be read', async () => {
    manyTenants()
    const one: See = async (candidates) => ({
      left: candidates.length - 250,
      unread: candidates.slice(0, 1),
    })
    await run(one)
    expect((await sweep())?.length).toBeLessThan(1_300)
    expect(await sweep()).toEqual([{ system: 'cec', tenantSpaceId: 't0' }])
    expect(await sweep()).toBeUndefined()
  })

  it('is gone on with from the same page after a failure that may pass', async () => {
    manyTenants()
    const until = (failure: SecretSourceError): SecretList =>
      async function* (prefix, from) {
        for await (const page of list(prefix, from)) {
          if (pages.length === 300) throw failure
          yield page
        }
      }
    const throttled = new SecretSourceError('transient', 'ThrottlingException')
    await expect(sweep(0, { list: until(throttled) })).rejects.toBe(throttled)
    at += 120_000
    expect((await sweep())?.length).toBeLessThan(1_300)
    expect(table.dump()[0]).toMatchObject({ sweptAt: STARTED_AT })
  })

  it('begins anew where the list does not take its own mark of a page any more', async () => {
    manyTenants()
    await run(async ({ length }) => ({ left: length - 250, unread: [] }))
    const expired: SecretList = (prefix, from) => {
      if (from !== undefined) throw new SecretSourceError('final', 'InvalidNextTokenException')
      return list(prefix)
    }
    await expect(sweep(0, { list: expired })).rejects.toMatchObject({ reason: 'InvalidNextTokenException' })
    at += 120_000
    expect(await sweep(0, { list: expired })).toHaveLength(1_300)
  })
})

describe('lib/prewarm/sweep: shares', () => {
  it('are swept each for itself, and each tenant’s system is in one', async () => {
    manyTenants()
    const shares = [0, 1, 2].map((share) => ({ share, of: 3 }))
    const found = await Promise.all(shares.map((share) => sweep(0, { share })))
    for (const part of found) expect(part?.length).toBeGreaterThan(300)
    expect(new Set(found.flatMap((part) => part ?? []).map(({ tenantSpaceId }) => tenantSpaceId)).size).toBe(
      1_300,
    )
    expect(found.flat()).toHaveLength(1_300)
    for (const share of shares) expect(await sweep(0, { share })).toBeUndefined()
  })

  it('begin anew with another number of them', async () => {
    put('tenants/t1/cec', 0)
    expect(await sweep()).toHaveLength(1)
    const candidate = { system: 'cec', tenantSpaceId: 't1' } as const
    const share = isIn({ share: 0, of: 2 }, candidate) ? 0 : 1
    expect(await sweep(0, { share: { share, of: 2 } })).toEqual([candidate])
    expect(await sweep(0, { share: { share: 1 - share, of: 2 } })).toEqual([])
  })
})
