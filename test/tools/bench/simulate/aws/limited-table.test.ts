import { describe, expect, it } from 'vitest'
import { limitedTable } from '../../../../../tools/bench/simulate/aws/limited-table.ts'
import { tableUnits } from '../../../../../tools/bench/simulate/aws/table-units.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'
import { memoryTable } from '../../../../../tools/bench/simulate/memory-table.ts'

const AMPLE = { remainingMs: () => 5_000 }
const THROTTLED = { code: 'TOKEN_STORE_UNAVAILABLE', detail: { reason: 'ThrottlingException' } }

const world = () => {
  const units = tableUnits(virtualClock())
  return { units, table: limitedTable(memoryTable(), units) }
}

describe('tools/bench/simulate/aws/limited-table', () => {
  it('refuses the writes of one item beyond 1,000 units in a second, and no write of another', async () => {
    const { table } = world()
    for (let n = 0; n < 500; n++) await table.count('hits', 1, AMPLE)
    await expect(table.count('hits', 1, AMPLE)).rejects.toMatchObject(THROTTLED)
    await expect(table.count('other', 1, AMPLE)).resolves.toBe(1)
  })

  it('refuses the reads of one item beyond 3,000 units in a second', async () => {
    const { table } = world()
    for (let n = 0; n < 3_000; n++) await table.get('item', AMPLE)
    await expect(table.get('item', AMPLE)).rejects.toMatchObject(THROTTLED)
    await expect(table.get('other', AMPLE)).resolves.toBeUndefined()
  })

  it('lets one list take no more than 1,000 writes in a second, however many items are written', async () => {
    const { table } = world()
    const write = (n: number, listedIn: string) =>
      table.change(`item ${n}`, { set: { listedIn, listedAt: n } }, AMPLE)
    for (let n = 0; n < 1_000; n++) await write(n, 'cec')
    await expect(write(1_000, 'cec')).rejects.toMatchObject(THROTTLED)
    await expect(write(1_000, 'oiap')).resolves.toBe(true)
  })

  it('counts a page of a list by its bytes', async () => {
    const { table, units } = world()
    for (let n = 0; n < 100; n++)
      await table.change(`item ${n}`, { set: { listedIn: 'l', listedAt: n } }, AMPLE)
    const before = units.spent().readUnits
    for await (const page of table.listed('l', 9_999, AMPLE)) expect(page).toHaveLength(100)
    expect(units.spent().readUnits - before).toBe(8)
  })
})
