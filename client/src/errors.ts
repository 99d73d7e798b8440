/** What went wrong, in one shape. It crosses from tab to tab, so it is plain data with a class around it. */

/**
 * The codes that come from no server.
 * - `NETWORK`: no answer. No network, an origin that `corsOrigins` does not list, or nothing within the time limit.
 * - `ANSWER`: the answer is not what its route answers.
 * - `TOKEN_SOURCE`: the token source gave no token. `status` is its own.
 * - `SEND_UNCERTAIN`: the tab that was sending has gone. The message may have arrived or not.
 * - `CHAT_ENDED`: the chat has ended, or this tab has left it.
 */
export type ClientCode = 'NETWORK' | 'ANSWER' | 'TOKEN_SOURCE' | 'SEND_UNCERTAIN' | 'CHAT_ENDED'

/** Of an answer with status 401: `ccmessaging-token` is dead, and the access token is good. */
export const CHAT_TOKEN_DEAD = '990004011'

export interface Failure {
  /** `errorCode`, `code` or `resultCode` of the answer, or a `ClientCode`. */
  readonly code: ClientCode | (string & {})
  /** Never holds a token. */
  readonly message: string
  /** Of the answer; undefined when there was none. */
  readonly status?: number | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Quote it to the operators of the API. */
  readonly requestId?: string | undefined
}

export class ClientError extends Error implements Failure {
  declare readonly code: Failure['code']
  declare readonly status?: number | undefined
  declare readonly retryAfterSeconds?: number | undefined
  declare readonly requestId?: string | undefined

  constructor(failure: Failure) {
    super(failure.message)
    Object.assign(this, failure, { name: 'ClientError' })
  }
}

/** Throws; `members` are the rest of the failure. */
export const fail = (code: Failure['code'], message: string, members?: Partial<Failure>): never => {
  throw new ClientError({ ...members, code, message })
}

/** Any error as data for another tab: of what is no failure of ours only the words. */
export const plain = (error: unknown): Failure =>
  error instanceof ClientError
    ? { ...error, message: error.message }
    : { code: 'ANSWER', message: String(error) }

/** Of the 4xx those that say "later". */
const PASSING = [408, 429]

/** Whether the same call would be refused again. */
export const isLasting = (error: unknown): boolean => {
  const { status = 0 } = error as Partial<Failure>
  return status >= 400 && status < 500 && !PASSING.includes(status)
}
