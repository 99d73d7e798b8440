import { describe, expect, it } from 'vitest'
import { parseSources } from '../../../lib/schemas/sources.ts'

describe('lib/schemas/sources: parseSources', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.7', '203.0.114.7'],
    ['198.51.100.7', '198.51.100.7', '198.51.100.8'],
    ['198.51.100.7/32', '198.51.100.7', '198.51.100.6'],
    ['2001:db8::/32', '2001:db8::1', '2001:db9::1'],
    ['2001:db8::1', '2001:db8:0::1', '2001:db8::2'],
    [' 203.0.113.0/24 , 2001:db8::/32', '2001:db8::1', '198.51.100.7'],
    ['203.0.113.0/24, 198.51.100.7, ', '198.51.100.7', '198.51.100.8'],
  ])('reads %s: %s may call, %s may not', (list, inside, outside) => {
    const mayCall = parseSources(list)
    expect({ inside: mayCall?.(inside), outside: mayCall?.(outside) }).toEqual({
      inside: true,
      outside: false,
    })
  })

  it('takes every address for a prefix of 0', () => {
    expect(parseSources('0.0.0.0/0')?.('203.0.113.7')).toBe(true)
  })

  it.each([[undefined], [''], ['localhost'], ['203.0.113.7, 203.0.113.7:80'], ['203.0.113.256']])(
    'lets in no caller from %j, which is no address',
    (address) => {
      const mayCall = parseSources('0.0.0.0/0,::/0')
      expect(mayCall?.(address)).toBe(false)
      expect(mayCall?.('203.0.113.7')).toBe(true)
    },
  )

  it('reads no list as none', () => {
    expect(parseSources(undefined)).toBeUndefined()
  })

  it.each([
    ['an empty text', ''],
    ['an empty entry', '203.0.113.7,,198.51.100.7'],
    ['a comma alone', ','],
    ['a name', 'example.com'],
    ['a prefix over 32', '203.0.113.0/33'],
    ['a prefix over 128', '2001:db8::/129'],
    ['an empty prefix', '203.0.113.0/'],
    ['a negative prefix', '203.0.113.0/-1'],
    ['a mask', '203.0.113.0/255.255.255.0'],
    ['two prefixes', '203.0.113.0/24/24'],
    ['one bad entry among good ones', '203.0.113.0/24,300.0.0.1'],
  ])('reads no list with %s', (_, list) => {
    expect(parseSources(list)).toBeUndefined()
    expect(parseSources('203.0.113.0/24')).toBeDefined()
  })
})
