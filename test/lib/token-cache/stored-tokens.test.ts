import { beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../lib/table/table.ts'
import type { Fetch } from '../../../lib/token-cache/service-token.ts'
import { HOUR_MS, SUBJECT, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

describe('lib/token-cache/stored-tokens: the note that a token is in use', () => {
  it('is made at most once in six hours', async () => {
    const long: Fetch = async () => ({
      ...world.made(),
      expiresAt: world.time.now().getTime() + 24 * HOUR_MS,
    })
    await world.time.run(world.get(world.sandbox(), long))
    const usedAt = world.item()['usedAt'] as number
    world.table.resetCounters()
    for (let hours = 1; hours <= 5; hours++) {
      world.time.advance(HOUR_MS)
      await world.time.run(world.get(world.sandbox()))
    }
    expect([world.table.calls().change, world.item()['usedAt']]).toEqual([0, usedAt])
    world.time.advance(HOUR_MS)
    await world.time.run(world.get(world.sandbox()))
    await world.time.run(world.get(world.sandbox()))
    expect([world.table.calls().change, world.item()['usedAt']]).toEqual([1, usedAt + 6 * HOUR_MS])
  })

  it('puts the item back on the list that the schedule took it off', async () => {
    const long: Fetch = async () => ({
      ...world.made(),
      expiresAt: world.time.now().getTime() + 24 * HOUR_MS,
    })
    await world.time.run(world.get(world.sandbox(), long))
    await world.table.change(String(world.item()['pk']), { remove: ['listedIn'] }, world.within(1_000))
    world.time.advance(HOUR_MS)
    await world.time.run(world.get(world.sandbox()))
    expect(world.item()['listedIn']).toBeUndefined()
    world.time.advance(5 * HOUR_MS)
    await world.time.run(world.get(world.sandbox()))
    expect(world.item()['listedIn']).toBe('cec')
  })

  it('hinders nobody when it cannot be made', async () => {
    const long: Fetch = async () => ({
      ...world.made(),
      expiresAt: world.time.now().getTime() + 24 * HOUR_MS,
    })
    const token = await world.time.run(world.get(world.sandbox(), long))
    world.time.advance(6 * HOUR_MS)
    expect(await world.time.run(world.get(world.sandbox({ table: world.down(['change']) })))).toEqual(token)
  })
})

describe('lib/token-cache/stored-tokens: an item that somebody has written to', () => {
  it('counts as empty when it holds another item’s token, and is reported', async () => {
    await world.stored()
    const other = { ...SUBJECT, tenantSpaceId: 't2' }
    await world.time.run(world.sandbox().get({ ...world.request(), subject: other }))
    const [mine, theirs] = world.table.dump() as [Item, Item]
    await world.table.change(String(mine['pk']), { set: { sealed: theirs['sealed'] } }, world.within(1_000))
    world.fetches = 0
    world.lines.length = 0
    expect((await world.time.run(world.get(world.sandbox()))).token).toBe(`${world.prefix} 1`)
    expect([world.fetches, world.lines[0]]).toEqual([
      1,
      { level: 'ERROR', code: 'STORED_TOKEN_REJECTED', system: 'cec', tenantSpaceId: 't1' },
    ])
    world.lines.length = 0
    await world.time.run(world.sandbox().get({ ...world.request(), subject: other }))
    expect([world.fetches, world.lines]).toEqual([1, []])
  })
})

describe('lib/token-cache/stored-tokens: an item whose generation or lease somebody has made something else', () => {
  it.each<[string, Record<string, string | number>]>([
    ['generation that is text', { generation: 'x' }],
    ['lease that is a number', { leaseId: 7 }],
  ])('counts as empty with a %s', async (_, set) => {
    const token = await world.stored()
    await world.table.change(
      String(world.item()['pk']),
      { set: { sealed: 'x', ...set } },
      world.within(1_000),
    )
    expect((await world.time.run(world.get(world.sandbox()))).token).not.toBe(token.token)
  })

  it('counts as empty with a generation of its own', async () => {
    const token = await world.stored()
    await world.table.change(String(world.item()['pk']), { set: { generation: 7 } }, world.within(1_000))
    expect((await world.time.run(world.get(world.sandbox()))).token).not.toBe(token.token)
    expect(world.item()['generation']).toBe(8)
  })
})
