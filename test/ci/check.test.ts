import { describe, expect, it } from 'vitest'
import { copiedRuns, countNames, lostRows, missingNames, soleHolders } from '../../.ci/conformance/check.ts'

const SOURCE =
  'Cars\n\nThe makeCar call.\n\n• Table 1 Wheels\n\n1\n\nwheelId\n\nString\n\nUp to 32 letters.\n\nErrors\n\n418: no car'

const row = (place: string, fact: string) => ({ place, fact, ours: '', shownBy: '' })
const ROWS = [
  row('Title, call', 'The call is makeCar.'),
  row('Table 1, wheelId', 'A text.'),
  row('Table 1, length of wheelId', 'At most 32.'),
  row('Errors, 418', 'No car.'),
]

describe('.ci/conformance/check', () => {
  it('misses nothing where each place holds its names', () => {
    expect([missingNames(SOURCE, ROWS), countNames(SOURCE, ROWS)]).toEqual([[], 4])
  })

  it.each([
    [0, [{ heading: 'Table 1', name: 'makeCar' }]],
    [2, [{ heading: 'Table 1', name: '32' }]],
    [3, [{ heading: 'Table 1', name: '418' }]],
  ])('misses a name that row %i alone holds', (index, missing) => {
    expect(missingNames(SOURCE, ROWS.toSpliced(index, 1))).toEqual(missing)
    expect(soleHolders(SOURCE, ROWS)).toContain(ROWS[index])
  })

  it('misses a name that a row of another place holds', () => {
    const rows = ROWS.with(3, row('Errors, one', 'No car.')).with(0, row('Title, call', 'makeCar, 418'))
    expect(missingNames(SOURCE, rows)).toEqual([{ heading: 'Errors', name: '418' }])
  })

  it('counts the rows, so that one whose names others hold is missed too', () => {
    const rest = ROWS.toSpliced(1, 1)
    expect(missingNames(SOURCE, rest)).toEqual([])
    const section = { id: '000', rowCount: 4 }
    expect(lostRows({ ...section, rows: rest })).toEqual(['says "4 rows." and has 3'])
    expect(lostRows({ ...section, rows: ROWS })).toEqual([])
  })

  it('knows a place that the source document does not have', () => {
    expect(missingNames(SOURCE, [...ROWS, row('Table 7, x', 'x')])).toEqual([
      { heading: 'Table 7', name: '(the heading itself)' },
    ])
  })

  it('finds eight words in a row that are copied, whatever stands between them, and not seven', () => {
    const source = 'One two, three\n| four "five" six seven eight.'
    expect(copiedRuns(source, 'And `one` two three | four five six seven eight!')).toEqual([
      'one two three four five six seven eight',
    ])
    expect(copiedRuns(source, 'And two three four five six seven eight')).toEqual([])
    expect(copiedRuns(source, '# one two three four five six seven eight')).toEqual([])
  })
})
