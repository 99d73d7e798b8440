import { describe, expect, it } from 'vitest'
import { CallersSecret, SCOPES } from '../../../lib/schemas/callers.ts'
import { faultsIn, without } from '../../support/schemas.ts'

const KEY_ENDS_AT = 1_900_000_000
const key = (digit: string) => ({ sha256: digit.repeat(64), expiresAt: KEY_ENDS_AT })
const SHOP = { callerId: 'shop', keys: [key('a')], tenants: ['202007159031'], scopes: [...SCOPES] }

describe('lib/schemas/callers: callers', () => {
  it.each([
    ['nobody', []],
    ['a caller with every scope', [SHOP]],
    ['two keys, for a roll-over', [{ ...SHOP, keys: [key('a'), key('b')] }]],
    ['a scope that this release does not know', [{ ...SHOP, scopes: ['new-thing:do'] }]],
    ['no scope', [{ ...SHOP, scopes: [] }]],
    ['a prefix beside tenants', [{ ...SHOP, tenantPrefixes: ['acme-', 'a_', 'acme-eu_'] }]],
    ['a prefix and no tenant', [{ ...SHOP, tenants: [], tenantPrefixes: ['acme-'] }]],
    ['two callers of one tenant', [SHOP, { ...SHOP, callerId: 'app', keys: [key('b')] }]],
  ])('takes %s, and neither issuers nor the table where they are not named', (_, callers) => {
    expect(CallersSecret.parse({ callers })).toEqual({ callers, issuers: [], table: false })
  })

  it.each([
    ['no key', [{ ...SHOP, keys: [] }], 'callers.0.keys: expected at least one key'],
    [
      'three keys',
      [{ ...SHOP, keys: ['a', 'b', 'c'].map(key) }],
      'callers.0.keys: expected at most two keys',
    ],
    [
      'a key without an end',
      [{ ...SHOP, keys: [without(key('a'), 'expiresAt')] }],
      'callers.0.keys.0.expiresAt: ',
    ],
    [
      'a digest in capitals',
      [{ ...SHOP, keys: [key('A')] }],
      'callers.0.keys.0.sha256: expected SHA-256 as 64 lower-case hex digits',
    ],
    ['no tenant', [{ ...SHOP, tenants: [] }], 'callers.0.tenants: expected at least one tenant'],
    [
      'every tenant',
      [{ ...SHOP, tenants: ['*'] }],
      'callers.0.tenants.0: expected 1 to 64 letters, digits, underscores or hyphens',
    ],
    [
      'no tenant and no prefix',
      [{ ...SHOP, tenants: [], tenantPrefixes: [] }],
      'callers.0.tenants: expected at least one tenant',
    ],
    [
      '101 prefixes',
      [{ ...SHOP, tenantPrefixes: Array(101).fill('eu-') }],
      'callers.0.tenantPrefixes: expected at most 100 prefixes',
    ],
    [
      'one key of two callers',
      [SHOP, { ...SHOP, callerId: 'app' }],
      'callers.1.keys.0.sha256: expected a key that is listed nowhere before',
    ],
    [
      'one key twice',
      [{ ...SHOP, keys: [key('a'), key('a')] }],
      'callers.0.keys.1.sha256: expected a key that is listed nowhere before',
    ],
    [
      'one callerId twice',
      [SHOP, { ...SHOP, keys: [key('b')] }],
      'callers.1.callerId: expected a callerId that no entry before has',
    ],
    ['a caller with a member more', [{ ...SHOP, admin: true }], 'callers.0: expected no members but'],
  ])('refuses %s', (_, callers, fault) => {
    expect(faultsIn(CallersSecret, { callers })).toContain(fault)
  })
  it.each([
    ...['', ' ', '-', '_', '--', 'acme', '2020071590', '*', 'acme*', 'acme-*', 'ac me-', 'ä-'],
    `${'a'.repeat(64)}-`,
  ])('refuses the prefix "%s": one with a separator at its end is taken', (prefix) => {
    const withPrefix = (one: string) =>
      faultsIn(CallersSecret, { callers: [{ ...SHOP, tenantPrefixes: ['eu-', one] }] })
    expect(withPrefix(prefix)).toBe(
      'callers.0.tenantPrefixes.1: expected 2 to 64 letters, digits, underscores or hyphens, with an underscore or hyphen at the end',
    )
    expect(withPrefix('acme-')).toBe('none')
  })
})
