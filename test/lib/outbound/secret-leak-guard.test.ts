import { describe, expect, it } from 'vitest'
import { holdsSecret } from '../../../lib/outbound/secret-leak-guard.ts'
import { secret } from '../../support/canary.ts'

const newSecret = (): string => secret('echo test', `k3y/${crypto.randomUUID()}+="x`)
const SECRET = newSecret()
const escapedAll = (text: string): string =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const quoted = JSON.stringify(SECRET)

/** Each text is JSON; the twin of each is the same text with another secret in its place. */
const ANSWERS: readonly (readonly [where: string, text: string])[] = [
  ['as a value', `{"a":${quoted}}`],
  ['as a name', `{${quoted}:1}`],
  ['within a value', JSON.stringify({ a: `your key ${SECRET} is wrong` })],
  ['in the first of two members of one name', `{"a":${quoted},"a":"harmless"}`],
  ['in the first of two members of one name, one escaped', `{"a":${quoted},"\\u0061":"harmless"}`],
  ['as a name that is given twice', `{${quoted}:1,"b":2}`],
  ['escaped throughout', `{"a":"${escapedAll(SECRET)}"}`],
  ['escaped, in the first of two members', `{"a":"${escapedAll(SECRET)}","a":""}`],
  ['escaped, as a name', `{"${escapedAll(SECRET)}":1}`],
  ['with escaped slashes', `{"a":${quoted.replaceAll('/', '\\/')}}`],
  ['in a JSON text within a string', JSON.stringify({ a: JSON.stringify({ b: SECRET }) })],
  ['escaped in a JSON text within a string', JSON.stringify({ a: `{"b":"${escapedAll(SECRET)}"}` })],
  ['URL-encoded', JSON.stringify({ a: `key=${encodeURIComponent(SECRET)}` })],
  ['as base64 of a longer text', JSON.stringify({ a: Buffer.from(`user:${SECRET}!`).toString('base64') })],
  ['below many brackets', `${'['.repeat(100_000)}${quoted}${']'.repeat(100_000)}`],
  ['below many objects', `${'{"a":'.repeat(40_000)}${quoted}${'}'.repeat(40_000)}`],
]

describe('lib/outbound/secret-leak-guard', () => {
  it.each(ANSWERS)('finds a secret %s', (_, text) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(holdsSecret(text, [undefined, newSecret(), SECRET])).toBe(true)
    // The twin: the same answer, of a tenant with another secret
    expect(holdsSecret(text, [newSecret()])).toBe(false)
  })

  it('finds a secret in a single string, and in an object as what its JSON would be', () => {
    expect(holdsSecret(SECRET, [SECRET])).toBe(true)
    expect(holdsSecret({ Result: { AccessToken: `a ${SECRET}` } }, [SECRET])).toBe(true)
    expect(holdsSecret({ Result: { AccessToken: 'a' } }, [SECRET])).toBe(false)
  })

  it('does not look for what chance would find', () => {
    expect(holdsSecret('{"a":"1234567"}', ['1234567'])).toBe(false)
    expect(holdsSecret('{"a":"12345678"}', ['12345678'])).toBe(true)
  })

  it('finds a secret of digits that stands there as a number', () => {
    expect(holdsSecret('{"a":1234567890}', ['1234567890'])).toBe(true)
    expect(holdsSecret('{"a":1234567891}', ['1234567890'])).toBe(false)
  })

  it.each([
    ['brackets', '['.repeat(128 * 1024) + ']'.repeat(128 * 1024)],
    ['empty strings', `[${'"",'.repeat(87_000)}""]`],
    ['backslashes', `["${'\\\\'.repeat(128 * 1024)}"]`],
    ['escapes', `["${'\\u0061'.repeat(43_000)}"]`],
  ])('looks through 256 KiB of %s in time', (_, text) => {
    const began = performance.now()
    expect(holdsSecret(text, [SECRET, `${SECRET}2`, `${SECRET}3`])).toBe(false)
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
