import { describe, expect, it } from 'vitest'
import { markdownTable } from '../../../tools/bench/table.ts'

describe('tools/bench/table', () => {
  it('has text on the left, numbers on the right, and an empty cell for what there is none of', () => {
    const rows = [
      { name: 'a', ratio: 1.5 },
      { name: 'b', ratio: Number.NaN },
    ]
    expect(
      markdownTable(rows, [
        ['', ({ name }) => name],
        ['ratio', ({ ratio }) => ratio.toFixed(2)],
      ]),
    ).toBe('|  | ratio |\n|---|--:|\n| a | 1.50 |\n| b |  |')
  })
})
