import { describe, expect, it } from 'vitest'
import { derivedUserId } from '../../../lib/schemas/user-id-form.ts'

/** Made by Python's hashlib and base64, and the first by openssl and base32 as well. */
const VECTORS = [
  ['https://idp.example.com/realms/shop', '2f4b5c0e-6d1a-4b7e-9c3f-8a1b2c3d4e5f', 'nri5pvmqxena2ks56i5y643p'],
  ['https://shop.auth0.com/', 'google-oauth2|103547991597142817347', 'ezcaflkpuxwlgqxc674lieiw'],
  ['https://idp.example.com', '张三', 'cdz4imyj6ftqueqvu4feszek'],
  ['https://idp.example.com', '\u{20000}x', '6ladtvog6zv5zz7r2iy2hie5'],
  // Without the lengths, these two would be one.
  ['https://a.example', '1:b', 'g6he47xwrzx7z2mmosjbotl4'],
  ['https://a.example1:', 'b', 'zmu642u3qrygzbk2jda7l3yl'],
] as const

describe('lib/schemas/user-id-form: derivedUserId', () => {
  it.each(VECTORS)('makes of %s and %s what other programs make: %s', (issuer, value, id) => {
    expect(derivedUserId(issuer, value)).toBe(id)
  })

  it('fits CEC, its chat and Alibaba, whatever the value', () => {
    for (const value of ['', 'a', 'A b|c@d.e', 'x'.repeat(10_000), '\0'])
      expect(derivedUserId('https://idp.example.com', value)).toMatch(/^[a-z2-7]{24}$/)
  })

  it('keeps two issuers apart, and two spellings of one value', () => {
    const ids = [
      derivedUserId('https://a.example', 'tom'),
      derivedUserId('https://b.example', 'tom'),
      derivedUserId('https://a.example', 'Tom'),
      derivedUserId('https://a.example', 'tom '),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })
})
