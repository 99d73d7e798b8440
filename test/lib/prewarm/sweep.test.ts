import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { type Candidate, startSweep } from '../../../lib/prewarm/sweep.ts'
import { type ListedSecret, type SecretList, SecretSourceError } from '../../../lib/secrets/source.ts'
import type { Table } from '../../../lib/table/table.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const PREFIX = 'cec-token-bridge/test'
const HOUR_MS = 3_600_000
const deadline = { remainingMs: () => 5_000 }

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')
let at: number
let table: MemoryTable
let secrets: ListedSecret[]
let lists: number

beforeEach(() => {
  at = STARTED_AT
  table = memoryTable()
  secrets = []
  lists = 0
})

/** In pages of two, as Secrets Manager gives them in pages of a hundred. */
const list: SecretList = async function* (namePrefix) {
  lists += 1
  const found = secrets.filter(({ name }) => name.startsWith(namePrefix))
  for (let from = 0; from < found.length; from += 2) yield found.slice(from, from + 2)
}
const put = (rest: string, changedAt = at) => {
  secrets = [
    ...secrets.filter(({ name }) => name !== `${PREFIX}/${rest}`),
    { name: `${PREFIX}/${rest}`, changedAt },
  ]
}
const start = (changes: { table?: Table; list?: SecretList } = {}) =>
  startSweep(
    { table, list, prefix: PREFIX, systems: ['cec', 'oiap'], now: () => new Date(at), ...changes },
    deadline,
  )
/** A whole sweep: what it found, or undefined when none was due. */
const sweep = async (isDone = true): Promise<readonly Candidate[] | undefined> => {
  const started = await start()
  await started?.finish(isDone)
  return started?.candidates
}

describe('lib/prewarm/sweep: startSweep', () => {
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
    const long = await start()
    at += 60_000
    await long?.finish(true)
    at += HOUR_MS - 60_000
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
    const both = await Promise.all([start(), start()])
    expect(both.map((one) => one !== undefined)).toEqual([true, false])
    expect(lists).toBe(1)
    expect(await start()).toBeUndefined()
  })

  it('is another’s after two minutes when its sandbox has died', async () => {
    put('tenants/t1/cec')
    expect(await start()).toBeDefined()
    at += 119_999
    expect(await start()).toBeUndefined()
    at += 1
    expect(await sweep()).toEqual([{ system: 'cec', tenantSpaceId: 't1' }])
  })

  it('is ended by whoever has it now: one that was thought dead ends nothing', async () => {
    const thoughtDead = await start()
    at += 120_000
    const second = await start()
    await thoughtDead?.finish(true)
    expect(table.dump()[0]?.['sweptAt']).toBeUndefined()
    expect(await start()).toBeUndefined()
    await second?.finish(true)
    expect(table.dump()[0]).toMatchObject({ sweptAt: at })
  })

  it('is done anew by the next run when it was not finished', async () => {
    put('tenants/t1/cec', 0)
    const all = [{ system: 'cec', tenantSpaceId: 't1' }]
    expect(await sweep(false)).toEqual(all)
    expect(await sweep(false)).toEqual(all)
    expect(await sweep(true)).toEqual(all)
    expect(await sweep()).toBeUndefined()
  })

  it('forgets nothing of the last finished one when a later one was not', async () => {
    put('tenants/t1/cec', 0)
    await sweep()
    at += HOUR_MS
    put('tenants/t2/cec')
    expect(await sweep(false)).toEqual([{ system: 'cec', tenantSpaceId: 't2' }])
    at += HOUR_MS
    expect(await sweep()).toEqual([{ system: 'cec', tenantSpaceId: 't2' }])
  })

  it('throws when the secrets cannot be listed, and is done anew after its two minutes', async () => {
    const denied: SecretList = async function* () {
      yield []
      throw new SecretSourceError('final', 'AccessDeniedException')
    }
    await expect(start({ list: denied })).rejects.toMatchObject({ reason: 'AccessDeniedException' })
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
    await expect(start({ table: down })).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(lists).toBe(0)
  })
})
