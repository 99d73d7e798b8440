import { describe, expect, it } from 'vitest'
import { nextMark, userIdOfMark } from '../../../lib/users/next.ts'

const IDS = ['tom', '张三', '\u{1F600}'.repeat(32), '1:a', ' ']

describe('lib/users/next', () => {
  it.each(IDS)('gives back the id that a page ended with: %j', (userId) => {
    expect(userIdOfMark('1', nextMark('1', userId))).toBe(userId)
    expect(nextMark('1', userId).length).toBeLessThanOrEqual(300)
  })

  it.each([
    ['of another tenant', nextMark('2', 'tom')],
    ['cut at its end', nextMark('1', 'tom').slice(0, -2)],
    ['without an id', nextMark('1', '')],
    ['of another id under the same check', nextMark('1', 'tom').slice(0, -1).concat('x')],
    ['with a blank', `${nextMark('1', 'tom')} `],
    ['in base64 with padding', `${nextMark('1', 'tommy')}=`],
    ['whose id is not UTF-8', Buffer.concat([Buffer.alloc(8), Buffer.from([0xff])]).toString('base64url')],
    ['that is empty', ''],
  ])('refuses a mark %s', (_, mark) => {
    expect(() => userIdOfMark('1', mark)).toThrow(
      expect.objectContaining({ code: 'BODY_INVALID', detail: { field: 'next' } }),
    )
    expect(userIdOfMark('1', nextMark('1', 'tom'))).toBe('tom')
  })
})
