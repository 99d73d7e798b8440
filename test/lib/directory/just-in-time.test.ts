import { describe, expect, it } from 'vitest'
import { isEndDue, keptUntil, mayProvision } from '../../../lib/directory/just-in-time.ts'
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

  const DAY = 86_400
  const AT = 1_800_000_000
  const user = (expiresAt?: number) => ({ justInTime: true, ...(expiresAt && { expiresAt }) })

  it.each([
    ['has none yet', user(), 90, true],
    ['is as it was just written', user(keptUntil(90, AT)), 90, false],
    ['was written within the day', user(AT + 90 * DAY + 1), 90, false],
    ['was written a day ago', user(AT + 90 * DAY - 1), 90, true],
    ['is of a longer setting that has been lowered', user(keptUntil(3650, AT)), 90, true],
    ['is of a sandbox whose clock is ahead', user(keptUntil(90, AT + 3600)), 90, false],
    ['is there, and the setting says never', user(AT), 0, true],
    ['is not there, and the setting says never', user(), 0, false],
    ['belongs to a user whom nobody vouched for', { expiresAt: AT }, 90, false],
  ])('writes the end of a user anew where it must: the end %s', (_, known, days, isDue) => {
    expect(isEndDue(known, days, AT)).toBe(isDue)
  })
})
