import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { codeText, lifetime, vendorCode } from '../../../lib/vendors/reply-members.ts'

describe('lib/vendors/reply-members: lifetime', () => {
  it.each([
    [3600, 3600],
    ['3600', 3600],
    [' 3600 ', 3600],
    ['3600.9', 3600],
    [1.5, 1],
    [1, 1],
    [1e15, 1e15],
  ])('reads %j', (given, seconds) => {
    expect(lifetime(1).parse(given)).toBe(seconds)
  })

  it.each([
    0,
    '0',
    -1,
    '-1',
    0.99,
    '0.99',
    Number.POSITIVE_INFINITY,
    Number.NaN,
    '',
    'soon',
    '0x10',
    '1e3',
    null,
    undefined,
    true,
    [3600],
    {},
  ])('takes %j for none', (given) => {
    expect(lifetime(1).parse(given)).toBeUndefined()
  })

  it('measures a second in the unit of the vendor', () => {
    expect([lifetime(1000).parse(999), lifetime(1000).parse(1000)]).toEqual([undefined, 1000])
  })

  it('may be absent from an object', () => {
    expect(z.object({ expireTime: lifetime(1) }).parse({})).toEqual({})
  })
})

describe('lib/vendors/reply-members: vendorCode', () => {
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
