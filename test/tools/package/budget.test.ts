import { describe, expect, it } from 'vitest'
import { BUDGETS, budgetFaults } from '../../../tools/package/budget.ts'

describe('tools/package/budget: budgetFaults', () => {
  const GOOD = ['../functions/validate-enterprise-token.ts', '../lib/log.ts']
  const most = (BUDGETS['validateEnterpriseToken']?.kilobytes ?? 0) * 1000

  it('finds nothing in a package within its budget', () => {
    expect(budgetFaults('validateEnterpriseToken', most, GOOD)).toEqual([])
  })

  it('names a package that is one byte too big', () => {
    expect(budgetFaults('validateEnterpriseToken', most + 1, GOOD)).toEqual([
      expect.stringMatching(/^validateEnterpriseToken has [\d.]+ KB of \d+ KB$/),
    ])
  })

  it.each([
    '../lib/outbound/outbound.ts',
    '../lib/oidc/verify.ts',
    '../node_modules/zod/v4/locales/de.js',
    '../tools/local/stack.ts',
  ])('names a source that the package has no use for: %s', (source) => {
    expect(budgetFaults('validateEnterpriseToken', most, [...GOOD, source])).toEqual([
      `validateEnterpriseToken holds ${source}`,
    ])
  })

  it('names a function without a budget', () => {
    expect(budgetFaults('newFunction', 1, [])).toEqual(['newFunction has no budget'])
  })
})
