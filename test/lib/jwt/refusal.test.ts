import { describe, expect, it } from 'vitest'
import { refusals } from '../../../lib/jwt/refusal.ts'

describe('lib/jwt/refusal', () => {
  it('makes one word the code of each family', () => {
    expect(refusals('TOKEN')('EXPIRED', 'x').code).toBe('TOKEN_EXPIRED')
    expect(refusals('ACCESS_TOKEN')('EXPIRED', 'x').code).toBe('ACCESS_TOKEN_EXPIRED')
    expect(refusals('OIDC')('EXPIRED', 'x').code).toBe('OIDC_EXPIRED')
  })

  it('keeps field and cause, and shows neither where there is none', () => {
    const cause = new Error('x')
    const refused = refusals('TOKEN')
    expect(refused('EXPIRED', 'expected exp', { field: 'exp', cause })).toMatchObject({
      message: 'expected exp',
      kind: 'expired',
      detail: { field: 'exp' },
      cause,
    })
    expect(refused('EXPIRED', 'expected exp')).toMatchObject({ detail: {} })
    expect('cause' in refused('EXPIRED', 'expected exp')).toBe(false)
  })
})
