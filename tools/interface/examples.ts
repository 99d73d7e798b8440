/** Requests of the sample events: what `events/` sends is what the document shows. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../events')

export interface SampleRequest {
  /** Placeholders such as `{{enterpriseToken}}` stay: a token is good for minutes. */
  readonly body: unknown
  readonly query: Readonly<Record<string, string>>
}

export const sampleRequest = (event: string): SampleRequest => {
  const { body, queryStringParameters = {} } = JSON.parse(readFileSync(join(FOLDER, `${event}.json`), 'utf8'))
  return { body: body === undefined ? undefined : JSON.parse(body), query: queryStringParameters }
}
