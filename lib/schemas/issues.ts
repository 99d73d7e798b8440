/** Schema faults in words: the path and what was expected, never the value that was found. */

import type * as z from 'zod'

type Issue = z.core.$ZodIssue

/** What a fault of the value as such is shown at, where its sender has no word for it. */
const WHOLE = '(whole)'

/** Path of the first fault, `whole` where it is the value as such. Holds only names that the schema knows. */
export const faultyField = (error: z.ZodError, whole = WHOLE): string =>
  error.issues[0]?.path.map(String).join('.') || whole

/** The first fault: its path, and the schema's own sentence, which never holds the value. */
export const firstFault = (error: z.ZodError): { readonly field: string; readonly expected: string } => {
  const [issue] = error.issues
  return {
    field: faultyField(error),
    expected: issue === undefined ? OTHERWISE : expectation(issue),
  }
}

/** Every fault in one line, such as `userId: expected a string; tenantSpaceId: expected …`. */
export const describeFaults = (error: z.ZodError, whole = WHOLE): string =>
  error.issues
    .map((issue) => `${issue.path.map(String).join('.') || whole}: ${expectation(issue)}`)
    .join('; ')

const OTHERWISE = 'expected another value'

/** Every sentence of our schemas begins so. What does not is the library's: "Invalid input" and no more in a package. */
const OURS = 'expected '

const expectation = (issue: Issue): string =>
  issue.message.startsWith(OURS) ? issue.message : unworded(issue)

/** For a fault that the schema has no sentence for: what the schema says in itself. */
const unworded = (issue: Issue): string => {
  switch (issue.code) {
    // A member's name is the sender's own text: it is not repeated, since it may be anything.
    case 'unrecognized_keys':
      return 'expected no members but the documented ones'
    case 'invalid_type':
      return TYPES[issue.expected] ?? OTHERWISE
    case 'invalid_value':
      return `expected ${issue.values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value))).join(' or ')}`
    case 'too_small':
      return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`
    case 'too_big':
      return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`
    default:
      return OTHERWISE
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'expected a JSON object',
  array: 'expected a list',
  string: 'expected a string',
  number: 'expected a number',
  int: 'expected a whole number',
  boolean: 'expected true or false',
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' }
