import { beforeEach, describe, expect, it } from 'vitest'
import type { Table } from '../../../lib/table/table.ts'
import { seen } from '../../../lib/token-cache/items.ts'
import type { Fetch, ServiceToken, TokenSubject } from '../../../lib/token-cache/service-token.ts'
import { withoutLeases } from '../../../tools/bench/simulate/leaseless-table.ts'
import { LIFE_MS, SUBJECT, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

describe('lib/token-cache/shared-tokens: get', () => {
  it('asks the vendor once for eight sandboxes at one moment', async () => {
    const all = await world.time.run(Promise.all(Array.from({ length: 8 }, () => world.get(world.sandbox()))))
    expect([new Set(all.map(({ token }) => token)).size, world.fetches]).toEqual([1, 1])
    expect(world.lines).toEqual([
      { level: 'INFO', code: 'MACHINE_TOKEN_FETCHED', system: 'cec', tenantSpaceId: 't1' },
    ])
  })

  it('asks it eight times without leases, and all end with one token: what the lease saves is calls', async () => {
    const all = await world.time.run(
      Promise.all(
        Array.from({ length: 8 }, () => world.get(world.sandbox({ table: withoutLeases(world.table) }))),
      ),
    )
    expect(world.fetches).toBe(8)
    expect([new Set(all.map(({ token }) => token)).size, world.item()['generation']]).toEqual([1, 1])
  })

  it('takes what is stored, without asking anybody', async () => {
    const token = await world.stored(60_000)
    expect(await world.time.run(world.get(world.sandbox()))).toEqual(token)
    expect([world.fetches, world.table.calls()]).toMatchObject([0, { get: 1, change: 0 }])
  })

  it('stores the token sealed, counted and listed, and nothing that a dump could use', async () => {
    const token = await world.stored()
    expect(world.item()).toEqual({
      pk: expect.stringMatching(/^3:cec5:token2:t143:[\w-]{43}3:600$/),
      system: 'cec',
      tenantSpaceId: 't1',
      sealed: expect.any(String),
      generation: 1,
      issuedAt: token.issuedAt,
      expiresAt: token.expiresAt,
      listedIn: 'cec',
      listedAt: token.issuedAt + 336_000,
      usedAt: token.issuedAt,
      sweepAt: Math.ceil(token.expiresAt / 1000) + 7 * 24 * 3600,
    })
    expect(JSON.stringify(world.table.dump())).not.toContain(world.prefix)
  })

  it('fetches anew at the hard limit, as the next generation', async () => {
    const token = await world.stored(LIFE_MS - 30_001)
    expect(await world.time.run(world.get(world.sandbox()))).toEqual(token)
    world.time.advance(1)
    expect((await world.time.run(world.get(world.sandbox()))).token).not.toBe(token.token)
    expect([world.fetches, world.item()['generation']]).toEqual([1, 2])
  })

  it.each<[string, Partial<TokenSubject>]>([
    ['tenant', { tenantSpaceId: 't2' }],
    ['system', { system: 'oiap' }],
    ['credentials', { fingerprint: 'f2' }],
    ['life', { variant: ['1200'] }],
  ])('shares nothing with another %s', async (_, changes) => {
    await world.stored()
    const token = await world.time.run(
      world.sandbox().get({ ...world.request(), subject: { ...SUBJECT, ...changes } }),
    )
    expect([world.fetches, world.table.dump().length]).toEqual([1, 2])
    expect(
      await world.time.run(world.sandbox().get({ ...world.request(), subject: { ...SUBJECT, ...changes } })),
    ).toEqual(token)
    expect(world.fetches).toBe(1)
  })

  it('waits for whoever fetches, and looks again ever more seldom', async () => {
    const holder = world.get(world.sandbox(), world.fetchIn(4_000))
    await world.settle()
    world.table.resetCounters()
    const waiter = await world.time.run(world.get(world.sandbox()))
    expect(waiter).toEqual(await holder)
    expect([world.fetches, world.table.calls()]).toMatchObject([1, { change: 1 }])
    expect(world.table.calls().get).toBeLessThan(15)
  })

  it('gives up in time for an answer when whoever fetches takes too long', async () => {
    world.abandon(world.get(world.sandbox(), world.dead()))
    await world.settle()
    const deadline = world.within(3_000)
    await expect(
      world.time.run(world.sandbox().get(world.request(world.fetch, deadline))),
    ).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
    expect(deadline.remainingMs()).toBeGreaterThanOrEqual(1_000)
    expect(world.fetches).toBe(1)
  })
})

describe('lib/token-cache/shared-tokens: renew', () => {
  const renew = (known: ServiceToken, how: Fetch = world.fetch, from = world.sandbox()) =>
    from.renew(world.request(how), known)

  it('is done by one of many sandboxes; for the others there is nothing newer, and nobody waits', async () => {
    const known = await world.stored(500_000)
    const from = world.time.now().getTime()
    const others = Array.from({ length: 7 }, () => world.sandbox())
    const [renewed, ...rest] = await world.time.run(
      Promise.all([world.sandbox(), ...others].map((one) => renew(known, world.fetch, one))),
    )
    expect([renewed?.token, world.fetches]).toEqual([`${world.prefix} 1`, 1])
    expect(rest).toEqual(Array(7).fill(undefined))
    expect(world.time.now().getTime() - from).toBe(200)
    expect(world.table.calls()).toMatchObject({ get: 8, change: 9 })
  })

  it('leaves alone what somebody else is at', async () => {
    const known = await world.stored(500_000)
    world.abandon(renew(known, world.dead()))
    await world.settle()
    world.table.resetCounters()
    expect(await world.time.run(renew(known))).toBeUndefined()
    expect(world.table.calls()).toMatchObject({ get: 1, change: 0 })
    world.time.advance(10_000)
    expect(await world.time.run(renew(known))).toBeDefined()
  })

  it('takes a newer one that is there already', async () => {
    const known = await world.stored(500_000)
    const newer = await world.time.run(renew(known))
    expect([await world.time.run(renew(known)), world.fetches]).toEqual([newer, 1])
  })

  it('throws what the vendor said, and leaves the old token in the table', async () => {
    const known = await world.stored(500_000)
    await expect(world.time.run(renew(known, world.failIn(10, 'UPSTREAM_THROTTLED')))).rejects.toMatchObject({
      code: 'UPSTREAM_THROTTLED',
    })
    expect(await world.time.run(world.get(world.sandbox()))).toEqual(known)
  })

  it('does nothing but say so while the table is unreadable', async () => {
    const known = await world.stored(500_000)
    expect(
      await world.time.run(renew(known, world.fetch, world.sandbox({ table: world.down(['get']) }))),
    ).toBeUndefined()
    expect([world.fetches, world.codes().at(-1)]).toEqual([0, 'TOKEN_STORE_UNAVAILABLE'])
  })
})

describe('lib/token-cache/shared-tokens: replace', () => {
  const always = {}
  /** At most once a minute over all sandboxes, as for a token that was refused while it was fresh. */
  const forced = {
    isForced: true,
    mayFetch: (at: number | undefined) => at !== undefined && world.time.now().getTime() - at >= 60_000,
  }
  const replace = (
    refused: ServiceToken,
    wanted: object = always,
    how: Fetch = world.fetch,
    from = world.sandbox(),
  ) => from.replace(world.request(how), refused, wanted)

  it('takes another token that is in the table, and asks nobody', async () => {
    const first = await world.stored()
    const second = await world.time.run(replace(first))
    expect([await world.time.run(replace(first)), world.fetches]).toEqual([second, 1])
  })

  it('fetches once for all sandboxes that were refused the same token', async () => {
    const first = await world.stored()
    const all = await world.time.run(Promise.all(Array.from({ length: 6 }, () => replace(first))))
    expect([new Set(all.map((one) => one?.token)), world.fetches]).toEqual([
      new Set([`${world.prefix} 1`]),
      1,
    ])
  })

  it('fetches by force at most once a minute, over all sandboxes', async () => {
    const first = await world.stored()
    const second = (await world.time.run(replace(first, forced))) as ServiceToken
    expect(world.fetches).toBe(1)
    world.time.advance(59_000)
    expect(await world.time.run(replace(second, forced))).toBeUndefined()
    expect(world.fetches).toBe(1)
    world.time.advance(1_000)
    expect(await world.time.run(replace(second, forced))).toBeDefined()
    expect(world.fetches).toBe(2)
  })

  it('counts a forced fetch that failed', async () => {
    const first = await world.stored()
    await expect(
      world.time.run(replace(first, forced, world.failIn(10, 'UPSTREAM_UNAVAILABLE'))),
    ).rejects.toBeDefined()
    expect([await world.time.run(replace(first, forced)), world.fetches]).toEqual([undefined, 1])
  })

  it('does not count a fetch that was not by force', async () => {
    const first = await world.stored()
    const second = (await world.time.run(replace(first))) as ServiceToken
    expect(await world.time.run(replace(second, forced))).toBeDefined()
    expect(world.fetches).toBe(2)
  })

  it('fetches nothing by force while the table is unreadable, and otherwise goes alone', async () => {
    const first = await world.stored()
    const blind = world.sandbox({ table: world.down(['get']) })
    expect([await world.time.run(replace(first, forced, world.fetch, blind)), world.fetches]).toEqual([
      undefined,
      0,
    ])
    expect([
      (await world.time.run(replace(first, always, world.fetch, blind)))?.token,
      world.fetches,
    ]).toEqual([`${world.prefix} 1`, 1])
  })

  it('never gives back the refused token, also not to a holder that stalled and failed', async () => {
    const first = await world.stored()
    const stalled = replace(first, always, world.failIn(15_000, 'UPSTREAM_TIMEOUT'), world.sandbox())
    const failed = Promise.allSettled([stalled])
    await world.settle()
    world.time.advance(10_500)
    world.abandon(replace(first, always, world.failIn(10, 'UPSTREAM_UNAVAILABLE')))
    const [outcome] = await world.time.run(failed)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_TIMEOUT' } })
  })
})

describe('lib/token-cache/shared-tokens: refresh', () => {
  const listed = async () => {
    for await (const page of world.table.listed('cec', world.time.now().getTime(), world.within(1_000))) {
      const [first] = page
      if (first !== undefined) return seen(String(first['pk']), first)
    }
    throw new Error('nothing is due')
  }
  const refresh = (
    from: Awaited<ReturnType<typeof listed>> | undefined,
    how: Fetch = world.fetch,
    by = world.sandbox(),
  ) => by.refresh(world.request(how), from)

  it('renews what is listed, without reading it, and notes no use of it', async () => {
    await world.stored(400_000)
    const usedAt = world.item()['usedAt']
    const due = await listed()
    world.table.resetCounters()
    expect(await world.time.run(refresh(due))).toBe(true)
    expect([world.fetches, world.item()['generation'], world.item()['usedAt']]).toEqual([1, 2, usedAt])
    expect(world.table.calls()).toMatchObject({ get: 0, change: 2 })
  })

  it('is done by one of two that were shown the same list', async () => {
    await world.stored(400_000)
    const due = await listed()
    expect(
      await world.time.run(Promise.all([refresh(due), refresh(due, world.fetch, world.sandbox())])),
    ).toEqual([true, false])
    expect(world.fetches).toBe(1)
  })

  it('does nothing when the list was stale', async () => {
    await world.stored(400_000)
    const due = await listed()
    expect(await world.time.run(refresh(due))).toBe(true)
    expect(await world.time.run(refresh(due))).toBe(false)
    expect(world.fetches).toBe(1)
  })

  it('leaves alone what the list shows as somebody’s, until that lease is over', async () => {
    await world.stored(400_000)
    world.abandon(refresh(await listed(), world.dead()))
    await world.settle()
    expect(await world.time.run(refresh(await listed()))).toBe(false)
    world.time.advance(10_000)
    expect(await world.time.run(refresh(await listed()))).toBe(true)
  })

  it('fetches for a tenant that has none yet, as in use from now on', async () => {
    expect(await world.time.run(refresh(undefined))).toBe(true)
    expect(world.item()).toMatchObject({ generation: 1, usedAt: expect.any(Number) })
    expect(await world.time.run(refresh(undefined))).toBe(false)
    expect(world.fetches).toBe(1)
  })

  it('throws what the vendor said', async () => {
    await expect(
      world.time.run(refresh(undefined, world.failIn(10, 'UPSTREAM_REFUSED'))),
    ).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    })
  })

  it('fetches nothing while the table is unreadable', async () => {
    const blind = world.sandbox({ table: world.down(['get', 'change']) })
    await expect(world.time.run(refresh(undefined, world.fetch, blind))).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
    })
    expect(world.fetches).toBe(0)
  })

  it('gives way to a faster one between the look and the lease', async () => {
    const slow: Table = {
      ...world.table,
      change: async (...args) => {
        await world.table.change(args[0], { set: { leaseId: 'another', leaseUntil: 1 } }, world.within(1_000))
        return world.table.change(...args)
      },
    }
    expect(await world.time.run(refresh(undefined, world.fetch, world.sandbox({ table: slow })))).toBe(false)
    expect(world.fetches).toBe(0)
  })
})

describe('lib/token-cache/shared-tokens: keyOf', () => {
  it('names the item, as a list would', async () => {
    await world.stored()
    expect(await world.sandbox().keyOf(SUBJECT, world.within(1_000))).toBe(world.item()['pk'])
  })
})
