import { describe, expect, it } from 'vitest'
import type { Measured, Setting } from '../../../../tools/bench/cold/measure.ts'
import { coldMarkdown, coldRows, titleOf } from '../../../../tools/bench/cold/report.ts'
import { EMPTY, FLOOR, USUAL } from '../../../../tools/bench/cold/variants.ts'

const SETTING: Setting = { network: 'tls', share: 'lambda', memoryMegabytes: 512 }

const taking = (name: string, initMs: number, before?: string): Measured => ({
  setting: SETTING,
  variant: { name, ...(before === undefined ? {} : { before }) },
  runs: [1, 0, 2].map((more) => ({
    initMs: initMs + more,
    requestMs: 9,
    requestCpuMs: 3,
    peakMegabytes: 40 + initMs / 10,
  })),
})
const MEASURED = [taking(EMPTY, 40), taking(FLOOR, 90), taking(USUAL, 190), taking('ours', 140)]

describe('tools/bench/cold/report', () => {
  it('holds the median of each against the empty handler, the floor and the usual stack', () => {
    expect(coldRows(MEASURED, SETTING).at(-1)).toEqual({
      variant: 'ours',
      initMs: 141,
      requestMs: 9,
      requestCpuMs: 3,
      totalMs: 150,
      overEmpty: 3,
      overFloor: 1.5,
      overUsual: 0.75,
      overBefore: Number.NaN,
      megabytesMore: 10,
    })
  })

  it('holds a function against the same one of another release', () => {
    const rows = coldRows([...MEASURED, taking('ours, before', 290, 'ours')], SETTING)
    expect(rows.map(({ overBefore }) => overBefore)).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      0.5,
      Number.NaN,
    ])
    expect(coldMarkdown(rows).split('\n')[5]).toContain('| 0.50 |')
    expect(coldMarkdown(coldRows(MEASURED, SETTING))).not.toContain('before')
  })

  it('leaves out what was measured in another circumstance', () => {
    const other: Setting = { ...SETTING, share: 'full' }
    expect(coldRows(MEASURED, other)).toEqual([])
    expect(titleOf(other)).toBe('a whole processor, AWS behind TLS')
    expect(titleOf(SETTING)).toBe("Lambda's share at 512 MB, AWS behind TLS")
  })
})
