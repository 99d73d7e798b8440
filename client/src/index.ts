/** The client for a page: what it may import. */

import { type AccessTokens, type TokenSource, accessTokens as tokensOf } from './access-token.ts'
import { browser } from './browser.ts'
import { type ChatCalls, type ChatOf, chatCalls as callsOf } from './chat-calls.ts'
import { type Chat, type ChatOptions, openChat as openIn } from './open-chat.ts'

export type { AccessToken, AccessTokens, TokenSource } from './access-token.ts'
export type { ChatCalls, ChatMessage, ChatOf, ChatToken, DownlinkMessage } from './chat-calls.ts'
export { type ClientCode, ClientError, type Failure } from './errors.ts'
export type { Chat, ChatOptions } from './open-chat.ts'
export { type ControlOf, type PageObject, pageObject, type ThirdUserData } from './page-object.ts'

/** Opens the user's chat, or joins the one that another tab of the page has open. */
export const openChat = (options: ChatOptions): Promise<Chat> => openIn(browser, options)

/** The three calls alone, for a page with a loop of its own. It shares nothing with other tabs. */
export const chatCalls = (options: ChatOf & { readonly tokenSource: TokenSource }): ChatCalls =>
  callsOf(browser, { ...options, tokens: tokensOf(browser, options.tokenSource) })

/** The access token alone, for the other routes that take one. */
export const accessTokens = (source: TokenSource): AccessTokens => tokensOf(browser, source)
