import { beforeEach, describe, expect, it } from 'vitest'
import type { CircuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import { BridgeError } from '../../../lib/errors.ts'
import {
  account,
  type BreakerWorld,
  backOff,
  breakerWorld,
  CEC,
  check,
  credential,
  OIAP,
  probers,
  refuse,
  succeed,
} from './breaker-world.ts'

let world: BreakerWorld
let one: CircuitBreaker
let other: CircuitBreaker
beforeEach(() => {
  world = breakerWorld()
  one = world.sandbox()
  other = world.sandbox()
})

describe('lib/circuit-breaker/circuit-breaker', () => {
  describe('with the table down', () => {
    const unavailable = { code: 'TOKEN_STORE_UNAVAILABLE' }

    it.each(['cec', 'live'] as const)('%s is asked as if nothing stood in the way', async (system) => {
      world.isDown = true
      expect(await check(one, account(system))).toBeUndefined()
    })

    it('OIAP is asked only with credentials that this sandbox has succeeded with', async () => {
      world.isDown = true
      await expect(check(one, OIAP)).rejects.toMatchObject(unavailable)
      await succeed(one, OIAP)
      expect(await check(one, OIAP)).toBeUndefined()
      await expect(check(other, OIAP)).rejects.toMatchObject(unavailable)
      await expect(check(one, { ...OIAP, fingerprint: 'another' })).rejects.toMatchObject(unavailable)
    })

    it('OIAP is not asked either where the key of fingerprints cannot be read', async () => {
      const keyless = world.sandbox({
        keyed: async () => {
          throw new BridgeError('SECRET_UNAVAILABLE', 'no key')
        },
      })
      await expect(check(keyless, OIAP)).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
      expect(await check(keyless, CEC)).toBeUndefined()
    })

    it('what this sandbox knows still stands, and lets one through after the pause', async () => {
      await backOff(one)
      world.isDown = true
      expect(await check(one)).toBeDefined()
      world.at += 5_000
      expect(await probers([one, one, one])).toBe(1)
      world.at += 5_000
      expect(await probers([one, one, one])).toBe(1)
    })

    it('a block that cannot be stored holds in this sandbox, and is stored when the table is back', async () => {
      world.isDown = true
      await refuse(one, OIAP)
      expect(await check(one, OIAP)).toBeDefined()
      world.at += 30_000
      expect(await check(one, OIAP)).toBeDefined()
      expect(world.table.dump()).toEqual([])
      world.isDown = false
      expect(await check(other, OIAP)).toBeUndefined()
      world.at += 30_000
      expect(await check(one, OIAP)).toBeDefined()
      expect(await check(other, OIAP)).toBeDefined()
    })

    it('a pause that could not be stored also ends for one at a time', async () => {
      world.isDown = true
      await backOff(one)
      world.isDown = false
      world.at += 5_000
      expect(await probers([one, one, one])).toBe(1)
    })

    it('a block is tried to be stored three times, and no more than there is time for', async () => {
      world.isDown = true
      let pauses = 0
      const counting = world.sandbox({
        pause: async () => {
          pauses += 1
        },
      })
      await refuse(counting)
      expect(pauses).toBe(2)
      await counting.recordFailure(CEC, credential, { remainingMs: () => 1 })
      expect(pauses).toBe(2)
    })

    it('a block is stored by a later try of the three', async () => {
      world.isDown = true
      const healing = world.sandbox({
        pause: async () => {
          world.isDown = false
        },
      })
      await refuse(healing)
      expect(await check(other)).toBeDefined()
    })

    it('a success is no failure: what it could not delete ends by itself', async () => {
      await backOff(one)
      world.isDown = true
      await succeed(one, CEC)
      expect(await check(one)).toBeUndefined()
      world.isDown = false
      expect(world.table.dump()).toHaveLength(1)
    })
  })

  describe('a mistake of ours', () => {
    const broken = () =>
      world.sandbox({
        keyed: async () => {
          throw new TypeError('a mistake')
        },
      })
    it('is not taken for a table that is down', async () => {
      await expect(check(broken(), CEC)).rejects.toThrow('a mistake')
      const by = broken()
      await expect(refuse(by)).rejects.toThrow('a mistake')
      await expect(succeed(by, CEC)).rejects.toThrow('a mistake')
    })
  })
})
