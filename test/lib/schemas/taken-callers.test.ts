import { describe, expect, it } from 'vitest'
import { TakenCallers } from '../../../lib/schemas/taken-callers.ts'
import { faultsIn } from '../../support/schemas.ts'

const key = (digit: string) => ({ sha256: digit.repeat(64), expiresAt: 1_900_000_000 })
const SHOP = { callerId: 'shop', keys: [key('a')], tenants: ['202007159031'], scopes: ['chat:relay'] }
const APP = { ...SHOP, callerId: 'app', keys: [key('b')] }
const USERS = {
  callerId: 'staff',
  kind: 'user',
  issuer: 'https://idp.example.com',
  audience: 'ours',
  tenant: '202007159031',
  scopes: [],
}
const taken = (callers: unknown[], issuers: unknown[] = []) => {
  const { remarks, leftOutTexts: _, ...found } = TakenCallers.parse({ callers, issuers })
  return {
    ids: [...found.callers, ...found.issuers].map(({ callerId }) => callerId),
    remarks: remarks.map(({ level, code, field, expected }) => `${level} ${code} ${field}: ${expected}`),
  }
}
const LEFT_OUT = 'ERROR CALLERS_ENTRY_LEFT_OUT '

describe('lib/schemas/taken-callers', () => {
  it.each([
    [
      'a caller without a key',
      [SHOP, { ...APP, keys: [] }],
      [],
      ['shop'],
      'callers.1.keys: expected at least one key',
    ],
    [
      'a caller first',
      [{ ...APP, tenants: ['*'] }, SHOP],
      [],
      ['shop'],
      'callers.0.tenants.0: expected 1 to 64 letters, digits, underscores or hyphens',
    ],
    [
      'a callerId twice',
      [SHOP, { ...APP, callerId: 'shop' }, APP],
      [],
      ['shop', 'app'],
      'callers.1.callerId: expected a callerId that no entry before has',
    ],
    [
      'a key twice',
      [SHOP, { ...APP, keys: [key('a')] }],
      [],
      ['shop'],
      'callers.1.keys.0.sha256: expected a key that is listed nowhere before',
    ],
    ['what is no object', [SHOP, 7], [], ['shop'], 'callers.1: expected a JSON object'],
    ['null', [SHOP, null], [], ['shop'], 'callers.1: expected a JSON object'],
    [
      'an issuer without a kind',
      [SHOP],
      [{ ...USERS, kind: undefined }],
      ['shop'],
      'issuers.0.kind: expected kind "user" or "back-end"',
    ],
    [
      'an audience twice',
      [SHOP],
      [USERS, { ...USERS, callerId: 'b' }],
      ['shop', 'staff'],
      'issuers.1.audience: expected an audience that no entry of this issuer and kind before has',
    ],
    [
      'a member that nobody knows',
      [SHOP],
      [{ ...USERS, algorithms: ['none'] }],
      ['shop'],
      /^ERROR CALLERS_ENTRY_LEFT_OUT issuers\.0: expected no members but callerId, /,
    ],
  ] as const)(
    'leaves out %s with its path and reason, and takes the others',
    (_, callers, issuers, ids, remark) => {
      const found = taken([...callers], [...issuers])
      expect(found.ids).toEqual(ids)
      expect(found.remarks).toHaveLength(1)
      if (typeof remark === 'string') expect(found.remarks).toEqual([LEFT_OUT + remark])
      else expect(found.remarks[0]).toMatch(remark)
    },
  )

  it('has nothing to say of what is right', () => {
    expect(taken([SHOP, APP], [USERS])).toEqual({ ids: ['shop', 'app', 'staff'], remarks: [] })
  })

  it.each([
    ['no list', { callers: {} }, 'callers: expected a list of callers'],
    ['no callers', {}, 'callers: expected a list of callers'],
    ['1,001 callers', { callers: Array(1001).fill(SHOP) }, 'callers: expected at most 1000 callers'],
    [
      '101 issuers',
      { callers: [], issuers: Array(101).fill(USERS) },
      'issuers: expected at most 100 issuers',
    ],
    [
      'another list',
      { callers: [], clients: [] },
      '(whole): expected no members but callers, issuers, table',
    ],
  ])('is unreadable as a whole with %s', (_, value, fault) => {
    expect(faultsIn(TakenCallers, value)).toBe(fault)
  })

  it('reads a thousand callers in a moment', () => {
    const digest = (at: number) => ({ sha256: at.toString(16).padStart(64, '0'), expiresAt: 1_900_000_000 })
    const callers = Array.from({ length: 1000 }, (_, at) => ({
      ...SHOP,
      callerId: `c${at}`,
      keys: [digest(at)],
    }))
    const began = performance.now()
    expect(taken(callers).remarks).toEqual([])
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  const OTHER = { ...USERS, callerId: 'partner', issuer: 'https://b.example.com' }
  it('warns of two issuers with ids as they are for one tenant, by the second one’s path', () => {
    expect(taken([], [7, USERS, OTHER])).toEqual({
      ids: ['staff', 'partner'],
      remarks: [
        `${LEFT_OUT}issuers.0: expected kind "user" or "back-end"`,
        'WARN USER_IDS_SHARED issuers.2.userIdForm: expected "sha256-24" where two issuers have users of one tenant: a sub is unique per issuer only',
      ],
    })
  })

  it.each([
    ['of a prefix, where the second one lists a tenant behind it', { tenant: 'acme-1' }, {}],
    ['that list a tenant behind the prefix of the second one', {}, { tenant: 'acme-1' }],
    ['of prefixes that overlap', {}, {}, ['acme-', 'acme-eu-']],
  ])('warns of two %s', (_, second, first, prefixes = ['acme-', 'acme-']) => {
    const claimed = (tenantPrefix = '') => ({
      tenant: undefined,
      tenantClaim: 'org',
      tenantPrefixes: [tenantPrefix],
    })
    const one = { ...USERS, ...('tenant' in first ? first : claimed(prefixes[0])) }
    const two = { ...OTHER, ...('tenant' in second ? second : claimed(prefixes[1])) }
    expect(taken([], [one, two]).remarks).toEqual([
      expect.stringContaining('USER_IDS_SHARED issuers.1.userIdForm'),
    ])
    expect(
      taken([], [one, { ...two, tenant: 'acme2', tenantClaim: undefined, tenantPrefixes: undefined }])
        .remarks,
    ).toEqual([])
  })

  it.each([
    ['of another tenant', { tenant: '202007159032' }],
    ['with derived ids', { userIdForm: 'sha256-24' }],
    ['of back ends', { kind: 'back-end', subjects: ['x'] }],
    ['of the same issuer', { issuer: USERS.issuer, audience: 'other' }],
  ])('does not warn of a second one %s', (_, changes) => {
    expect(taken([], [USERS, { ...OTHER, ...changes }]).remarks).toEqual([])
  })
})
