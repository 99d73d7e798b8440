import { beforeEach, describe, expect, it } from 'vitest'
import { type SingleFlight, singleFlight } from '../../../lib/concurrency/single-flight.ts'
import { BridgeError, type ErrorCode } from '../../../lib/errors.ts'
import { joinOrStart } from '../../../lib/token-cache/joined-flight.ts'

/** What every wait for a vendor keeps back for its answer. */
const ANSWER_RESERVE_MS = 1_000
const LONG = { remainingMs: () => 5_000 }

let flights: SingleFlight<string>
let starts: PromiseWithResolvers<string>[]
beforeEach(() => {
  flights = singleFlight()
  starts = []
})
const start = () => {
  const run = Promise.withResolvers<string>()
  starts.push(run)
  return run.promise
}
const join = (deadline = LONG) => joinOrStart(flights, { key: 'a', start }, deadline)
const failed = (code: ErrorCode) => new BridgeError(code, 'failed')

describe('lib/token-cache/joined-flight', () => {
  it('starts one run, which who comes next joins', async () => {
    const both = Promise.all([join(), join()])
    starts[0]?.resolve('token')
    expect(await both).toEqual(['token', 'token'])
    expect(starts).toHaveLength(1)
  })

  it('lets who joins wait until a second before its deadline, and then says that the vendor is late', async () => {
    const starter = join()
    const short = { remainingMs: () => ANSWER_RESERVE_MS + 20 }
    await expect(join(short)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    starts[0]?.resolve('token')
    expect(await starter).toBe('token')
  })

  it('is begun again, by who has time left, when its starter had none', async () => {
    const both = Promise.allSettled([join(), join()])
    starts[0]?.reject(failed('UPSTREAM_TIMEOUT'))
    await new Promise((resolve) => setImmediate(resolve))
    starts[1]?.resolve('token')
    expect(await both).toMatchObject([
      { reason: { code: 'UPSTREAM_TIMEOUT' } },
      { status: 'fulfilled', value: 'token' },
    ])
  })

  it('is not begun again by who has no time left either', async () => {
    let leftMs = LONG.remainingMs()
    const both = Promise.allSettled([join(), join({ remainingMs: () => leftMs })])
    leftMs = ANSWER_RESERVE_MS
    starts[0]?.reject(failed('UPSTREAM_TIMEOUT'))
    expect(await both).toMatchObject([
      { reason: { code: 'UPSTREAM_TIMEOUT' } },
      { reason: { code: 'UPSTREAM_TIMEOUT' } },
    ])
    expect(starts).toHaveLength(1)
  })

  it('is not begun again after what the vendor said: that is for all', async () => {
    const both = Promise.allSettled([join(), join()])
    starts[0]?.reject(failed('UPSTREAM_CREDENTIAL'))
    expect(await both).toMatchObject([
      { reason: { code: 'UPSTREAM_CREDENTIAL' } },
      { reason: { code: 'UPSTREAM_CREDENTIAL' } },
    ])
    expect(starts).toHaveLength(1)
  })
})
