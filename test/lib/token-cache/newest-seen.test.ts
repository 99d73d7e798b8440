import { beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../lib/table/table.ts'
import { isOlder } from '../../../lib/token-cache/newest-seen.ts'
import type { ServiceToken } from '../../../lib/token-cache/service-token.ts'
import type { SharedTokens } from '../../../lib/token-cache/shared-tokens.ts'
import { SECOND_MS, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

const MINUTE_MS = 60 * SECOND_MS
const REJECTED = { level: 'ERROR', code: 'STORED_TOKEN_REJECTED', system: 'cec', tenantSpaceId: 't1' }

let world: TokenWorld
let one: SharedTokens
let older: Item
let newer: ServiceToken
beforeEach(async () => {
  world = tokenWorld()
  one = world.sandbox()
  const first = await world.time.run(world.get(one))
  older = world.item()
  world.time.advance(MINUTE_MS)
  newer = (await world.time.run(one.renew(world.request(), first))) as ServiceToken
  world.fetches = 0
  world.lines.length = 0
})

const rejected = () => world.lines.filter(({ code }) => code === 'STORED_TOKEN_REJECTED')
/** What somebody does who may write to the table and has kept what stood there. */
const putBack = (item: Item) => {
  const { pk, ...set } = item
  return world.table.change(String(pk), { set }, world.within(SECOND_MS))
}

describe('lib/token-cache/newest-seen: an older token that is put back over a newer one', () => {
  it('raises the alarm in a sandbox that has seen the newer one, and is not used', async () => {
    await putBack(older)
    const token = await world.time.run(world.get(one))
    expect(rejected()).toEqual([REJECTED])
    expect([world.fetches, token.issuedAt > newer.issuedAt]).toEqual([1, true])
    // what was fetched in its place is seen by all, without a further alarm
    expect([await world.time.run(world.get(one)), rejected()]).toEqual([token, [REJECTED]])
  })

  it('is taken by a sandbox that has seen nothing: the risk that SECURITY.md names', async () => {
    await putBack(older)
    const token = await world.time.run(world.get(world.sandbox()))
    expect([token.issuedAt, rejected(), world.fetches]).toEqual([older['issuedAt'], [], 0])
  })

  it('has a twin: the newer one itself is used, and nothing reported', async () => {
    expect(await world.time.run(world.get(one))).toEqual(newer)
    expect(rejected()).toEqual([])
  })

  it('is not mistaken for an item that begins anew after it was swept or deleted', async () => {
    await world.table.remove(String(older['pk']), {}, world.within(SECOND_MS))
    world.time.advance(MINUTE_MS)
    const other = await world.time.run(world.get(world.sandbox()))
    expect(world.item()['generation']).toBe(1)
    expect([await world.time.run(world.get(one)), rejected()]).toEqual([other, []])
  })
})

describe('lib/token-cache/newest-seen isOlder', () => {
  const newest = { generation: 3, issuedAt: 3_000 }
  it.each([
    ['that is the newest', newest, false],
    ['of a later generation', { generation: 4, issuedAt: 4_000 }, false],
    ['of a later generation by a clock that is behind', { generation: 4, issuedAt: 2_000 }, false],
    ['of an item that began anew', { generation: 1, issuedAt: 4_000 }, false],
    ['of an earlier generation that was issued earlier', { generation: 2, issuedAt: 2_000 }, true],
  ])('of a token %s: %s', (_, mark, expected) => {
    expect(isOlder(mark, newest)).toBe(expected)
    expect(isOlder(mark, undefined)).toBe(false)
  })
})
