import { describe, expect, it } from 'vitest'
import { faultOf, readValue } from '../../support/secret-faults.ts'
import { type SecretSample, secretSamples, withMember } from '../../support/secret-samples.ts'

const SAMPLES = secretSamples()

describe('lib/schemas, of addresses in secrets', () => {
  const ADDRESSES = [
    ['cec', ['tokenUrl']],
    ['cec', ['applyTokenUrl']],
    ['cec', ['chatUrl']],
    ['oiap', ['url']],
    ['oiap-third-party', ['url']],
    ['live', ['endpoint']],
    ['callers', ['issuers', '0', 'issuer']],
  ] as const
  const HTTPS = 'expected an https URL such as "https://host.example"'
  const withUrl = (name: string, path: readonly string[], url: unknown) => {
    const sample = SAMPLES[name] as SecretSample
    return [withMember(sample.value, path, () => url), sample] as const
  }

  it.each(ADDRESSES)('says which part of %s.%j is too much', (name, path) => {
    for (const [url, expected] of [
      ['https://host.example/?a=b', 'expected an https URL without a query from "?" on'],
      ['https://host.example?', 'expected an https URL without a query from "?" on'],
      ['https://host.example/#a?b', 'expected an https URL without a fragment from "#" on'],
      ['https://tom@host.example', 'expected an https URL without a user before "@"'],
      ['https://tom:word@host.example/', 'expected an https URL without a user before "@"'],
      ['https://@host.example/', 'expected an https URL without a user before "@"'],
      ['host.example', HTTPS],
      ['ftp://host.example', HTTPS],
      ['https:host.example', HTTPS],
      ['https://', HTTPS],
      ['https://host.example:65536', HTTPS],
      ['https://host .example', HTTPS],
      ['https://host.example/a b', HTTPS],
      ['https:\\\\host.example', HTTPS],
      ['https://host.example\\@other.example', 'expected an https URL without a user before "@"'],
      ['https://ho%C2%ADst.example', HTTPS],
      ['https://host.example,', HTTPS],
      ['https://host.example;x', HTTPS],
      ['https://*.example', HTTPS],
      [
        'https://host.example/a%E2%80%8B',
        'expected no invisible character, but it holds U+200B: type it anew',
      ],
    ] as const)
      expect(faultOf(...withUrl(name, path, url)).detail.expected).toBe(expected)
    const long = `https://host.example/${'a'.repeat(500)}`
    expect(faultOf(...withUrl(name, path, long)).detail.expected).toMatch(
      /^expected at most \d00 characters$/,
    )
    for (const url of [
      'https://host.example',
      'https://host.example:8443/',
      'https://h\u00f6st.example',
      'https://10.1.2.3',
      'http://127.0.0.1:8080',
    ])
      expect(() => readValue(...withUrl(name, path, url))).not.toThrow()
  })

  it.each(ADDRESSES.filter(([name]) => name !== 'live'))('takes a path in %s.%j', (name, path) => {
    for (const url of ['https://host.example/a/b', 'https://host.example/@a/b%20c/'])
      expect(() => readValue(...withUrl(name, path, url))).not.toThrow()
  })

  it.each([
    ['oiap', 'getAppCubeToken', 'gettoken'],
    ['oiap-third-party', 'gettoken', 'getAppCubeToken'],
  ])('refuses in %s.url the address of the call with the other password', (name, own, other) => {
    for (const url of [`https://host.example/oifde/${other}`, `https://host.example/${other.toUpperCase()}/`])
      expect(faultOf(...withUrl(name, ['url'], url)).detail).toEqual({
        secret: 'a/secret',
        field: 'url',
        expected: `expected the address of ${own}, and not of ${other}, which has another password`,
      })
    for (const url of [`https://host.example/oifde/${own}`, `https://host.example/${other}/oiap`])
      expect(() => readValue(...withUrl(name, ['url'], url))).not.toThrow()
  })

  it('refuses a path in live.endpoint, whose calls go to /', () => {
    for (const url of ['https://host.example/live', 'https://host.example//'])
      expect(faultOf(...withUrl('live', ['endpoint'], url)).detail).toEqual({
        secret: 'a/secret',
        field: 'endpoint',
        expected: 'expected an https URL without a path behind the host',
      })
  })
})
