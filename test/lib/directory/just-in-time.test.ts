import { describe, expect, it } from 'vitest'
import { mayProvision } from '../../../lib/directory/just-in-time.ts'
import { SCOPES } from '../../../lib/schemas/callers.ts'

describe('lib/directory/just-in-time', () => {
  it('takes the word of whoever has the scope, where the stage allows it', () => {
    expect(mayProvision('on-issue', ['enterprise-token:issue', 'users:vouch'])).toBe(true)
  })

  it('takes nobody’s word where users come by PUT /users alone', () => {
    expect(mayProvision('table', SCOPES)).toBe(false)
  })

  it('takes no word for the sake of any other scope', () => {
    expect(
      mayProvision(
        'on-issue',
        SCOPES.filter((scope) => scope !== 'users:vouch'),
      ),
    ).toBe(false)
    expect(mayProvision('on-issue', [])).toBe(false)
  })
})
