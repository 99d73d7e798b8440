import { describe, expect, it } from 'vitest'
import { boundedMap } from '../../../lib/concurrency/bounded-map.ts'

const filled = (numbers: readonly number[], most: number) => {
  const map = boundedMap<number, string>(most)
  for (const number of numbers) map.set(number, `value ${number}`)
  return map
}

describe('lib/concurrency/bounded-map', () => {
  it('holds as many as it may', () => {
    const map = filled([1, 2, 3], 3)
    expect([1, 2, 3].map(map.get)).toEqual(['value 1', 'value 2', 'value 3'])
  })

  it('forgets the one that was set longest ago for one more', () => {
    const map = filled([1, 2, 3, 4], 3)
    expect([1, 2, 3, 4].map(map.get)).toEqual([undefined, 'value 2', 'value 3', 'value 4'])
  })

  it('counts one that is set again as new, and forgets nobody for it', () => {
    const map = filled([1, 2, 3, 1], 3)
    expect([1, 2, 3].map(map.get)).toEqual(['value 1', 'value 2', 'value 3'])
    map.set(4, 'value 4')
    expect([1, 2, 3, 4].map(map.get)).toEqual(['value 1', undefined, 'value 3', 'value 4'])
  })

  it('does not count one that is read as new', () => {
    const map = filled([1, 2, 3], 3)
    map.get(1)
    map.set(4, 'value 4')
    expect(map.get(1)).toBeUndefined()
  })

  it('forgets what is deleted, which makes room', () => {
    const map = filled([1, 2, 3], 3)
    map.delete(2)
    map.set(4, 'value 4')
    expect([1, 2, 3, 4].map(map.get)).toEqual(['value 1', undefined, 'value 3', 'value 4'])
  })

  it('lets only those make room that may, the oldest of them first, and says which', () => {
    const evicted: string[] = []
    const map = boundedMap<number, string>(2, {
      mayEvict: (value) => value !== 'in use',
      onEvict: (value) => evicted.push(value),
    })
    map.set(1, 'in use')
    map.set(2, 'idle')
    map.set(3, 'in use')
    expect(evicted).toEqual(['idle'])
    map.set(4, 'in use')
    expect(evicted).toEqual(['idle'])
    expect([1, 2, 3, 4].map(map.get)).toEqual(['in use', undefined, 'in use', 'in use'])
  })
})
