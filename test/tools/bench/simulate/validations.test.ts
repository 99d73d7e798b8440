import { describe, expect, it } from 'vitest'
import { DYNAMODB } from '../../../../tools/bench/simulate/aws/limits.ts'
import { simulateValidations } from '../../../../tools/bench/simulate/validations.ts'

const SOME = { seconds: 1, rampSeconds: 1 }

describe('tools/bench/simulate/validations', () => {
  it('are all answered, at three units each over 1,000 tenants, and no item gives much', async () => {
    const figures = await simulateValidations({ ...SOME, perSecond: 3_500, tenants: 1_000 })
    expect(figures.outcomes).toMatchObject({ refused: 0, reasons: {} })
    expect(figures.unitsPerValidation).toBeCloseTo(3, 1)
    expect(figures.table.hottest.units).toBeLessThan(500)
  })

  it('cost about two units where tenants are few: a token and its user', async () => {
    const { unitsPerValidation } = await simulateValidations({ ...SOME, perSecond: 1_000, tenants: 3 })
    expect(unitsPerValidation).toBeGreaterThanOrEqual(2)
    expect(unitsPerValidation).toBeLessThan(2.3)
  })

  it('are refused where the table is not warm for them', async () => {
    const cold = { readUnits: 1_000 }
    const figures = await simulateValidations({ ...SOME, perSecond: 1_000, tenants: 1_000, table: cold })
    expect(figures.outcomes.refused).toBeGreaterThan(0)
    expect(figures.outcomes.reasons['DIRECTORY_UNAVAILABLE']).toBeGreaterThan(0)
    const warm = { readUnits: DYNAMODB.newTableReadUnits }
    const same = await simulateValidations({ ...SOME, perSecond: 1_000, tenants: 1_000, table: warm })
    expect(same.outcomes.refused).toBe(0)
  })

  it('come to the same figures each time', async () => {
    const scenario = { ...SOME, perSecond: 300, tenants: 10 }
    expect(await simulateValidations(scenario)).toEqual(await simulateValidations(scenario))
  })
})
