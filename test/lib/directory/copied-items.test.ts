import { describe, expect, it } from 'vitest'
import { copiedItems } from '../../../lib/directory/copied-items.ts'
import { copiesOf, revokedKeyKey, tenantKey } from '../../../lib/directory/items.ts'
import { seededRandom } from '../../../tools/bench/simulate/random.ts'
import { AMPLE } from './fake-table.ts'

const KEY = revokedKeyKey('kid-1')
const COPIES = copiesOf(KEY)
const TENANT = tenantKey('1')

/** A table of these keys, which notes what it was asked for. */
const world = (held: readonly string[] = [], random = () => 0.5) => {
  const holding = new Set(held)
  const asked: string[] = []
  const items = copiedItems(
    {
      read: async (keys) => {
        asked.push(...keys)
        return new Map(keys.filter((key) => holding.has(key)).map((key) => [key, { pk: key }]))
      },
    },
    random,
  )
  const finds = async (...keys: string[]) => [...(await items.read(keys, AMPLE)).keys()]
  return { holding, asked, finds }
}

describe('lib/directory/copied-items', () => {
  it('asks for a revoked key’s first copy at first, and from then on for any, under one name', async () => {
    const draws = [0, 0.5, 0.999]
    const { asked, finds } = world([], () => draws.shift() ?? 0)
    for (const _ of [1, 2, 3, 4]) expect(await finds(KEY)).toEqual([])
    expect(asked).toEqual([COPIES[0], COPIES[0], COPIES[8], COPIES[15]])
  })

  it('finds by its own key an item of which nobody has written copies', async () => {
    const { finds } = world([KEY])
    expect(await finds(KEY)).toEqual([KEY])
  })

  it('keeps what was found, whatever any other copy says', async () => {
    const { holding, finds } = world([KEY])
    expect(await finds(KEY)).toEqual([KEY])
    holding.clear()
    expect(await finds(KEY)).toEqual([KEY])
  })

  it('finds by any copy what was revoked after the first question', async () => {
    const { holding, finds } = world()
    expect(await finds(KEY)).toEqual([])
    for (const copy of COPIES) holding.add(copy)
    expect(await finds(KEY)).toEqual([KEY])
  })

  it('asks for all other items as they are, each time', async () => {
    const { asked, finds } = world([TENANT])
    expect(await finds(TENANT, KEY)).toEqual([TENANT])
    expect(await finds(TENANT)).toEqual([TENANT])
    expect(asked).toEqual([TENANT, KEY, TENANT])
  })

  it('spreads the reads of a key evenly over enough copies for a whole table', async () => {
    const { asked, finds } = world([], seededRandom(1))
    await finds(KEY)
    for (let n = 0; n < 16_000; n++) await finds(KEY)
    const counts = COPIES.map((copy) => asked.slice(1).filter((key) => key === copy).length)
    expect(Math.max(...counts) * (40_000 / 16_000)).toBeLessThan(3_000)
  })
})
