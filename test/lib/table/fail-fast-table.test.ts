import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { failFastTable } from '../../../lib/table/fail-fast-table.ts'
import type { Table } from '../../../lib/table/table.ts'
import { HOUR_MS, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

const LEFT_ALONE_MS = 5_000

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

/** Counts what reaches the table, and times out while it is told to. */
const slow = () => {
  const state = { isSlow: true, reason: 'TimeoutError', calls: 0 }
  const { table, time } = world
  const get: Table['get'] = async (...args) => {
    state.calls += 1
    if (!state.isSlow) return table.get(...args)
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'slow', { detail: { reason: state.reason } })
  }
  return { state, table: failFastTable({ ...table, get }, time.now) }
}

describe('lib/table/fail-fast-table: a table that does not answer', () => {
  it('is left alone for 5 s: others need not wait for it as well', async () => {
    const { state, table: silent } = slow()
    const from = world.sandbox({ table: silent })
    for (let i = 0; i < 3; i++) expect(await world.time.run(world.get(from))).toBeDefined()
    expect(state.calls).toBe(1)
    expect(world.fetches).toBe(3)
    expect(world.lines.map(({ code, reason }) => reason ?? code)).toEqual(
      ['TimeoutError', 'Silent', 'Silent'].flatMap((reason) => [reason, 'MACHINE_TOKEN_FETCHED']),
    )
    state.isSlow = false
    world.time.advance(LEFT_ALONE_MS)
    const token = await world.time.run(world.get(from))
    expect(await world.time.run(world.get(from))).toEqual(token)
    expect(world.fetches).toBe(4)
  })

  it('is left alone until the last of the 5 s, and not longer', async () => {
    const { state, table: silent } = slow()
    await expect(silent.get('pk', world.within(1_000))).rejects.toBeDefined()
    state.isSlow = false
    world.time.advance(LEFT_ALONE_MS - 1)
    await expect(silent.get('pk', world.within(1_000))).rejects.toMatchObject({
      detail: { reason: 'Silent' },
    })
    world.time.advance(1)
    expect(await silent.get('pk', world.within(1_000))).toBeUndefined()
    expect(state.calls).toBe(2)
  })

  it.each<[string, (silent: Table) => Promise<unknown>]>([
    ['changed', (silent) => silent.change('pk', {}, world.within(1_000))],
    ['deleted from', (silent) => silent.remove('pk', {}, world.within(1_000))],
    ['counted in', (silent) => silent.count('pk', 1, world.within(1_000))],
    [
      'added to',
      (silent) =>
        silent.add('pk', { add: { polls: 1 }, sweepAt: 1 }, world.within(1_000)).then(() => 'added'),
    ],
  ])('is not %s either, and is when it answers', async (_, call) => {
    const { state, table: silent } = slow()
    await expect(silent.get('pk', world.within(1_000))).rejects.toMatchObject({
      detail: { reason: 'TimeoutError' },
    })
    await expect(call(silent)).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
      detail: { reason: 'Silent' },
    })
    state.isSlow = false
    world.time.advance(LEFT_ALONE_MS)
    await expect(call(silent)).resolves.toBeDefined()
  })

  it('is still asked for its lists: the schedule has the time', async () => {
    const { table: silent } = slow()
    await expect(silent.get('pk', world.within(1_000))).rejects.toBeDefined()
    for await (const page of silent.listed('cec', 0, world.within(1_000))) expect(page).toEqual([])
  })

  it('is asked again at once after a failure that took no time', async () => {
    const { state, table: silent } = slow()
    state.reason = 'ThrottlingException'
    for (let i = 0; i < 3; i++) await expect(silent.get('pk', world.within(1_000))).rejects.toBeDefined()
    expect(state.calls).toBe(3)
  })

  it('is not left alone for longer by a clock that was set back', async () => {
    const { state, table: silent } = slow()
    await expect(silent.get('pk', world.within(1_000))).rejects.toBeDefined()
    world.time.advance(-HOUR_MS)
    state.isSlow = false
    expect(await silent.get('pk', world.within(1_000))).toBeUndefined()
    expect(state.calls).toBe(2)
  })
})
