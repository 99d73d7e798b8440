import { beforeEach, describe, expect, it } from 'vitest'
import type { CircuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import {
  type BreakerWorld,
  backOff,
  breakerWorld,
  CEC,
  check,
  deadline,
  MINUTE_MS,
  OIAP,
  probers,
  refuse,
  SECOND_MS,
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

/** Whether anybody may show OIAP the credentials, now or in an hour. */
const isBlocked = async (): Promise<boolean> => {
  const now = await probers([one, other, world.sandbox()], OIAP)
  world.at += 60 * MINUTE_MS
  return now + (await probers([one, other, world.sandbox()], OIAP)) === 0
}

describe('lib/circuit-breaker/circuit-breaker: a success that comes late', () => {
  it('lifts no block that came in the same sandbox while it was under way', async () => {
    const late = one.begin(OIAP)
    await refuse(one, OIAP)
    await one.recordSuccess(late, deadline)
    expect(await isBlocked()).toBe(true)
  })

  it('lifts no block of another sandbox that this one has looked up since', async () => {
    const late = one.begin(OIAP)
    await refuse(other, OIAP)
    expect(await check(one, OIAP)).toBeDefined()
    await one.recordSuccess(late, deadline)
    expect(await isBlocked()).toBe(true)
  })

  it('lifts no block of another sandbox that has the same beginning as the pause which it probed', async () => {
    await backOff(one, OIAP)
    world.at += 5 * SECOND_MS
    expect(await check(one, OIAP)).toBeUndefined()
    const late = one.begin(OIAP)
    // the probe stalls until the next one may be made
    world.at += 5 * SECOND_MS
    expect(await check(other, OIAP)).toBeUndefined()
    await refuse(other, OIAP)
    await one.recordSuccess(late, deadline)
    expect(await isBlocked()).toBe(true)
  })

  it('is no leave to try while the table is down', async () => {
    const late = one.begin(OIAP)
    await refuse(one, OIAP)
    await one.recordSuccess(late, deadline)
    world.isDown = true
    expect(await check(one, OIAP)).toBeDefined()
  })

  it('ends no pause that came while it was under way: the next probe does', async () => {
    const late = one.begin(CEC)
    await backOff(one)
    await one.recordSuccess(late, deadline)
    expect(await probers([one, other])).toBe(0)
    world.at += 5 * SECOND_MS
    expect(await check(one)).toBeUndefined()
    await succeed(one)
    expect(world.table.dump()).toEqual([])
  })

  it('lifts what was known when it began, however long it took', async () => {
    await backOff(one, OIAP)
    world.at += 5 * SECOND_MS
    expect(await check(one, OIAP)).toBeUndefined()
    const begun = one.begin(OIAP)
    world.at += 4 * SECOND_MS
    // others look meanwhile, and change nothing
    expect(await probers([one, other], OIAP)).toBe(0)
    await one.recordSuccess(begun, deadline)
    expect(world.table.dump()).toEqual([])
    expect(await check(one, OIAP)).toBeUndefined()
  })
})
