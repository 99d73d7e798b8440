import { describe, expect, it } from 'vitest'
import { addressIn } from '../../../lib/doctor/told-address.ts'

describe('lib/doctor/told-address', () => {
  it.each([
    '<p>Access denied. Your IP address: 203.0.113.9</p>',
    'Your IP: <b>203.0.113.9</b>',
    '{"message":"client_ip 203.0.113.9 is not in the allow list"}',
    '{"clientIp":"203.0.113.9"}',
    'source IP address is 203.0.113.9',
    'Remote Address (203.0.113.9) forbidden',
  ])('hears the address in %j', (text) => {
    expect(addressIn(text)).toBe('203.0.113.9')
  })

  it('hears it behind the head of a long page, and looks no further than that', () => {
    expect(addressIn(`${'x'.repeat(4000)} Your IP address: 203.0.113.9`)).toBe('203.0.113.9')
    expect(addressIn(`${'x'.repeat(4096)} Your IP address: 203.0.113.9`)).toBeUndefined()
  })

  it.each([
    '<p>Access denied.</p>',
    'nginx/1.2.3.4',
    'server 203.0.113.9 refuses',
    'Your IP address: 999.0.113.9',
    'your account, see https://203.0.113.9/help',
  ])('takes nothing for it in %j', (text) => {
    expect(addressIn(text)).toBeUndefined()
  })
})
