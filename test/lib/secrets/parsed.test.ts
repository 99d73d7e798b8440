import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { parsed } from '../../../lib/secrets/parsed.ts'

const schema = z.strictObject({ colour: z.string('expected a colour') })
const faultOf = (text: string): unknown => {
  try {
    return parsed('a/secret', text, schema)
  } catch (error) {
    return error
  }
}

describe('lib/secrets/parsed', () => {
  it('takes JSON of the shape, also with a byte order mark and blanks around it', () => {
    expect(parsed('a/secret', '{"colour":"red"}', schema)).toEqual({ colour: 'red' })
    expect(parsed('a/secret', '\ufeff\r\n {"colour":"red"}\u00a0\n', schema)).toEqual({ colour: 'red' })
  })

  it.each([
    ['another shape', '{"colour":7}', 'colour', 'expected a colour'],
    ['no JSON', 'private-text', '(whole)', 'expected JSON'],
  ])('names secret, field and expectation of %s, never the value', (_, text, field, expected) => {
    const error = faultOf(text)
    expect(error).toMatchObject({
      code: 'SECRET_MALFORMED',
      message: `secret a/secret: ${field}: ${expected}`,
      detail: { secret: 'a/secret', field, expected },
    })
    expect(String(error)).not.toContain('private')
    expect((error as Error).cause).toBeUndefined()
  })
})
