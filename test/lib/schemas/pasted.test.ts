import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { members, trimmed } from '../../../lib/schemas/pasted.ts'
import { faultsIn } from '../../support/schemas.ts'

const Pasted = members({
  a: z.string('expected a text'),
  list: z.optional(z.array(z.string())),
  kind: z._default(z.enum(['x', 'y']), 'x'),
})

describe('lib/schemas/pasted: members', () => {
  it('takes blanks off texts and off the texts of a list', () => {
    expect(Pasted.parse({ a: ' \ufeffone two\n', list: [' b', 'c\t'] })).toEqual({
      a: 'one two',
      list: ['b', 'c'],
      kind: 'x',
    })
  })

  it.each([[null], [''], ['  ']])('reads %j as absent where a member may be absent', (value) => {
    expect(Pasted.parse({ a: 'one', list: value, kind: value })).toEqual({ a: 'one', kind: 'x' })
  })

  it('reads null as a fault where a member may not be absent', () => {
    expect(faultsIn(Pasted, { a: null })).toBe('a: expected a text')
    expect(faultsIn(Pasted, { a: 'one' })).toBe('none')
  })

  it.each([['b'], ['__proto__x'], ['a ']])('refuses the unknown member %j without repeating it', (name) => {
    expect(faultsIn(Pasted, { a: 'one', [name]: 'x' })).toBe('(whole): expected no members but a, list, kind')
    expect(faultsIn(Pasted, { a: 'one' })).toBe('none')
  })

  it.each([[[]], ['text'], [null], [7]])('refuses %j, which is no object', (value) => {
    expect(faultsIn(Pasted, value)).toBe('(whole): expected a JSON object')
  })
})

describe('lib/schemas/pasted: trimmed', () => {
  it.each([
    ['a text', ' a ', 'a'],
    ['the texts of a list', [' a ', 7], ['a', 7]],
    ['nothing of an object', { a: ' b ' }, { a: ' b ' }],
    ['nothing of a number', 7, 7],
  ])('changes %s', (_, value, expected) => {
    expect(trimmed(value)).toEqual(expected)
  })
})
