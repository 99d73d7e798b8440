import { describe, expect, it } from 'vitest'
import type { Release } from '../../../tools/bench/packages.ts'
import { type Subject, subjectsOf } from '../../../tools/bench/subject.ts'

const releaseOf = (...names: string[]): Release => ({
  resources: {},
  packaged: (name) =>
    names.includes(name) ? { handler: `${name}.handler`, memoryMegabytes: 512, environment: {} } : undefined,
  unpack: () => undefined,
  bundle: () => ({ code: '', map: '' }),
})
const SUBJECTS: readonly Subject[] = [
  { name: 'empty', is: { fixture: 'empty' }, of: 'old', expectedStatus: 200 },
  { name: 'old', is: { event: 'ok' }, of: 'old', expectedStatus: 200 },
  { name: 'young', is: { event: 'ok' }, of: 'young', expectedStatus: 200 },
]

describe('tools/bench/subject', () => {
  it('are those of this release alone where there is no other', () => {
    expect(subjectsOf(SUBJECTS, { own: releaseOf('old', 'young') })).toEqual(SUBJECTS)
  })

  it('are also the functions that another release has, and no fixture twice', () => {
    const releases = { own: releaseOf('old', 'young'), other: releaseOf('old') }
    expect(subjectsOf(SUBJECTS, releases).map(({ name, before }) => [name, before])).toEqual([
      ['empty', undefined],
      ['old', undefined],
      ['young', undefined],
      ['old, before', 'old'],
    ])
  })
})
