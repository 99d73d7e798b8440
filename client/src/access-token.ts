/** The access token: asked for once for all who need one, and again ahead of its end. */

import { ask } from './ask.ts'
import { type Environment, whileWanted } from './environment.ts'
import { ClientError, fail, plain } from './errors.ts'

/** As `POST /access-tokens` answers; other members are left alone. */
export interface AccessToken {
  readonly accessToken: string
  /** Seconds that are left of it. The page's clock is not asked: it may be wrong. */
  readonly expiresIn: number
}

/**
 * Where the page gets its access tokens: the address of a route of its own back end, which is asked with POST and with the cookies
 * of the page's own origin, or a function.
 */
export type TokenSource = string | URL | ((options: { readonly signal: AbortSignal }) => Promise<AccessToken>)

export interface AccessTokens {
  /** A token to call with. `refused` is one that got a 401: it is not given again. Throws TOKEN_SOURCE. */
  get(signal: AbortSignal, refused?: string): Promise<string>
}

/** From here on the next token is asked for, while the old one is still used. */
const AHEAD = 0.8
/** From here on the old one is not used: a call takes time. */
const OVER = 0.95
const LIMIT_MS = 15_000

export const accessTokens = (environment: Environment, source: TokenSource): AccessTokens => {
  const { clock } = environment
  let held: { readonly value: string; readonly aheadAt: number; readonly overAt: number } | undefined
  let flight: Promise<string> | undefined

  const next = (): Promise<string> => {
    flight ??= fetchNext().finally(() => {
      flight = undefined
    })
    return flight
  }

  const fetchNext = async (): Promise<string> => {
    const from = clock.now() // before the call: on its way the token ages already
    const { accessToken, expiresIn } = await askSource(environment, source)
    const ms = expiresIn * 1000
    held = { value: accessToken, aheadAt: from + ms * AHEAD, overAt: from + ms * OVER }
    return accessToken
  }

  return {
    get: async (signal, refused) => {
      if (held?.value === refused) held = undefined
      if (held === undefined || clock.now() >= held.overAt) return whileWanted(next(), signal)
      // A failure is nobody's yet: whoever needs the next token will hear of it.
      if (clock.now() >= held.aheadAt) next().catch(() => {})
      return held.value
    },
  }
}

const askSource = async (environment: Environment, source: TokenSource): Promise<AccessToken> => {
  // One answer is for several calls, so none of their signals ends it.
  const signal = environment.clock.limit(LIMIT_MS)
  try {
    const { accessToken, expiresIn }: Partial<AccessToken> = await (typeof source === 'function'
      ? whileWanted(source({ signal }), signal)
      : ask(environment, String(source), { method: 'POST', headers: {}, credentials: 'same-origin', signal }))
    if (typeof accessToken !== 'string' || !accessToken)
      return fail('ANSWER', 'accessToken: expected a string')
    if (typeof expiresIn !== 'number' || !(expiresIn > 0))
      return fail('ANSWER', 'expiresIn: expected seconds above 0')
    return { accessToken, expiresIn }
  } catch (error) {
    throw new ClientError({ ...plain(error), code: 'TOKEN_SOURCE' })
  }
}
