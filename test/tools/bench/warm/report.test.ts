import { describe, expect, it } from 'vitest'
import { WARM_EMPTY, type WarmCase } from '../../../../tools/bench/warm/cases.ts'
import type { WarmMeasured } from '../../../../tools/bench/warm/measure.ts'
import { warmMarkdown, warmRows } from '../../../../tools/bench/warm/report.ts'

const CASE = { is: { event: 'ok' }, of: 'x', expectedStatus: 200, requests: 1, jumpMs: 0 } as const

const taking = (name: string, cpuMs: number, more: Partial<WarmCase> = {}): WarmMeasured => ({
  of: { ...CASE, name, ...more },
  runs: [1, 3, 2].map((times) => ({
    p50Ms: 0.1 * times,
    p99Ms: 0.25 * times,
    perSecond: 1,
    cpuMs: (cpuMs * times) / 2,
    peakMegabytes: 50 + cpuMs,
  })),
})

describe('tools/bench/warm/report', () => {
  it('holds the median of each against the bare case', () => {
    const [, , ours] = warmRows([
      taking(WARM_EMPTY, 0),
      taking('bare', 0.25),
      taking('ours', 0.5, { bare: 'bare' }),
    ])
    expect(ours).toEqual({
      name: 'ours',
      ofBare: 0.5,
      p99OverP50: 2.5,
      perCore: 2_000,
      cpuMs: 0.5,
      p50Ms: 0.2,
      cpuOverBefore: Number.NaN,
      megabytesMore: 0.5,
    })
  })

  it('holds a case against the same one of another release', () => {
    const rows = warmRows([taking('ours', 0.5), taking('ours, before', 1, { before: 'ours' })])
    expect(rows[0]?.cpuOverBefore).toBe(0.5)
    expect(warmMarkdown(rows)).toContain('CPU × before')
    expect(warmMarkdown(warmRows([taking('ours', 0.5)]))).not.toContain('before')
  })
})
