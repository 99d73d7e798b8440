import { describe, expect, it } from 'vitest'
import { codeText, vendorCode } from '../../../lib/vendors/vendor-code.ts'

describe('lib/vendors/vendor-code', () => {
  it.each([
    [200, '200'],
    ['0200', '200'],
    [' 200 ', '200'],
    ['000', '0'],
    ['00a', '00a'],
    ['', ''],
  ])('reads %j as the code %j', (code, text) => {
    expect(codeText(code)).toBe(text)
  })

  it('answers at once to an answer full of zeros that is no number, and to one that is', () => {
    const zeros = '0'.repeat(256 * 1024)
    expect(vendorCode('0').safeParse(`${zeros}x`).success).toBe(false)
    expect(vendorCode('0').safeParse(zeros).success).toBe(true)
  })
})
