import { describe, expect, it } from 'vitest'
import { auditOf } from '../../../../tools/operator/restore/audit.ts'

const SINCE = Date.parse('2026-11-29T06:00:00Z')
const line = (time: string, userStatus: string, more: object = {}) =>
  JSON.stringify({
    level: 'INFO',
    time,
    code: 'USER_WRITTEN',
    tenantSpaceId: 'T',
    userId: 'u',
    userStatus,
    ...more,
  })
const statusOf = (...lines: readonly string[]) => auditOf(lines.join('\n'), SINCE).statusOf('T', ['u'])

describe('tools/operator/restore/audit', () => {
  it('takes the last of several, whatever their order', () => {
    const deleted = line('2026-11-29T06:01:00.000Z', 'deleted')
    const active = line('2026-11-29T06:02:00.000Z', 'active')
    expect(statusOf(deleted, active)).toBe('active')
    expect(statusOf(active, deleted)).toBe('active')
    expect(statusOf(deleted)).toBe('deleted')
  })

  it('of two at the same moment takes the one that shuts out', () => {
    const at = '2026-11-29T06:01:00.000Z'
    expect(statusOf(line(at, 'active'), line(at, 'deleted'))).toBe('deleted')
    expect(statusOf(line(at, 'deleted'), line(at, 'active'))).toBe('deleted')
  })

  it('passes over what was before: the restored table knows it', () => {
    expect(statusOf(line('2026-11-29T05:59:59.999Z', 'deleted'))).toBeUndefined()
    expect(statusOf(line('2026-11-29T06:00:00.000Z', 'deleted'))).toBe('deleted')
  })

  it('counts audit lines of any time, and no other line', () => {
    const at = '2026-01-01T00:00:00.000Z'
    const of = (...lines: readonly string[]) => auditOf(lines.join('\n'), SINCE).audited
    expect([of(line(at, 'active')), of(line(at, 'active', { audit: true })), of('a line of Lambda')]).toEqual(
      [0, 1, 0],
    )
  })

  it('knows a user of another tenant, or of another id, for another', () => {
    const time = '2026-11-29T06:01:00.000Z'
    expect(statusOf(line(time, 'deleted', { tenantSpaceId: 'other' }))).toBeUndefined()
    expect(statusOf(line(time, 'deleted', { userId: 'other' }))).toBeUndefined()
  })

  it('finds a user by a hash as well', () => {
    const text = line('2026-11-29T06:01:00.000Z', 'deleted', { userId: 'hmac-1' })
    expect(auditOf(text, SINCE).statusOf('T', ['u', 'hmac-1'])).toBe('deleted')
  })

  it('tells hashes of users who are shut out last, and the lines that name nobody', () => {
    const hash = (digit: string) => `hmac-${digit.repeat(32)}`
    const [at, later] = ['2026-11-29T06:01:00.000Z', '2026-11-29T06:02:00.000Z'] as const
    const text = [
      line(at, 'deleted', { userId: hash('a') }),
      line(at, 'disabled', { userId: hash('b') }),
      line(later, 'active', { userId: hash('b') }),
      line(at, 'disabled', { userId: hash('c') }),
      line(at, 'deleted'),
      line(at, 'active', { userId: 'withheld' }),
      line(at, 'disabled', { userId: 'withheld' }),
      line(later, 'active', { userId: 'withheld' }),
    ].join('\n')
    const { hashes, withheld } = auditOf(text, SINCE)
    expect([...hashes]).toEqual([`T ${hash('a')}`, `T ${hash('c')}`])
    expect(withheld).toEqual([7])
  })

  it('names tenants and dropped keys of every line', () => {
    const revoked = {
      time: '2026-11-29T06:01:00.000Z',
      code: 'ACCESS_TOKEN_KEY_REVOKED',
      kid: 'k',
      tenantSpaceId: 'A',
    }
    const { tenants, revokedKeys, lines, changes } = auditOf(JSON.stringify(revoked), SINCE)
    expect([[...tenants], revokedKeys, lines, changes]).toEqual([['A'], ['k'], 1, 0])
  })
})
