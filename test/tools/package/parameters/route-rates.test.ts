import { describe, expect, it } from 'vitest'
import { routeRateFault } from '../../../../tools/package/parameters/route-rates.ts'

const fault = routeRateFault(['jwks', 'chatRelay'])

describe('tools/package/parameters/route-rates', () => {
  it.each(['jwks=1', 'chatRelay=100000'])('takes %s', (entry) => {
    expect(fault(entry)).toBeUndefined()
  })

  it.each([
    'jwks',
    'jwks=',
    'jwks=-1',
    'jwks=01',
    'jwks = 5',
    '=5',
    'jwks=5/s',
    'jwks=1e3',
    'JWKS=5',
    'toString=5',
    'jwks=100001',
  ])('refuses %s', (entry) => {
    expect(fault(entry)).toMatch(/^expected /)
  })
})
