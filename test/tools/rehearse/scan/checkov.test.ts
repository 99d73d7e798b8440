import { describe, expect, it } from 'vitest'
import { CONSIDERED, checkovArguments } from '../../../../tools/rehearse/scan/checkov.ts'

describe('tools/rehearse/scan/checkov', () => {
  it('leaves out what was considered and no other check', () => {
    const args = checkovArguments('/t.json')
    expect(args[args.indexOf('--skip-check') + 1]?.split(',')).toEqual(Object.keys(CONSIDERED))
    expect(args).not.toContain('--soft-fail')
  })

  it.each(Object.entries(CONSIDERED))('has a reason for %s', (id, reason) => {
    expect(id).toMatch(/^CKV_AWS_\d+$/)
    expect(reason.length).toBeGreaterThan(30)
  })
})
