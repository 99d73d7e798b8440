/** A tab of the sample site that holds one chat, without the sample page's own script. */

import type { BrowserContext, Page } from 'playwright-core'
import type { Site } from './site.ts'

export interface Tab {
  readonly page: Page
  /** Resolves when the chat has begun. `expiresIn` is what the page makes of the access token's own. */
  open(channelId: string, options?: { readonly expiresIn?: number }): Promise<void>
  /** Resolves to `sent`, or to the code that it was refused with. */
  send(text: string): Promise<string>
  received(): Promise<readonly string[]>
  sent(): Promise<readonly string[]>
  /** The code that the chat ended with. */
  ended(): Promise<string | undefined>
  /** How often the page has asked its back end for an access token. */
  tokensAsked(): number
}

/** `origin` is the one that the stage lets in, unless it is said. */
export const openTab = async (
  { origin: listed }: Site,
  context: BrowserContext,
  origin = listed,
): Promise<Tab> => {
  const page = await context.newPage()
  let tokensAsked = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/access-token')) tokensAsked += 1
  })
  // The sample page would open a chat of its own: it signs the browser in, and the tab shows another file of the same site.
  await context.request.get(`${origin}/`)
  await page.goto(`${origin}/client.js`)
  const evaluate = <T>(expression: string): Promise<T> => page.evaluate(expression) as Promise<T>
  return {
    page,
    open: (channelId, { expiresIn } = {}) =>
      evaluate(`(async () => {
        const { openChat } = await import('/client.js')
        const { api, userId, userName } = await (await fetch('/settings')).json()
        Object.assign(globalThis, { received: [], sent: [], ended: undefined })
        const askBackEnd = async () => ({
          ...(await (await fetch('/access-token', { method: 'POST' })).json()),
          ...${JSON.stringify({ expiresIn })},
        })
        globalThis.chat = await openChat({
          ...{ api, userId, userName, locale: 'en', channelId: ${JSON.stringify(channelId)} },
          tokenSource: ${expiresIn === undefined ? "'/access-token'" : 'askBackEnd'},
          onMessage: ({ content }) => received.push(content),
          onSent: (message) => sent.push(message),
          onEnd: (error) => { ended = error ? error.code : 'ended' },
        })
      })()`),
    send: (text) =>
      evaluate(
        `chat.send(${JSON.stringify(text)}).then(() => 'sent', (error) => error.code ?? String(error))`,
      ),
    received: () => evaluate('received'),
    sent: () => evaluate('sent'),
    ended: () => evaluate('ended'),
    tokensAsked: () => tokensAsked,
  }
}
