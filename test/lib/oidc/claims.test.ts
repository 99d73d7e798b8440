import { describe, expect, it } from 'vitest'
import { claimAt, isSaid, tenantNameOf, textOf, textsOf } from '../../../lib/oidc/claims.ts'

describe('lib/oidc/claims: claimAt', () => {
  const NESTED = {
    'https://example.com/name': 'Tom',
    'https://sts.amazonaws.com/': { aws_account: '1' },
    ext: { name: 'Zoe', deeper: { name: 'Ann' } },
    'ext.role': 'plain',
    list: [{ name: 'x' }],
    name: null,
  }
  it.each([
    ['https://example.com/name', 'Tom'],
    ['https://sts.amazonaws.com/.aws_account', '1'],
    ['ext.name', 'Zoe'],
    ['ext.deeper.name', 'Ann'],
    // The claim of that very name comes first.
    ['ext.role', 'plain'],
    ['name', null],
    ['ext.other', undefined],
    ['ext.', undefined],
    ['.name', undefined],
    ['list.0.name', undefined],
    ['list.length', undefined],
    ['name.length', undefined],
    ['toString', undefined],
    ['ext.constructor', undefined],
    ['__proto__.name', undefined],
  ])('finds at %s %j', (path, value) => {
    expect(claimAt(NESTED, path)).toBe(value)
  })

  it('takes no claim of that very name for one inside an object of it', () => {
    expect(claimAt({ 'ext.name': 'plain', ext: { name: 'nested' } }, 'ext.name')).toBe('plain')
  })
})

describe('lib/oidc/claims: what a claim is taken for', () => {
  it.each([
    ['acme', 'acme', 'acme'],
    ['', '', ''],
    [7, '7', '7'],
    [0, '0', '0'],
    [-1, '-1', '-1'],
    [2 ** 53 - 1, '9007199254740991', '9007199254740991'],
    [2 ** 53, undefined, undefined],
    [1.5, undefined, undefined],
    [true, undefined, undefined],
    [null, undefined, undefined],
    [['acme'], 'acme', 'acme'],
    [[7], '7', '7'],
    [['acme', 'acme'], undefined, undefined],
    [[], undefined, undefined],
    [[['acme']], undefined, undefined],
    [{ acme: { id: '1' } }, undefined, 'acme'],
    [{ acme: {} }, undefined, 'acme'],
    [{ acme: {}, other: {} }, undefined, undefined],
    [{ id: 'acme' }, undefined, undefined],
    [{}, undefined, undefined],
    [[{ acme: {} }], undefined, undefined],
  ])('%j is the text %j and the tenant %j', (value, text, tenant) => {
    expect([textOf(value), tenantNameOf(value)]).toEqual([text, tenant])
  })

  it('takes scopes apart, as text and as a list, and no other text', () => {
    const claims = { scope: 'a b', scp: ['c', 'd e'], roles: 'f g', is: false, n: [1, 'x', {}] }
    expect(['scope', 'scp', 'roles', 'is', 'n', 'none'].map((claim) => textsOf(claims, claim))).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
      ['f g'],
      ['false'],
      ['1', 'x'],
      [],
    ])
  })

  it.each([
    ['x', true],
    [0, true],
    [true, true],
    [['x'], true],
    [{ a: 1 }, true],
    ['', false],
    [false, false],
    ['false', false],
    [null, false],
    [[], false],
    [{}, false],
    [undefined, false],
    [' ', false],
    [[''], false],
    [[' ', false], false],
    [['', 'Chat.Use'], true],
  ])('%j is said: %s', (value, said) => {
    expect(isSaid({ claim: value }, 'claim')).toBe(said)
  })
})
