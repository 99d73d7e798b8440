import { describe, expect, it } from 'vitest'
import { withoutOptions } from '../../../../tools/local/playground/without-options.ts'

describe('tools/local/playground/without-options', () => {
  it.each([
    [
      'Too early: a. Run this again after 10:00:00.5Z; for a leaked key, see --compromised.',
      'Too early: a. Run this again after 10:00:00.5Z.',
    ],
    ['A rotation has not finished. To give it up, add --begin-anew.', 'A rotation has not finished.'],
    ['A rotation -- the second -- failed; wait.', 'A rotation -- the second -- failed; wait.'],
  ])('makes of %j a text without an option', (text, without) => {
    expect(withoutOptions(text)).toBe(without)
  })
})
