/** The local stage that the document is held against, and what a caller needs there. */

import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_USER } from '../../local/constants.ts'
import { startOfflineProcess } from '../../local/offline-process.ts'
import type { OpenApi } from '../document.ts'

export interface FuzzStage {
  readonly url: string
  /** As the stage serves it. */
  readonly document: OpenApi
  readonly headers: Readonly<Record<string, string>>
  readonly stop: () => Promise<unknown>
}

/** Polls end at once, and no user has too many tokens: hundreds of requests are to be answered. */
const PARAMS = { pollSeconds: '0.1', longestPollSeconds: '0.1', issuesPerUserAndMinute: '6000' }

/** A stage of its own, or the one that listens at `running`. */
export const startFuzzStage = async (running?: string): Promise<FuzzStage> => {
  const { url, stop } =
    running === undefined
      ? await startOfflineProcess({ params: PARAMS })
      : { url: running, stop: async () => undefined }
  try {
    const authorization = `Bearer ${LOCAL_CALLER_KEY}`
    const document = (await (await fetch(`${url}/docs/openapi.json`)).json()) as OpenApi
    return {
      url,
      document,
      stop,
      headers: { authorization, 'ccmessaging-token': await chatToken(url, authorization) },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const chatToken = async (url: string, authorization: string): Promise<string> => {
  const response = await fetch(`${url}/apiaccess/ccmessaging/applyToken`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' }),
  })
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`applyToken answered ${response.status}`)
  return token
}
