import { describe, expect, it } from 'vitest'
import { worked } from './expression.ts'

const VALUES = new Map([
  ['bad', 3],
  ['all', 200],
  ['none', undefined],
])

describe('test/alarms/expression', () => {
  it.each([
    ['100 * bad / all', 1.5],
    ['bad + bad * 2', 9],
    ['(bad + bad) * 2', 12],
    ['FILL(none, 0) + bad', 3],
    ['FILL(bad, 0)', 3],
    ['none + bad', undefined],
    ['IF(bad >= 3, 100 * bad / all, 0)', 1.5],
    ['IF(bad >= 4, 100 * bad / all, 0)', 0],
    ['IF(none >= 4, 1, 0)', undefined],
  ])('works out %s', (expression, result) => {
    expect(worked(expression, VALUES)).toBe(result)
  })

  it.each([
    ['bad - all', 'not understood: bad - all'],
    ['other', 'no value other'],
    ['(bad', 'expected ) in (bad'],
    ['bad all', 'not understood: all in bad all'],
  ])('refuses %s', (expression, message) => {
    expect(() => worked(expression, VALUES)).toThrow(message)
  })
})
