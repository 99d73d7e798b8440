import { describe, expect, it } from 'vitest'
import { pauseSeconds, retryAfterSeconds } from '../../../lib/outbound/failures.ts'

const SENT_AT = Date.UTC(2026, 0, 15, 12)
const secondsOf = (retryAfter: string | undefined, date?: string): number =>
  retryAfterSeconds({ headers: { 'retry-after': retryAfter, date }, sentAt: SENT_AT })

describe('lib/outbound/failures retryAfterSeconds', () => {
  it.each([
    ['7', 7],
    ['0', 1],
    ['61', 61],
    ['3600', 3600],
    ['86400', 86_400],
    ['86401', 86_400],
    ['99999999999999999999', 86_400],
  ])('%s means %i s', (header, seconds) => {
    expect(secondsOf(header)).toBe(seconds)
  })

  it.each([
    ['the usual form', 'Thu, 15 Jan 2026 12:02:00 GMT', 120],
    ['the form of RFC 850', 'Thursday, 15-Jan-26 12:02:00 GMT', 120],
    ['the form of asctime', 'Thu Jan 15 12:02:00 2026', 120],
    ['asctime with a day of one digit', 'Sun Feb  1 12:00:00 2026', 86_400],
    ['a date of this moment', 'Thu, 15 Jan 2026 12:00:00 GMT', 1],
    ['a date that is past', 'Thu, 15 Jan 2026 11:00:00 GMT', 1],
    ['a date far ahead', 'Fri, 15 Jan 2027 12:00:00 GMT', 86_400],
  ])('a date in %s: %s', (_, header, seconds) => {
    expect(secondsOf(header)).toBe(seconds)
  })

  it('compares a date with the clock that it comes from', () => {
    const anHourAhead = 'Thu, 15 Jan 2026 13:02:00 GMT'
    expect(secondsOf(anHourAhead, 'Thu, 15 Jan 2026 13:00:00 GMT')).toBe(120)
    expect(secondsOf(anHourAhead, 'no date')).toBe(3720)
    expect(secondsOf(anHourAhead)).toBe(3720)
  })

  it.each([
    undefined,
    '',
    'soon',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '5 s',
    '0x10',
    '2026-01-15T12:02:00Z',
    '15 Jan 2026 12:02:00 GMT',
    'Thu, 15 Foo 2026 12:02:00 GMT',
    'Thu, 15 Jan 2026 25:02:00 GMT',
    'Thu, 15 Jan 2026 12:02:00',
  ])('%s cannot be read: 1 s', (header) => {
    expect(secondsOf(header)).toBe(1)
  })

  it('does not take two headers for one', () => {
    expect(retryAfterSeconds({ headers: { 'retry-after': ['7', '8'] }, sentAt: SENT_AT })).toBe(1)
  })
})

describe('lib/outbound/failures pauseSeconds', () => {
  it.each([
    [0.412, 1],
    [1.5, 2],
    [-1, 1],
    [100_000, 86_400],
  ])('%d becomes %i', (seconds, expected) => {
    expect(pauseSeconds(seconds)).toBe(expected)
  })
})
