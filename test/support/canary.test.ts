import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { expectClean, leaksIn, secret } from './canary.ts'

const value = secret('planted', `k+/=${randomBytes(16).toString('base64')}`)

describe('test/support/canary', () => {
  it.each([
    ['raw', value],
    ['in other case', value.toUpperCase()],
    ['base64', Buffer.from(value).toString('base64')],
    ['base64 within a longer text', Buffer.from(`x${value}yz`).toString('base64')],
    ['base64url within a longer text', Buffer.from(`xy${value}z`).toString('base64url')],
    ['hex', Buffer.from(value).toString('hex')],
    ['URL-encoded', encodeURIComponent(value)],
    ['URL-encoded byte by byte', [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['within JSON', JSON.stringify({ message: `it is ${value}!` })],
  ])('fires on a planted secret: %s', (_, text) => {
    expect(leaksIn(`before ${text} after`)).not.toEqual([])
    expect(() => expectClean('a planted text', `before ${text} after`)).toThrow(
      'secret in a planted text: planted',
    )
  })

  it('stays silent on a text without secrets', () => {
    expect(leaksIn(randomBytes(10_000).toString('base64'))).toEqual([])
  })

  it('refuses a secret that would be found by chance', () => {
    expect(() => secret('short', 'abc')).toThrow('canary short: expected at least 12 characters')
  })
})
