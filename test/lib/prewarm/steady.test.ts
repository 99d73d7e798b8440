import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { FAILURE_CLASSES, type FailureClass, UpstreamFailure } from '../../../lib/outbound/failures.ts'
import type { PrewarmSummary } from '../../../lib/prewarm/prewarm.ts'
import { FETCH_MS } from '../../../lib/token-cache/lease.ts'
import { HARD_MS, MINUTE_MS, OIAP, type ScheduleWorld, scheduleWorld } from '../../support/schedule-world.ts'

let world: ScheduleWorld
beforeEach(() => {
  world = scheduleWorld()
})

/** A tenant whose token is due, and whose secret is old: no sweep finds it again meanwhile. */
const tenantDue = async (): Promise<void> => {
  await world.tenantsDue(1)
  for (const secret of world.vault.values()) secret.changedAt = 0
}

/** How late EventBridge starts each run, in milliseconds: never twice the same, and some minutes are short. */
const JITTER = [0, 1_900, -2_400, 40, -3, 2_700, -2_900, 5, 800, -1_200, 2_000, -2_000, 3]

/** Twelve minutes of runs, of which the token dies in the eighth. `between` happens half a minute after each. */
const minutes = async (between = async () => {}): Promise<readonly PrewarmSummary[]> => {
  const startedAt = world.at
  const runs: PrewarmSummary[] = []
  for (const [minute, late] of JITTER.entries()) {
    world.at = Math.max(world.at, startedAt + minute * MINUTE_MS + late)
    runs.push(await world.run())
    world.at = Math.max(world.at, startedAt + minute * MINUTE_MS + 30_000)
    await between()
  }
  return runs
}

/** How long a vendor takes until it has failed. */
const failing =
  (failure: FailureClass, tookMs = 5) =>
  async () => {
    world.at += tookMs
    throw new UpstreamFailure(failure, { retryAfterSeconds: 86_400 })
  }

/** Every way in which a vendor fails, at once and after the longest wait. */
const FAULTS = FAILURE_CLASSES.flatMap((failure) => [[failure, 5] as const, [failure, FETCH_MS] as const])

/** Runs from the one on that begins with less than two minutes of life left. */
const LAST_MINUTES = 6

describe('lib/prewarm: a renewal that fails', () => {
  it.each(FAULTS)(
    'fails in every run while the vendor’s failure is %s (in %i ms), and endangers from two minutes before the end until it is mended',
    async (failure, tookMs) => {
      await tenantDue()
      world.vendor = failing(failure, tookMs)
      const runs = await minutes()
      expect(runs.map(({ failed }) => failed)).toEqual(runs.map(() => 1))
      expect(runs.map(({ endangered }) => endangered)).toEqual(
        runs.map((_run, minute) => (minute >= LAST_MINUTES ? 1 : 0)),
      )
      world.vendor = async () => undefined
      world.put('t0/oiap', { ...OIAP, appKey: 'another' }) // for credentials that were refused
      world.at += MINUTE_MS
      expect(await world.run()).toMatchObject({ refreshed: 1, failed: 0, endangered: 0 })
      world.at += MINUTE_MS
      expect(await world.run()).toMatchObject({ failed: 0, endangered: 0 })
    },
  )

  it('shows refused credentials to the vendor once, however often the schedule looks', async () => {
    await tenantDue()
    world.vendor = failing('credential')
    await minutes()
    expect(world.asked).toEqual(['t0'])
  })

  it('asks a vendor that is down once in a minute', async () => {
    await tenantDue()
    world.vendor = failing('unavailable')
    await minutes()
    expect(world.asked).toHaveLength(JITTER.length)
  })

  it('fails and endangers in every run also while requests fail, of which none puts the schedule off', async () => {
    await tenantDue()
    world.vendor = failing('unavailable')
    const runs = await minutes(async () => {
      for (const _ of Array(14)) {
        await world.request('t0').catch(() => undefined)
        world.at += 2_000
      }
    })
    expect(runs.map(({ failed }) => failed)).toEqual(runs.map(() => 1))
    expect(runs.slice(LAST_MINUTES).map(({ endangered }) => endangered)).toEqual(
      runs.slice(LAST_MINUTES).map(() => 1),
    )
  })

  it('endangers also in a run that finds a request at it', async () => {
    await tenantDue()
    world.at += HARD_MS // long dead
    const answer = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    world.vendor = async () => {
      asked.resolve()
      await answer.promise
    }
    const requested = world.request('t0').catch(() => 'failed')
    await asked.promise
    expect(await world.run()).toMatchObject({ upToDate: 1, failed: 0, endangered: 1 })
    answer.reject(new UpstreamFailure('unavailable', {}))
    expect(await requested).toBe('failed')
    world.vendor = async () => undefined
    expect(await world.run()).toMatchObject({ refreshed: 1, endangered: 0 })
  })

  it('fails and endangers in every run while the table’s key cannot be used', async () => {
    await tenantDue()
    const { ring } = world
    world.ring = () => {
      throw new BridgeError('SECRET_MALFORMED', 'expected a key', {
        detail: { secret: 'test/token-store-key' },
      })
    }
    const runs = await minutes()
    expect(runs.map(({ failed }) => failed)).toEqual(runs.map(() => 1))
    expect(runs.slice(LAST_MINUTES).map(({ endangered }) => endangered)).toEqual(
      runs.slice(LAST_MINUTES).map(() => 1),
    )
    world.ring = ring
    expect(await world.run()).toMatchObject({ refreshed: 1, failed: 0, endangered: 0 })
  })
})
