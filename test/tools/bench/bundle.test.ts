import { describe, expect, it } from 'vitest'
import { largest, partsOf } from '../../../tools/bench/bundle.ts'

describe('tools/bench/bundle', () => {
  it('counts each byte for the package that it was made of', () => {
    const map = {
      version: 3,
      file: 'a.mjs',
      sourceRoot: '',
      names: [],
      sourcesContent: [],
      sources: ['../node_modules/@scope/one/dist/a.js', '../node_modules/two/b.js', '../lib/c.ts'],
      // columns 0, 3 and 5 of the first line: the first source, the second, the third
      mappings: 'AAAA,GCAA,ECAA',
    }
    expect(partsOf('aaabbccccc', map)).toEqual([
      { name: 'own code', bytes: 5 },
      { name: '@scope/one', bytes: 3 },
      { name: 'two', bytes: 2 },
    ])
  })

  it('shows the largest parts, and one for all others', () => {
    const parts = [4, 3, 2, 1].map((bytes) => ({ name: `p${bytes}`, bytes }))
    expect(largest(parts, 2)).toEqual([
      { name: 'p4', bytes: 4 },
      { name: 'p3', bytes: 3 },
      { name: 'others', bytes: 3 },
    ])
    expect(largest(parts, 4)).toEqual(parts)
  })
})
