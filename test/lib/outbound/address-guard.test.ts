import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import {
  checkUrl,
  guardedLookup,
  isForbiddenAddress,
  isLoopback,
  loopbackLookup,
} from '../../../lib/outbound/address-guard.ts'

const REFUSED = [
  'https://127.0.0.1/',
  'https://127.255.255.254/',
  'https://127.1/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://2130706433/',
  'https://0/',
  'https://0.0.0.0/',
  'https://169.254.169.254/latest/meta-data',
  'https://169.254.170.2/',
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::127.0.0.1]/',
  'https://[fe80::1]/',
  'https://[febf::1]/',
  'https://[fd00:ec2::254]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b:1::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::ffff:255.255.255.255]/',
  'http://vendor.example/',
  'ftp://vendor.example/',
  'https://user:password@vendor.example/',
]

const ACCEPTED = [
  'https://vendor.example/',
  'https://service.besclouds.com:28070/path',
  'https://8.8.8.8/',
  'https://10.1.2.3:8443/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://255.255.255.254/',
  'https://[2001:db8::1]/',
  'https://[fd12:3456::1]/',
  'https://[::ffff:10.0.0.1]/',
]

describe('lib/outbound/address-guard: checkUrl', () => {
  it.each(REFUSED)('refuses %s', (url) => {
    expect(() => checkUrl(new URL(url))).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_ADDRESS_REFUSED' }),
    )
  })

  it.each(ACCEPTED)('accepts %s', (url) => {
    expect(() => checkUrl(new URL(url))).not.toThrow()
  })
})

describe('lib/outbound/address-guard: isForbiddenAddress', () => {
  it.each(['127.0.0.1', '::1', 'fe80::1%eth0', '::ffff:127.0.0.1', 'not an address'])(
    'forbids %s',
    (address) => {
      expect(isForbiddenAddress(address)).toBe(true)
    },
  )
  it.each(['10.0.0.1', '2001:db8::1', '::ffff:8.8.8.8'])('allows %s', (address) => {
    expect(isForbiddenAddress(address)).toBe(false)
  })
})

describe('lib/outbound/address-guard: guardedLookup', () => {
  const lookUp = (name: string, all: boolean): Promise<unknown> =>
    new Promise((resolve) =>
      guardedLookup(name, { all }, (error, address: string | LookupAddress[]) => resolve(error ?? address)),
    )

  it.each([true, false])('refuses a name that leads to this machine (all: %s)', async (all) => {
    expect(await lookUp('localhost', all)).toMatchObject({ code: 'UPSTREAM_ADDRESS_REFUSED' })
  })

  it('gives an allowed address in the form that was asked for', async () => {
    expect(await lookUp('10.1.2.3', true)).toEqual([{ address: '10.1.2.3', family: 4 }])
    expect(await lookUp('10.1.2.3', false)).toBe('10.1.2.3')
  })

  it('hands on that a name does not exist', async () => {
    expect(await lookUp('no-such-name.invalid', false)).toMatchObject({ code: expect.stringMatching(/^E/) })
  })
})

describe('lib/outbound/address-guard: isLoopback', () => {
  it.each(['http://127.0.0.1:3000/', 'https://localhost/', 'http://127.8.9.10/', 'http://[::1]:80/'])(
    'takes %s for this machine',
    (url) => expect(isLoopback(new URL(url))).toBe(true),
  )
  it.each(['http://vendor.example/', 'http://0.0.0.0/', 'http://localhost.example/', 'ftp://localhost/'])(
    'does not take %s for it',
    (url) => expect(isLoopback(new URL(url))).toBe(false),
  )
})

describe('lib/outbound/address-guard: loopbackLookup', () => {
  const lookUp = (name: string): Promise<unknown> =>
    new Promise((resolve) =>
      loopbackLookup(name, { all: false }, (error, address) => resolve(error ?? address)),
    )

  it('gives this machine’s own addresses and no others', async () => {
    expect(['127.0.0.1', '::1']).toContain(await lookUp('localhost'))
    expect(await lookUp('10.1.2.3')).toMatchObject({ code: 'UPSTREAM_ADDRESS_REFUSED' })
  })
})
