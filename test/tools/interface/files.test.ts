import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FILES } from '../../../tools/interface/files.ts'

const ROOT = `${import.meta.dirname}/../../..`

describe('tools/interface/files', () => {
  it.each(Object.entries(FILES()).map(([path, text]) => [relative(ROOT, path), path, text]))(
    '%s is what the schemas and descriptors make of it: npm run interface',
    (_, path, text) => {
      // Not toBe: the difference of two long texts takes a minute to print.
      expect(readFileSync(path, 'utf8') === text).toBe(true)
    },
  )
})
