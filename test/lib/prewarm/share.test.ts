import { describe, expect, it } from 'vitest'
import { ALL, isIn, Share } from '../../../lib/prewarm/share.ts'

const tenants = Array.from({ length: 3_000 }, (_, n) => ({ system: 'cec' as const, tenantSpaceId: `t${n}` }))

describe('lib/prewarm/share: isIn', () => {
  it('puts each tenant’s system into one share, evenly', () => {
    const counts = [0, 1, 2].map((share) => tenants.filter((tenant) => isIn({ share, of: 3 }, tenant)).length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3_000)
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(100)
  })

  it('has all in the one share of one', () => {
    expect(tenants.every((tenant) => isIn(ALL, tenant))).toBe(true)
  })
})

describe('lib/prewarm/share: Share', () => {
  it.each([
    [
      'an event of a schedule that says nothing of shares',
      { version: '0', 'detail-type': 'Scheduled Event' },
      ALL,
    ],
    ['a text, with which somebody tries the function', 'now', ALL],
    ['no event', undefined, ALL],
    ['a share', { share: 2, of: 3 }, { share: 2, of: 3 }],
  ])('takes %s', (_, event, share) => {
    expect(Share.parse(event)).toMatchObject(share)
  })

  it.each([
    [
      { share: 3, of: 3 },
      { share: 2, of: 3 },
    ],
    [
      { share: -1, of: 3 },
      { share: 0, of: 3 },
    ],
    [
      { share: 0, of: 0 },
      { share: 0, of: 1 },
    ],
    [
      { share: 0, of: 17 },
      { share: 0, of: 16 },
    ],
    [
      { share: 0.5, of: 2 },
      { share: 1, of: 2 },
    ],
    [
      { share: '0', of: 2 },
      { share: 0, of: 2 },
    ],
  ])('refuses %j and takes %j', (wrong, right) => {
    expect(Share.safeParse(wrong).success).toBe(false)
    expect(Share.safeParse(right).success).toBe(true)
  })
})
