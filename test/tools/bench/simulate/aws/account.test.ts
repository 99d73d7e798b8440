import { describe, expect, it } from 'vitest'
import { lambdaAccount, Throttled } from '../../../../../tools/bench/simulate/aws/account.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'
import { outcomes } from '../../../../../tools/bench/simulate/outcomes.ts'

const START_MS = 100

interface Case {
  readonly executions?: number
  readonly reserved?: number
}

const world = ({ executions, reserved }: Case = {}) => {
  const clock = virtualClock()
  const account = lambdaAccount(clock, executions)
  const deploy = (own?: number) => {
    let made = 0
    const newSandbox = () => made++
    return account.deploy({ startMs: START_MS, newSandbox, ...(own !== undefined && { reserved: own }) })
  }
  const count = outcomes(clock)
  const first = deploy(reserved)
  const second = deploy()
  const begin = (calls: number, { of = first, ms = 10_000 } = {}): void => {
    for (let n = 0; n < calls; n++)
      clock.start(async () => void (await count.refusalOf(() => of.call(() => clock.pause(ms)))))
  }
  return { clock, first, second, begin, count, deploy }
}

describe('tools/bench/simulate/aws/account', () => {
  it('runs 1,000 calls at once in all functions together, and refuses what comes beyond', async () => {
    const { clock, first, second, begin } = world()
    begin(600)
    begin(600, { of: second })
    await clock.run(1_000)
    expect([first.figures().throttled, second.figures().throttled]).toEqual([0, 200])
  })

  it('keeps a reservation for its function, takes it from all others, and lets that function have no more', async () => {
    const { clock, first, second, begin } = world({ reserved: 100 })
    begin(1_000, { of: second })
    begin(150)
    await clock.run(1_000)
    expect([first.figures().throttled, second.figures().throttled]).toEqual([50, 100])
  })

  it('starts 1,000 sandboxes of a function at once, then 100 a second', async () => {
    const { clock, first, begin } = world({ executions: 5_000 })
    begin(1_500, { ms: 60_000 })
    await clock.run(1)
    expect(first.figures().throttled).toBe(500)
    await clock.run(1_001)
    begin(150, { ms: 60_000 })
    await clock.run(1_002)
    expect(first.figures()).toMatchObject({ throttled: 550, mostAtOnce: 1_100 })
  })

  it('takes ten calls a second for each execution, however short they are', async () => {
    const { clock, first, begin } = world({ executions: 10 })
    for (let ms = 0; ms < 1_000; ms += 5) {
      await clock.run(ms)
      begin(1, { ms: 1 })
    }
    await clock.run(2_000)
    expect(first.figures().throttled).toBeGreaterThan(0)
    expect(first.figures().mostAtOnce).toBeLessThanOrEqual(10)
  })

  it('uses the sandbox again that was used last, which then needs no start', async () => {
    const { clock, first } = world()
    const seen: unknown[] = []
    for (const _ of [1, 2])
      clock.start(async () => {
        await first.call(async (sandbox) => seen.push([sandbox, clock.elapsed()]))
        await first.call(async (sandbox) => seen.push([sandbox, clock.elapsed()]))
      })
    await clock.run(1_000)
    expect(seen).toEqual([0, 1, 1, 0].map((sandbox) => [sandbox, START_MS]))
    expect(first.figures().sandboxes).toBe(2)
  })

  it('throws Throttled, and has room again once a call has ended or failed', async () => {
    const { clock, first } = world({ executions: 1 })
    const failing = first.call(() => clock.pause(10).then(() => Promise.reject(new Error('own'))))
    await expect(first.call(async () => 0)).rejects.toBeInstanceOf(Throttled)
    await Promise.all([expect(failing).rejects.toThrow('own'), clock.run(1_000)])
    await expect(first.call(async () => 'done')).resolves.toBe('done')
  })
})
