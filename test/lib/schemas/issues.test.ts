import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { describeFaults, faultyField, firstFault } from '../../../lib/schemas/issues.ts'

const Schema = z.strictObject({
  a: z.string('expected a string'),
  list: z.array(z.int('expected a whole number')).optional(),
})

const errorOf = (value: unknown): z.ZodError => {
  const { error } = Schema.safeParse(value)
  if (error === undefined) throw new Error('the value was taken')
  return error
}

describe('lib/schemas/issues', () => {
  it.each([
    ['a member', { a: 1 }, 'a', 'expected a string'],
    ['an item of a list', { a: 'x', list: [1, 'x'] }, 'list.1', 'expected a whole number'],
  ])('names %s by its path, with the sentence of the schema', (_, value, field, expected) => {
    const error = errorOf(value)
    expect(faultyField(error)).toBe(field)
    expect(firstFault(error)).toEqual({ field, expected })
    expect(describeFaults(error)).toBe(`${field}: ${expected}`)
  })

  it('calls the value as such (whole)', () => {
    expect(faultyField(errorOf(7))).toBe('(whole)')
  })

  it('puts every fault into one line', () => {
    expect(describeFaults(errorOf({ list: ['x'] }))).toBe(
      'a: expected a string; list.0: expected a whole number',
    )
  })

  it('never repeats the name of an unknown member, which is the sender’s own text', () => {
    const error = errorOf({ a: 'x', 'a-pasted-secret': 1 })
    expect(firstFault(error)).toEqual({
      field: '(whole)',
      expected: 'expected no members but the documented ones',
    })
    expect(describeFaults(error)).not.toContain('a-pasted-secret')
  })

  it('leaves a schema its own sentence about unknown members', () => {
    const own = z.strictObject({ a: z.string() }, { error: () => 'expected no members but a' })
    const { error } = own.safeParse({ a: 'x', b: 1 })
    expect(error && describeFaults(error)).toBe('(whole): expected no members but a')
  })
})
