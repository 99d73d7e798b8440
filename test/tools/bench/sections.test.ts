import { describe, expect, it } from 'vitest'
import { withSections } from '../../../tools/bench/sections.ts'

const DOCUMENT = '# A\n\n<!-- one -->\nold\n<!-- /one -->\n\nkept\n\n<!-- two -->\n<!-- /two -->\n'

describe('tools/bench/sections', () => {
  it('are written between their marks, and again over what was written', () => {
    const once = withSections(DOCUMENT, { one: 'new', two: 'more' })
    expect(once).toBe(
      '# A\n\n<!-- one -->\n\nnew\n\n<!-- /one -->\n\nkept\n\n<!-- two -->\n\nmore\n\n<!-- /two -->\n',
    )
    expect(withSections(once, { one: 'new', two: 'more' })).toBe(once)
  })

  it('are refused where the document has none of that name', () => {
    expect(() => withSections(DOCUMENT, { three: 'x' })).toThrow('the document has no section three')
  })
})
