import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { PLANTED } from '../../../tools/rehearse/planted.ts'

describe('tools/rehearse/planted', () => {
  it.each(PLANTED)('can still be planted: $name', ({ file, before, after }) => {
    const source = readFileSync(join(PROJECT_ROOT, file), 'utf8')
    expect(source.replace(before, after)).not.toBe(source)
  })

  it('has errors for the linter and for the rehearsal', () => {
    expect(new Set(PLANTED.map(({ foundBy }) => foundBy))).toEqual(new Set(['linter', 'rehearsal']))
  })
})
