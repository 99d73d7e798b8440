import { describe, expect, it } from 'vitest'
import { authenticator } from '../../../lib/http/callers.ts'
import { foreignKey, mint } from '../../support/mint.ts'
import { newCallerKey } from '../../support/world.ts'
import { sourceOf } from './fakes.ts'

describe('lib/http/callers', () => {
  const withHeader = (authorization: string) => {
    const secrets = { read: () => Promise.reject(new Error('asked about the key')) }
    const deps = { callers: sourceOf(secrets), stage: 'test', now: () => new Date() }
    return authenticator(deps)({ authorization }, { remainingMs: () => 1_000 }, () => undefined)
  }
  const key = newCallerKey()

  it.each([
    ['as RFC 6750 writes it', `Bearer ${key}`],
    ['in lower case', `bearer ${key}`],
    ['in upper case, with three blanks', `BEARER   ${key}`],
    ['in mixed case', `bEArer ${key}`],
    ['with as many blanks as there is room for', `Bearer${' '.repeat(8_199 - 6 - key.length)}${key}`],
  ])('takes the scheme %s', async (_, authorization) => {
    await expect(withHeader(authorization)).rejects.toThrow('asked about the key')
  })

  it.each([
    ['no blank', `Bearer${key}`],
    ['a tab', `Bearer\t${key}`],
    ['a blank and a tab', `Bearer \t${key}`],
    ['a no-break blank', `Bearer\u00a0${key}`],
    ['a blank in front', ` Bearer ${key}`],
    ['a blank behind', `Bearer ${key} `],
  ])('refuses %s', async (_, authorization) => {
    await expect(withHeader(authorization)).rejects.toMatchObject({ code: 'CALLER_MALFORMED' })
    await expect(withHeader(`Bearer ${key}`)).rejects.toThrow('asked about the key')
  })

  it('refuses more than there is room for, with a reason of its own', async () => {
    const padded = (length: number) =>
      withHeader(`Bearer${' '.repeat(length - 'Bearer'.length - key.length)}${key}`)
    await expect(padded(8_200)).rejects.toMatchObject({ code: 'CALLER_TOO_LARGE' })
    await expect(padded(8_199)).rejects.toThrow('asked about the key')
  })

  it('takes caller keys alone where a route says nothing else', async () => {
    const secrets = { read: () => Promise.reject(new Error('not asked')) }
    const deps = { callers: sourceOf(secrets), stage: 'test', now: () => new Date() }
    const token = mint(
      { alg: 'ES256', kid: '1', typ: 'at+jwt' },
      { iss: 'https://idp.invalid' },
      foreignKey(),
    )
    const refused = (credential: string) =>
      authenticator(deps)(
        { authorization: `Bearer ${credential}` },
        { remainingMs: () => 1_000 },
        () => undefined,
      )
    await expect(refused(token)).rejects.toMatchObject({ code: 'CALLER_KIND_REFUSED' })
    await expect(refused(newCallerKey())).rejects.toThrow('not asked')
  })
})
