/** Schema faults in words: the path and what was expected, never the value that was found. */

import type * as z from 'zod'

type Issue = z.core.$ZodIssue

/** What a fault of the value as such is shown at, where its sender has no word for it. */
const WHOLE = '(whole)'

/** Path of the first fault, `whole` where it is the value as such. Holds only names that the schema knows. */
export const faultyField = ({ issues: [issue] }: z.ZodError, whole = WHOLE): string => pathOf(issue, whole)

/** The first fault: its path, and the schema's own sentence, which never holds the value. */
export const firstFault = (error: z.ZodError): { readonly field: string; readonly expected: string } => ({
  field: faultyField(error),
  expected: expectation(error.issues[0]),
})

/** Every fault in one line, such as `userId: expected a string; tenantSpaceId: expected …`. */
export const describeFaults = (error: z.ZodError, whole = WHOLE): string =>
  error.issues.map((issue) => `${pathOf(issue, whole)}: ${expectation(issue)}`).join('; ')

const pathOf = (issue: Issue | undefined, whole: string): string => issue?.path.map(String).join('.') || whole

/** Every sentence of our schemas begins so. What does not is the library's: "Invalid input" and no more in a package. */
const OURS = 'expected '

const expectation = (issue?: Issue): string =>
  issue?.message.startsWith(OURS) ? issue.message : OURS + unworded(issue)

/** For a fault that the schema has no sentence for: what the schema says in itself. */
const unworded = (issue?: Issue): string => {
  switch (issue?.code) {
    // A member's name is the sender's own text: it is not repeated, since it may be anything.
    case 'unrecognized_keys':
      return 'no members but the documented ones'
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`
    case 'invalid_value':
      return issue.values.join(' or ')
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue)}`
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue)}`
    default:
      return 'another value'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'a list',
  string: 'a string',
}

const unitOf = ({ origin }: { readonly origin: string }): string => (origin === 'string' ? ' characters' : '')
