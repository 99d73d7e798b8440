import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lengthPrefixed } from '../../../lib/schemas/length-prefixed.ts'

describe('lib/schemas/length-prefixed', () => {
  it.each([
    [['user', '202007159031', '10010001'], '4:user12:2020071590318:10010001'],
    [['a', ''], '1:a0:'],
    [['\u{20000}'], '2:\u{20000}'],
  ])('puts the length before each of %j', (fields, key) => {
    expect(lengthPrefixed(...fields)).toBe(key)
  })

  it('gives different lists different keys, whatever they hold', () => {
    const field = fc.string({ unit: fc.constantFrom('1', ':', 'a'), maxLength: 4 })
    const list = fc.array(field, { maxLength: 4 })
    fc.assert(
      fc.property(list, list, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(lengthPrefixed(...one) === lengthPrefixed(...other)).toBe(isSame)
      }),
    )
  })
})
