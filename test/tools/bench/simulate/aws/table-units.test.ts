import { describe, expect, it } from 'vitest'
import { type TableCapacity, tableUnits } from '../../../../../tools/bench/simulate/aws/table-units.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'

const granted = (count: number, ask: (n: number) => boolean): number =>
  Array.from({ length: count }, (_, n) => ask(n)).filter(Boolean).length

const fresh = (capacity?: TableCapacity) => tableUnits(virtualClock(), capacity)

describe('tools/bench/simulate/aws/table-units', () => {
  it('gives one item 3,000 reads and 1,000 writes in a second, and no other item less for it', () => {
    const units = fresh()
    expect(granted(4_000, () => units.read('hot', 0))).toBe(3_000)
    expect(granted(2_000, () => units.write('hot', 0))).toBe(1_000)
    expect([units.read('other', 0), units.write('other', 0)]).toEqual([true, true])
  })

  it('gives a whole table 40,000 reads and writes in a second, however well its items are spread', () => {
    const units = fresh()
    expect(granted(50_000, (n) => units.read(`item ${n}`, 0))).toBe(40_000)
    expect(granted(50_000, (n) => units.write(`item ${n}`, 0))).toBe(40_000)
  })

  it('gives a new table what it is warm for', () => {
    const units = fresh({ readUnits: 12_000, writeUnits: 4_000 })
    expect(granted(50_000, (n) => units.read(`item ${n}`, 0))).toBe(12_000)
    expect(granted(50_000, (n) => units.write(`item ${n}`, 0))).toBe(4_000)
  })

  it.each([
    [0, 3_000],
    [4_096, 3_000],
    [4_097, 1_500],
  ])('counts a read of %i bytes by pages of 4 KB', (bytes, reads) => {
    const units = fresh()
    expect(granted(4_000, () => units.read('item', bytes))).toBe(reads)
  })

  it('is as it was a second later', async () => {
    const clock = virtualClock()
    const units = tableUnits(clock)
    granted(4_000, () => units.read('hot', 0))
    await clock.run(1_000)
    expect(granted(4_000, () => units.read('hot', 0))).toBe(3_000)
    expect(units.spent()).toEqual({
      readUnits: 6_000,
      writeUnits: 0,
      refused: 2_000,
      hottest: { pk: 'hot', units: 6_000 },
    })
  })
})
