import { describe, expect, it } from 'vitest'
import type { ColdRow } from '../../../tools/bench/cold/report.ts'
import { VARIANTS } from '../../../tools/bench/cold/variants.ts'
import { type Goal, goalsOf, isReached } from '../../../tools/bench/goals.ts'
import { WARM_CASES } from '../../../tools/bench/warm/cases.ts'
import type { WarmRow } from '../../../tools/bench/warm/report.ts'

const coldRow = (variant: string): ColdRow => ({
  variant,
  initMs: 1,
  requestMs: 1,
  requestCpuMs: 1,
  totalMs: 2,
  overEmpty: 1,
  overFloor: 1,
  overUsual: 0.5,
  overBefore: Number.NaN,
  megabytesMore: 20,
})
const warmRow = (name: string): WarmRow => ({
  name,
  ofBare: 0.7,
  p99OverP50: 3,
  perCore: 5_000,
  cpuMs: 0.6,
  p50Ms: 1,
  cpuOverBefore: Number.NaN,
  megabytesMore: 20,
})
const FIGURES = {
  tls: VARIANTS.map(({ name }) => coldRow(name)),
  http: VARIANTS.map(({ name }) => coldRow(name)),
  warm: WARM_CASES.map(({ name }) => warmRow(name)),
  validateKilobytes: 300,
}

describe('tools/bench/goals', () => {
  it('are looked up in rows that a run has', () => {
    expect(goalsOf(FIGURES).filter(({ figure }) => Number.isNaN(figure))).toEqual([])
  })

  it('are reached up to their limit, and not beyond it', () => {
    expect(goalsOf(FIGURES).every(isReached)).toBe(true)
    const beyond = ({ figure, most }: Goal): number => (most === undefined ? figure - 0.1 : most + 0.1)
    expect(goalsOf(FIGURES).filter((goal) => isReached({ ...goal, figure: beyond(goal) }))).toEqual([])
  })

  it('are not reached where nothing was measured', () => {
    const nothing = { tls: [], http: [], warm: [], validateKilobytes: Number.NaN }
    expect(goalsOf(nothing).filter(isReached)).toEqual([])
  })
})
