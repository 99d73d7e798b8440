/** Plays CEC's side of a chat's start: a page comes with `thirdUserData`, CEC asks the enterprise about it. */

import * as z from 'zod'
import { type LocalServer, startHttpServer } from '../http-server.ts'
import { type Decision, decide } from './decide.ts'

export interface CecOptions {
  /** What an operator of CEC would configure: the whole URL of our validate route. */
  readonly validateUrl: string
  /** Default 0: a free port. */
  readonly port?: number
}

/** How long CEC waits is undocumented; a person who waits for a chat will not wait longer. Milliseconds. */
const PATIENCE_MS = 10_000

/** Other members are the page's own (their list is undocumented) and are ignored. */
const ChatEntry = z.object({
  thirdUserData: z.object({ thirdUserToken: z.string(), thirdUserName: z.string(), thirdUserId: z.string() }),
  tenantSpaceId: z.string(),
})
export type ChatEntry = z.infer<typeof ChatEntry>

/** What CEC answers a page: its decision with 200 if it lets the user in, else 403. `body` is the page's `{thirdUserData, tenantSpaceId}`. */
export const enterChat = async (
  validateUrl: string,
  body: unknown,
): Promise<{ readonly status: number; readonly content: object }> => {
  const entry = ChatEntry.safeParse(body)
  if (!entry.success) return { status: 400, content: { message: z.prettifyError(entry.error) } }
  const decision = await ask(validateUrl, entry.data)
  return { status: decision.admitted ? 200 : 403, content: decision }
}

/** `POST /chat-entry` is `enterChat`. */
export const startCec = ({ validateUrl, port }: CecOptions): Promise<LocalServer> =>
  startHttpServer({
    port,
    handle: async ({ method, url, body }, response) => {
      const answer = (status: number, content: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
      }
      if (method !== 'POST' || url !== '/chat-entry') return answer(404, { message: 'POST /chat-entry only' })
      const { status, content } = await enterChat(validateUrl, parse(body.toString()))
      answer(status, content)
    },
  })

/** Calls the validate URL as CEC does: its four members, `Token` with a capital. */
export const ask = async (
  validateUrl: string,
  { thirdUserData, tenantSpaceId }: ChatEntry,
): Promise<Decision> => {
  const { thirdUserToken, thirdUserName, thirdUserId } = thirdUserData
  try {
    const response = await fetch(validateUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        Token: thirdUserToken,
        userName: thirdUserName,
        userId: thirdUserId,
        tenantSpaceId,
      }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return decide({ status: response.status, body: await response.text() })
  } catch (error) {
    return { admitted: false, reason: `the validate URL cannot be reached (${(error as Error).name})` }
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
