import { describe, expect, it } from 'vitest'
import { requirements } from '../../../lib/schemas/issuer-members.ts'
import { faultsIn } from '../../support/schemas.ts'

describe('lib/schemas/issuer-members: requirements', () => {
  it('reads a text as a list of one, takes blanks off, and lets null demand nothing', () => {
    const read = requirements.parse({
      ' typ ': ' Bearer\n',
      aud: ['a', ' b'],
      scp: true,
      gty: false,
      x: null,
    })
    expect(read).toEqual({ typ: ['Bearer'], aud: ['a', 'b'], scp: true, gty: false })
  })

  const EXPECTED = '*: expected for each claim a text, a list of texts, true or false'
  it.each([
    ['nothing', {}, 'none'],
    ['a claim with dots', { 'https://example.com/role': 'x' }, 'none'],
    ['a number', { ver: 1 }, EXPECTED],
    ['an object', { ver: {} }, EXPECTED],
    ['an empty text', { ver: '' }, EXPECTED],
    ['an empty list', { ver: [] }, EXPECTED],
    ['a number in a list', { ver: ['1', 2] }, EXPECTED],
    ['201 characters', { ver: 'a'.repeat(201) }, EXPECTED],
    ['200 characters', { ver: 'a'.repeat(200) }, 'none'],
    [
      'an invisible character',
      { ver: '1\u200b' },
      '*: expected no invisible character, but it holds U+200B: type it anew',
    ],
    [
      'a claim that users may write',
      { 'user_metadata.role': 'x' },
      '*: expected a claim that users cannot set themselves',
    ],
    ['a claim without a name', { '': 'x' }, '*: expected 1 to 128 characters'],
    ['a claim twice, but for a blank', { role: 'admin', 'role ': 'guest' }, '*: expected each claim once'],
    ['a claim that null drops the first time', { role: 'admin', 'role ': null }, 'none'],
    ['two claims', { role: 'admin', roles: 'guest' }, 'none'],
    ['a text', 'typ', '(whole): expected an object from claims to what they must be'],
  ])('says of %s what was expected, never what was found', (_, value, fault) => {
    expect(faultsIn(requirements, value)).toBe(fault)
  })
})
