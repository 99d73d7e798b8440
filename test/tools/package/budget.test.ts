import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BUDGETS, budgetFaults, VENDORS } from '../../../tools/package/budget.ts'

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

  it('does not mind what the folder is called that the project lies in', () => {
    const folder = '../../../home/me/my-tools'
    const good = `${folder}/node_modules/jose/dist/webapi/index.js`
    const bad = `${folder}/node_modules/@alicloud/openapi-core/index.js`
    expect(budgetFaults('validateEnterpriseToken', most, [good])).toEqual([])
    expect(budgetFaults('validateEnterpriseToken', most, [bad])).toEqual([
      `validateEnterpriseToken holds ${bad}`,
    ])
  })

  it('knows every vendor’s folder, so that a package without vendors has none of them', () => {
    const folders = globSync('lib/vendors/*/profile.ts').map((file) => file.replace(/profile\.ts$/, ''))
    expect([...VENDORS].sort()).toEqual(folders.sort())
  })

  it('names another vendor’s source, and not the own one', () => {
    const others = VENDORS.filter((folder) => folder !== 'lib/vendors/oiap/')
    for (const folder of others)
      expect(budgetFaults('appCubeToken', 0, [`../${folder}wire.ts`])).toEqual([
        `appCubeToken holds ../${folder}wire.ts`,
      ])
    expect(budgetFaults('appCubeToken', 0, ['../lib/vendors/oiap/wire.ts'])).toEqual([])
  })

  it('names a function without a budget', () => {
    expect(budgetFaults('newFunction', 1, [])).toEqual(['newFunction has no budget'])
  })
})
