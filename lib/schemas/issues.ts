/** Schema faults in words: the path and what was expected, never the value that was found. */

import type * as z from 'zod/mini'

type Issue = z.core.$ZodIssue

/** What a fault of the value as such is shown at, where its sender has no word for it. */
const WHOLE = '(whole)'

/** Path of the first fault, `whole` where it is the value as such. Holds only names that the schema knows. */
export const faultyField = ({ issues: [issue] }: z.core.$ZodError, whole = WHOLE): string =>
  pathOf(issue, whole)

/** The first fault: its path, and the schema's own sentence, which never holds the value. */
export const firstFault = (
  error: z.core.$ZodError,
): { readonly field: string; readonly expected: string } => ({
  field: faultyField(error),
  expected: expectation(error.issues[0]),
})

/** Every fault in one line, such as `userId: expected a string; tenantSpaceId: expected …`. */
export const describeFaults = (error: z.core.$ZodError, whole = WHOLE): string =>
  error.issues.map((issue) => `${pathOf(issue, whole)}: ${expectation(issue)}`).join('; ')

const pathOf = (issue: Issue | undefined, whole: string): string => issue?.path.map(String).join('.') || whole

/** How the library's own sentences begin, none of ours. A package holds "Invalid input" alone of them. */
const LIBRARYS = /^(Invalid|Too|Unrecognized) /

const expectation = (issue?: Issue): string =>
  issue === undefined || LIBRARYS.test(issue.message) ? `expected ${unworded(issue)}` : issue.message

/** For a fault that the schema has no sentence for: what the schema says in itself. */
const unworded = (issue?: Issue): string => {
  switch (issue?.code) {
    // A member's name is the sender's own text: it is not repeated, since it may be anything.
    case 'unrecognized_keys':
      return 'no members but the documented ones'
    case 'invalid_type':
      return `a JSON ${issue.expected}`
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

const unitOf = ({ origin }: { readonly origin: string }): string => (origin === 'string' ? ' characters' : '')
