import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import type { Table } from '../../../lib/table/table.ts'
import { type TokenWorld, tokenWorld } from '../../support/token-world.ts'

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

describe('lib/token-cache/waiter: lost answers of the table', () => {
  /** Its changes happen; of the first `times` nobody is told. */
  const lossy = (times: number, tell: () => boolean): Table => {
    let left = times
    return {
      ...world.table,
      change: async (...args) => {
        const isDone = await world.table.change(...args)
        left -= 1
        return left < 0 ? isDone : tell()
      },
    }
  }
  const throwUnavailable = (): never => {
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'lost', { detail: { reason: 'TimeoutError' } })
  }

  it('are no loss: a lease that was ours is found to be, and used', async () => {
    const token = await world.time.run(world.get(world.sandbox({ table: lossy(1, () => false) })))
    expect([world.fetches, token.token, world.item()['generation'], world.codes()]).toEqual([
      1,
      `${world.prefix} 1`,
      1,
      ['MACHINE_TOKEN_FETCHED'],
    ])
  })

  it('are no loss: a token whose writing was not confirmed is found in the table', async () => {
    const token = await world.time.run(world.get(world.sandbox({ table: lossy(2, () => false) })))
    expect([
      world.fetches,
      world.item()['generation'],
      await world.time.run(world.get(world.sandbox())),
    ]).toEqual([1, 1, token])
  })

  it('of the writing are repeated, and the token is stored once', async () => {
    let isWriting = false
    const lost: Table = {
      ...world.table,
      change: async (...args) => {
        const isDone = await world.table.change(...args)
        if (args[1].set?.['sealed'] === undefined || isWriting) return isDone
        isWriting = true
        return throwUnavailable()
      },
    }
    const token = await world.time.run(world.get(world.sandbox({ table: lost })))
    expect([
      world.fetches,
      world.item()['generation'],
      await world.time.run(world.get(world.sandbox())),
    ]).toEqual([1, 1, token])
    expect(world.codes()).toEqual(['MACHINE_TOKEN_FETCHED'])
  })

  it('cost no fetch when the table throws over its lease: it looks again, and finds that it holds it', async () => {
    const token = await world.time.run(world.get(world.sandbox({ table: lossy(1, throwUnavailable) })))
    expect([token.token, world.fetches, world.codes()]).toEqual([
      `${world.prefix} 1`,
      1,
      ['MACHINE_TOKEN_FETCHED'],
    ])
  })
})

describe('lib/token-cache/waiter: an unreadable table', () => {
  it('makes each sandbox ask the vendor itself, and say so in the log', async () => {
    const from = world.sandbox({ table: world.down(['get', 'change']) })
    const [one, other] = [await world.time.run(world.get(from)), await world.time.run(world.get(from))]
    expect([one.token, other.token, world.fetches]).toEqual([`${world.prefix} 1`, `${world.prefix} 2`, 2])
    const which = { system: 'cec', tenantSpaceId: 't1' }
    const each = [
      { level: 'WARN', code: 'TOKEN_STORE_UNAVAILABLE', ...which, reason: 'Down' },
      { level: 'INFO', code: 'MACHINE_TOKEN_FETCHED', ...which },
    ]
    expect(world.lines).toEqual([...each, ...each])
  })

  it.each(['SECRET_UNAVAILABLE', 'SECRET_MALFORMED'] as const)(
    'is also one whose key is %s: its items are of no use',
    async (code) => {
      const noKey = async () => {
        throw new BridgeError(code, 'no key')
      }
      await world.time.run(world.get(world.sandbox({ keyring: noKey })))
      expect([world.fetches, world.lines[0]]).toMatchObject([
        1,
        { code: 'TOKEN_STORE_UNAVAILABLE', reason: code },
      ])
    },
  )

  it('is not one that fails in another way', async () => {
    const broken = async () => {
      throw new TypeError('a mistake')
    }
    await expect(world.time.run(world.get(world.sandbox({ keyring: broken })))).rejects.toThrow('a mistake')
    expect(world.fetches).toBe(0)
  })

  it('costs the one who fetched no more than three tries to store the token', async () => {
    let writes = 0
    const flaky: Table = {
      ...world.table,
      change: (pk, change, deadline) => {
        const isWriting = change.set?.['sealed'] !== undefined
        if (isWriting) writes += 1
        return (isWriting ? world.down(['change']) : world.table).change(pk, change, deadline)
      },
    }
    expect((await world.time.run(world.get(world.sandbox({ table: flaky })))).token).toBe(`${world.prefix} 1`)
    expect([writes, world.codes()]).toEqual([3, ['MACHINE_TOKEN_FETCHED', 'TOKEN_STORE_UNAVAILABLE']])
  })

  it('hides no mistake in writing', async () => {
    const broken: Table = {
      ...world.table,
      change: async (...args) => {
        if (args[1].set?.['sealed'] !== undefined) throw new TypeError('a mistake')
        return world.table.change(...args)
      },
    }
    await expect(world.time.run(world.get(world.sandbox({ table: broken })))).rejects.toThrow('a mistake')
  })
})
