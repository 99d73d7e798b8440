import { describe, expect, it } from 'vitest'
import { preferredWaitSeconds } from '../../../lib/http/prefer.ts'

describe('lib/http/prefer: preferredWaitSeconds', () => {
  it.each([
    ['wait=20', 20],
    ['wait="20"', 20],
    ['WAIT = 20', 20],
    ['respond-async, wait=20', 20],
    ['wait=20; x=1, respond-async', 20],
    ['wait=20, wait=30', 20],
    ['wait=0', 0],
  ])('reads %s', (header, seconds) => {
    expect(preferredWaitSeconds(header)).toBe(seconds)
  })

  it.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=-1',
    'wait=2.5',
    'wait=9999999999',
    'wait=1h',
    'await=20',
    'x-wait=20',
  ])('ignores %s', (header) => {
    expect(preferredWaitSeconds(header)).toBeUndefined()
  })
})
