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
    expected: issue === undefined ? 'expected another value' : expectation(issue),
  }
}

/** Every fault in one line, such as `userId: expected a string; tenantSpaceId: expected …`. */
export const describeFaults = (error: z.ZodError, whole = WHOLE): string =>
  error.issues
    .map((issue) => `${issue.path.map(String).join('.') || whole}: ${expectation(issue)}`)
    .join('; ')

// A member's name is the sender's own text: it is not repeated, since it may be anything.
const expectation = (issue: Issue): string =>
  issue.code === 'unrecognized_keys' && !issue.message.startsWith('expected ')
    ? 'expected no members but the documented ones'
    : issue.message
