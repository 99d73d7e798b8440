import { describe, expect, it } from 'vitest'
import { address, addressWithoutPath } from '../../../lib/schemas/setting-urls.ts'
import { faultsIn } from '../../support/schemas.ts'

const EXPECTED = 'expected an https URL such as "https://host.example"'
const Address = address(100)

describe('lib/schemas/setting-urls: address', () => {
  it.each([
    'https://host.example',
    'https://host.example/a/b',
    'HTTPS://host.example:8443/',
    'http://127.0.0.1:3000',
    'https://[2001:db8::1]/x',
    'https://host.example/%41',
  ])('takes %s', (url) => {
    expect(faultsIn(Address, url)).toBe('none')
  })

  it.each([
    ['no scheme', 'host.example', EXPECTED],
    ['another scheme', 'ftp://host.example', EXPECTED],
    ['no host', 'https://', EXPECTED],
    ['a blank', 'https://host.example/a b', EXPECTED],
    ['a host with %', 'https://ho%73t.example', EXPECTED],
    ['a backslash for a slash', 'https:\\\\host.example', EXPECTED],
    ['a user', 'https://user:pass@host.example', 'expected an https URL without a user before "@"'],
    ['a query', 'https://host.example/?a=b', 'expected an https URL without a query from "?" on'],
    ['a fragment', 'https://host.example/#a', 'expected an https URL without a fragment from "#" on'],
    ['101 characters', `https://host.example/${'a'.repeat(80)}`, 'expected at most 100 characters'],
    [
      'an invisible character',
      'https://host\u200b.example',
      'expected no invisible character, but it holds U+200B: type it anew',
    ],
  ])('refuses %s', (_, url, fault) => {
    expect(faultsIn(Address, url)).toBe(`(whole): ${fault}`)
  })

  it('adds the rule that it is given', () => {
    const Short = address(100, (url) => (url.endsWith('/x') ? undefined : 'expected /x'))
    expect(faultsIn(Short, 'https://host.example/x')).toBe('none')
    expect(faultsIn(Short, 'https://host.example/y')).toBe('(whole): expected /x')
  })
})

describe('lib/schemas/setting-urls: addressWithoutPath', () => {
  it.each(['https://host.example', 'https://host.example/'])('takes %s', (url) => {
    expect(faultsIn(addressWithoutPath(100), url)).toBe('none')
  })

  it('refuses a path, which would be lost', () => {
    expect(faultsIn(addressWithoutPath(100), 'https://host.example/v1')).toBe(
      '(whole): expected an https URL without a path behind the host',
    )
  })
})
