import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const DOCS = join(import.meta.dirname, '../../../../docs')
const MOST_BYTES = 200_000
const PNG = '89504e470d0a1a0a'

describe('docs/playground.md', () => {
  it('shows a picture of the playground that weighs little', () => {
    expect(readFileSync(join(DOCS, 'playground.md'), 'utf8')).toMatch(/^!\[[^\]]{20,}\]\(playground\.png\)$/m)
    const picture = readFileSync(join(DOCS, 'playground.png'))
    expect(picture.subarray(0, 8).toString('hex')).toBe(PNG)
    expect(picture.length).toBeLessThan(MOST_BYTES)
  })
})
