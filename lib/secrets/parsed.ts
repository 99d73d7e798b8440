/** A secret's text, parsed and checked. Messages name the secret, the field and what was expected, never the value. */

import type * as z from 'zod/mini'
import { BridgeError } from '../errors.ts'
import { repeatedMember } from '../json-text.ts'
import { describeFaults, firstFault } from '../schemas/issues.ts'

/** Parses and checks a secret's text. Throws SECRET_MALFORMED. */
export const parsed = <T>(name: string, text: string, schema: z.ZodMiniType<T>): T => {
  const result = schema.safeParse(fromJson(name, text))
  if (result.success) return result.data
  throw malformed(name, firstFault(result.error), describeFaults(result.error))
}

const fromJson = (name: string, text: string): unknown => {
  let value: unknown
  try {
    // Editors put a byte order mark or blanks of other scripts around it, which JSON does not allow.
    value = JSON.parse(text.trim())
  } catch {
    // The parser's own message quotes the text: it must not become a cause.
    throw malformed(name, { field: '(whole)', expected: 'expected JSON' }, '(whole): expected JSON')
  }
  // Pasted behind the first, the second would win without a word.
  const expected = 'expected each member once'
  if (repeatedMember(text) !== undefined)
    throw malformed(name, { field: '(whole)', expected }, `(whole): ${expected}`)
  return value
}

const malformed = (secret: string, fault: ReturnType<typeof firstFault>, faults: string): BridgeError =>
  new BridgeError('SECRET_MALFORMED', `secret ${secret}: ${faults}`, { detail: { secret, ...fault } })
