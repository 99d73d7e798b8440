import { describe, expect, it } from 'vitest'
import { textsIn } from '../../../lib/schemas/left-out-texts.ts'

describe('lib/schemas/left-out-texts', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a text and a list', { kind: 'back-end', subjects: ['job', 'batch'] }, ['back-end', 'job', 'batch']],
    ['a number', { subjects: [4711] }, ['4711']],
    ['blanks and invisible characters', { subject: ' jo\u200bb\n' }, ['job']],
    ['what is neither', { a: null, b: true, c: { d: 'x' }, e: [{}] }, []],
    ['a text alone', 'job', []],
    ['a list alone', ['job'], []],
    ['nothing', null, []],
  ])('has of %s what could be a subject', (_, entry, texts) => {
    expect(textsIn(entry)).toEqual(texts)
  })
})
