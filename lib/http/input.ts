/** Where a route's input comes from: the JSON body, the query, or nowhere. */

import type * as z from 'zod'
import { BridgeError, type ErrorCode } from '../errors.ts'
import { describeFaults, faultyField } from '../schemas/issues.ts'
import { jsonBody } from './body.ts'
import type { HttpEvent } from './exchange.ts'

export interface RouteInput<Input> {
  readonly input: Input
  /** The body that the input was read from, as it was written; empty where it was read from elsewhere. */
  readonly bodyText: string
}

/** Reads and checks what a request asks. */
export interface InputReader<Input> {
  readonly read: (event: HttpEvent) => RouteInput<Input>
}

/** The JSON body. Throws BODY_INVALID, and the codes of `jsonBody`. */
export const fromBody = <Input>(schema: z.ZodType<Input>): InputReader<Input> => ({
  read: (event) => {
    const { value, text } = jsonBody(event)
    return { input: checked(schema, value, 'BODY_INVALID'), bodyText: text }
  },
})

/** The query. Throws QUERY_INVALID. */
export const fromQuery = <Input>(schema: z.ZodType<Input>): InputReader<Input> => ({
  read: ({ queryStringParameters: query }) => ({
    input: checked(schema, query ?? {}, 'QUERY_INVALID'),
    bodyText: '',
  }),
})

/** For a route that takes none: body and query are not looked at. */
export const noInput: InputReader<undefined> = { read: () => ({ input: undefined, bodyText: '' }) }

const checked = <Input>(schema: z.ZodType<Input>, value: unknown, code: ErrorCode): Input => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new BridgeError(code, describeFaults(result.error), { detail: { field: faultyField(result.error) } })
}
