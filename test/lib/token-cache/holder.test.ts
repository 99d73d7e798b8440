import { beforeEach, describe, expect, it } from 'vitest'
import type { Table } from '../../../lib/table/table.ts'
import type { Fetch } from '../../../lib/token-cache/service-token.ts'
import { HOUR_MS, LIFE_MS, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

describe('lib/token-cache/holder: a holder that stalls until others have taken over', () => {
  it('does not replace their newer token by its own, and takes theirs', async () => {
    const stalled = world.get(world.sandbox(), world.fetchIn(15_000), 60_000)
    await world.settle()
    const taken = await world.time.run(world.get(world.sandbox(), world.fetch, 60_000))
    const late = await world.time.run(stalled)
    expect([late, world.fetches, world.item()['generation']]).toEqual([taken, 2, 1])
    expect(await world.time.run(world.get(world.sandbox()))).toEqual(taken)
  })

  it('takes theirs also when its own fetch fails', async () => {
    const stalled = world.get(world.sandbox(), world.failIn(15_000, 'UPSTREAM_TIMEOUT'), 60_000)
    await world.settle()
    const taken = await world.time.run(world.get(world.sandbox(), world.fetch, 60_000))
    expect(await world.time.run(stalled)).toEqual(taken)
    expect(world.item()['failedCode']).toBeUndefined()
  })

  it('fails as its fetch did when the others have no token yet', async () => {
    const stalled = world.get(world.sandbox(), world.failIn(15_000, 'UPSTREAM_TIMEOUT'), 60_000)
    await world.settle()
    const other = world.get(world.sandbox(), world.fetchIn(8_000), 60_000)
    await expect(world.time.run(stalled)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(await world.time.run(other)).toBeDefined()
  })

  it('fails as its fetch did also when nobody can say what the others have', async () => {
    let isDown = false
    const flaky: Table = {
      ...world.table,
      get: (...args) => (isDown ? world.down(['get']) : world.table).get(...args),
    }
    const stalled = world.get(
      world.sandbox({ table: flaky }),
      world.failIn(15_000, 'UPSTREAM_TIMEOUT'),
      60_000,
    )
    await world.settle()
    expect(await world.time.run(world.get(world.sandbox(), world.fetch, 60_000))).toBeDefined()
    isDown = true
    await expect(world.time.run(stalled)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
  })

  it('keeps its own token when the others’ has ended meanwhile', async () => {
    const stalled = world.get(world.sandbox(), world.fetchIn(HOUR_MS), 2 * HOUR_MS)
    await world.settle()
    await world.time.run(world.get(world.sandbox(), world.fetch, 60_000))
    world.fetches = 0
    const late: Fetch = async () => ({ ...world.made(), expiresAt: world.time.now().getTime() + LIFE_MS })
    expect(await world.time.run(stalled)).toMatchObject({ token: `${world.prefix} 1` })
    expect(await world.time.run(world.get(world.sandbox(), late))).toBeDefined()
    expect(world.item()['generation']).toBe(2)
  })
})
