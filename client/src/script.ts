/** The same as one script, for a page that takes no modules: all of it is in the global `CecTokenBridge`. */

import { accessTokens, ClientError, chatCalls, openChat, pageObject } from './index.ts'

Object.assign(globalThis, {
  CecTokenBridge: { openChat, chatCalls, accessTokens, pageObject, ClientError },
})
