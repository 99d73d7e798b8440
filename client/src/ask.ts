/** One HTTP call: its JSON, or a `ClientError`. */

import type { Answer, Environment, Request } from './environment.ts'
import { fail } from './errors.ts'

/** An HTTP API ends every request after 30 s. A connection that died in silence ends nothing. */
const LIMIT_MS = 35_000

export type Members = Readonly<Record<string, unknown>>

/** A delay in seconds alone: this API sends no date, and the page's clock may be wrong. */
const SECONDS = /^\d{1,6}$/

/**
 * `onAnswer` is told of every answer, a failure too, before anything else is done with it. Throws the signal's reason when it
 * aborts, NETWORK without an answer within 35 s, ANSWER for a good one that is no JSON object, else what the answer says.
 */
export const ask = async (
  { fetch, clock }: Environment,
  url: string,
  { onAnswer, ...request }: Request & { readonly onAnswer?: (answer: Answer) => void },
): Promise<Members> => {
  const { signal } = request
  signal.throwIfAborted()
  let answer: Answer
  let text: string
  try {
    answer = await fetch(url, { ...request, signal: AbortSignal.any([signal, clock.limit(LIMIT_MS)]) })
    onAnswer?.(answer)
    text = await answer.text()
  } catch {
    signal.throwIfAborted()
    return fail('NETWORK', 'no answer: network, CORS or time limit')
  }
  const { status, headers } = answer
  const members = membersOf(text)
  if (status >= 200 && status < 300 && members) return members
  const { errorCode, code, exceptionInfo, message } = members ?? {}
  const retryAfter = headers.get('retry-after') ?? ''
  return fail(String(errorCode ?? code ?? 'ANSWER'), String(exceptionInfo ?? message ?? `status ${status}`), {
    status,
    retryAfterSeconds: SECONDS.test(retryAfter) ? Number(retryAfter) : undefined,
    requestId: headers.get('x-request-id') ?? undefined,
  })
}

const membersOf = (text: string): Members | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return Object(value) === value ? (value as Members) : undefined
  } catch {
    return undefined
  }
}
