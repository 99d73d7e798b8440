import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { describeFaults, faultyField, firstFault } from '../../../lib/schemas/issues.ts'

const Schema = z.strictObject({
  a: z.string('expected a string'),
  list: z.optional(z.array(z.int('expected a whole number'))),
})

const errorOf = (value: unknown): z.core.$ZodError => {
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

  it('leaves a schema its own sentence, however it begins', () => {
    const { error } = z.string('leave this member out').safeParse(7)
    expect(error && firstFault(error).expected).toBe('leave this member out')
  })

  it('leaves a schema its own sentence about unknown members', () => {
    const own = z.strictObject({ a: z.string() }, { error: () => 'expected no members but a' })
    const { error } = own.safeParse({ a: 'x', b: 1 })
    expect(error && describeFaults(error)).toBe('(whole): expected no members but a')
  })

  it.each<[string, z.ZodMiniType, unknown, string]>([
    ['no object', z.strictObject({}), [], 'a JSON object'],
    ['null for an object', z.object({}), null, 'a JSON object'],
    ['no list', z.array(z.string()), 'x', 'a JSON array'],
    ['no string', z.string(), 1, 'a JSON string'],
    ['no number', z.number(), '1', 'a JSON number'],
    ['no whole number', z.int(), 1.5, 'a JSON int'],
    ['no truth value', z.boolean(), 'true', 'a JSON boolean'],
    ['another type', z.date(), 1, 'a JSON date'],
    ['another text', z.enum(['ios', 'web']), 'x', 'ios or web'],
    ['another value', z.literal(true), false, 'true'],
    ['a short text', z.string().check(z.minLength(3)), '', 'at least 3 characters'],
    ['a long text', z.string().check(z.maxLength(1)), 'xy', 'at most 1 characters'],
    ['a short list', z.array(z.int()).check(z.minLength(1)), [], 'at least 1'],
    ['a long list', z.array(z.int()).check(z.maxLength(1)), [1, 2], 'at most 1'],
    ['a small number', z.int().check(z.gte(60)), 59, 'at least 60'],
    ['a large number', z.int().check(z.lte(60)), 61, 'at most 60'],
    ['a text of another form', z.string().check(z.regex(/^a-secret-form$/)), 'x', 'another value'],
    ['none of several', z.union([z.string(), z.int()]), null, 'another value'],
    ['a key of another form', z.record(z.string().check(z.minLength(2)), z.int()), { x: 1 }, 'another value'],
    ['a broken rule', z.string().check(z.refine(() => false)), 'x', 'another value'],
  ])(
    'words %s where the schema has no sentence, and never as the library does',
    (_, schema, value, expected) => {
      const { error } = schema.safeParse(value)
      expect(error && firstFault(error).expected).toBe(`expected ${expected}`)
      expect(error && describeFaults(error)).not.toMatch(/invalid|received|too (big|small)/i)
    },
  )
})
