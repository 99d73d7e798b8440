/** Where a route's input comes from: the JSON body, the query, or nowhere. */

import type * as z from 'zod/mini'
import { BridgeError, type ErrorCode } from '../errors.ts'
import { describeFaults, faultyField } from '../schemas/issues.ts'
import { type BodyLimit, jsonBody } from './body.ts'
import type { HttpEvent } from './exchange.ts'

export interface RouteInput<Input> {
  readonly input: Input
  /** The body that the input was read from, as it was written; empty where it was read from elsewhere. */
  readonly bodyText: string
}

/** Reads and checks what a request asks. */
export interface InputReader<Input> {
  /** `limit` is the route's own, where it has one. */
  readonly read: (event: HttpEvent, limit?: BodyLimit) => RouteInput<Input>
}

/** The JSON body. Throws BODY_INVALID, and the codes of `jsonBody`. */
export const fromBody = <Input>(schema: z.ZodMiniType<Input>): InputReader<Input> => ({
  read: (event, limit) => {
    const { value, text } = jsonBody(event, limit)
    return { input: checked(schema, value, BODY), bodyText: text }
  },
})

/** The query. Throws QUERY_INVALID. */
export const fromQuery = <Input>(schema: z.ZodMiniType<Input>): InputReader<Input> => ({
  read: ({ queryStringParameters: query }) => ({
    input: checked(schema, query ?? {}, QUERY),
    bodyText: '',
  }),
})

/** For a route that takes none: body and query are not looked at. */
export const noInput: InputReader<undefined> = { read: () => ({ input: undefined, bodyText: '' }) }

/** What a fault is called, and what the caller calls that which is faulty as a whole. */
interface Kind {
  readonly code: ErrorCode
  readonly whole: string
}

const BODY: Kind = { code: 'BODY_INVALID', whole: 'body' }
const QUERY: Kind = { code: 'QUERY_INVALID', whole: 'query' }

const checked = <Input>(schema: z.ZodMiniType<Input>, value: unknown, { code, whole }: Kind): Input => {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  throw new BridgeError(code, describeFaults(error, whole), { detail: { field: faultyField(error, whole) } })
}
