import { describe, expect, it } from 'vitest'
import { JwksSecret, SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { faultsIn, without } from '../../support/schemas.ts'

const COORDINATE = 'A'.repeat(43)
const PUBLIC = { kty: 'EC', crv: 'P-256', x: COORDINATE, y: COORDINATE }
const PUBLISHED_AT = 1_900_000_000
const AMBIGUOUS = 'keys: expected each kid once, at most one active and one next key'

const signing = (kid: string, state: string) => ({ ...PUBLIC, kid, d: COORDINATE, state })
const published = (kid: string, more: object = {}) => ({ ...PUBLIC, kid, publishedAt: PUBLISHED_AT, ...more })

describe('lib/schemas/key-secrets: SigningKeySecret', () => {
  it.each([
    ['no key yet', []],
    ['an active key', [signing('a', 'active')]],
    ['an active and a next key', [signing('a', 'active'), signing('b', 'next')]],
  ])('takes %s', (_, keys) => {
    expect(faultsIn(SigningKeySecret, { keys })).toBe('none')
  })

  it.each([
    ['two active keys', [signing('a', 'active'), signing('b', 'active')], AMBIGUOUS],
    ['two next keys', [signing('a', 'next'), signing('b', 'next')], AMBIGUOUS],
    ['one key twice', [signing('a', 'active'), signing('a', 'next')], AMBIGUOUS],
    [
      'three keys',
      [signing('a', 'active'), signing('b', 'next'), signing('c', 'next')],
      'keys: expected at most two keys',
    ],
    ['a public key', [without(signing('a', 'active'), 'd')], 'keys.0.d: expected 32 bytes as base64url'],
    ['another curve', [{ ...signing('a', 'active'), crv: 'secp256k1' }], 'keys.0.crv: expected "P-256"'],
    ['a retired key', [signing('a', 'retired')], 'keys.0.state: expected "active" or "next"'],
  ])('refuses %s', (_, keys, fault) => {
    expect(faultsIn(SigningKeySecret, { keys })).toContain(fault)
  })
})

describe('lib/schemas/key-secrets: JwksSecret', () => {
  it.each([
    ['no key yet', []],
    ['a key in force and a retired one', [published('a'), published('b', { verifyUntil: PUBLISHED_AT + 1 })]],
    ['a hundred keys', Array.from({ length: 100 }, (_, index) => published(`k${index}`))],
  ])('takes %s', (_, keys) => {
    expect(faultsIn(JwksSecret, { keys })).toBe('none')
  })

  it.each([
    ['one kid twice', [published('a'), published('a')], AMBIGUOUS],
    [
      'a hundred and one keys',
      Array.from({ length: 101 }, (_, index) => published(`k${index}`)),
      'keys: expected at most a hundred keys',
    ],
    ['a private key', [published('a', { d: COORDINATE })], 'keys.0: expected no members but'],
    [
      'a key without a date',
      [without(published('a'), 'publishedAt')],
      'keys.0.publishedAt: expected whole seconds since 1970, not milliseconds',
    ],
  ])('refuses %s', (_, keys, fault) => {
    expect(faultsIn(JwksSecret, { keys })).toContain(fault)
  })
})
