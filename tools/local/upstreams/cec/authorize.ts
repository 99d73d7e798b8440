/** The two headers that every call after tokenByAkSk carries: `Authorization` and `x-app-key`. */

import { type Call, header, type Reply } from '../call.ts'
import { authFail, cecError } from './errors.ts'
import type { CecApp, CecState } from './state.ts'

/** The AccessToken of a call; an empty string when there is none. */
export const bearerOf = (call: Call): string =>
  /^Bearer (\S+)$/.exec(header(call, 'authorization'))?.[1] ?? ''

/** The app whose living AccessToken the call carries, or the refusal. */
export const authorize = (call: Call, state: CecState): { app: CecApp } | { refusal: Reply } => {
  const app = state.appOfAccessToken(bearerOf(call))
  if (app === undefined) return { refusal: authFail() }
  if (header(call, 'x-app-key') !== app.appKey) {
    return { refusal: cecError(403, 'auth fail! x-app-key is not the key of this token') }
  }
  return { app }
}
