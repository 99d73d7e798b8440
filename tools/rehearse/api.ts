/** Calls of the deployed API: at the emulator by its `Host`, at AWS by its own address. */

import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

export interface ApiRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
}

export interface ApiPlace {
  /** The stack's output HttpApiUrl. */
  readonly url: string
  /** The emulator, which answers for every API. Default none: the API itself is called. */
  readonly emulator?: { readonly url: string; readonly hostOf: (apiId: string) => string } | undefined
}

/** Longer than the API lets a request last. */
const TIMEOUT_MS = 35_000

/** Sends one request. Throws when nothing answers in time. */
export const callApi = async (
  place: ApiPlace,
  { method, path, headers, body }: ApiRequest,
): Promise<ApiAnswer> => {
  const own = new URL(place.url)
  const { emulator } = place
  const url = new URL((emulator?.url ?? own.origin) + path)
  const [apiId = ''] = own.hostname.split('.')
  const host = emulator?.hostOf(apiId) ?? own.host
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers: { ...headers, host }, timeout: TIMEOUT_MS, agent: false })
    request.on('error', reject)
    request.on('timeout', () =>
      request.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT_MS} ms`)),
    )
    request.on('response', (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject)
    })
    request.end(body)
  })
}
