import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../../tools/bench/simulate/clock.ts'
import { PREFIX, tenantId, tenantSecrets } from '../../../../tools/bench/simulate/tenants.ts'

const THROTTLED = { failure: 'transient', reason: 'ThrottlingException' }

describe('tools/bench/simulate/tenants', () => {
  it('gives 10,000 secrets in a second, and refuses the next', async () => {
    const clock = virtualClock()
    const { source } = tenantSecrets(clock, 1)
    const name = `${PREFIX}/tenants/${tenantId(0)}/cec`
    const reads = Array.from({ length: 10_001 }, () => source.read(name, 'AWSCURRENT'))
    const [settled] = await Promise.all([Promise.allSettled(reads), clock.run(1_000)])
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(10_000)
    expect(settled.at(-1)).toMatchObject({ status: 'rejected', reason: THROTTLED })
  })

  it('lists 100 names a page, and refuses pages beyond 100 in a second', async () => {
    const clock = virtualClock()
    const { list } = tenantSecrets(clock, 60, { systems: ['cec', 'oiap'] })
    const sizes: number[] = []
    const listing = async () => {
      for await (const page of list(`${PREFIX}/tenants/`)) sizes.push(page.secrets.length)
    }
    await Promise.all([listing(), clock.run(1_000)])
    expect(sizes).toEqual([100, 20])
    const listings = Array.from({ length: 101 }, () => list(PREFIX)[Symbol.asyncIterator]().next())
    const [settled] = await Promise.all([Promise.allSettled(listings), clock.run(2_000)])
    expect(settled.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: THROTTLED }])
  })
})
