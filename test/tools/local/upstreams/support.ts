/** Gives each test its own emulators, and plain HTTP to reach them. */

import { afterEach, beforeEach } from 'vitest'
import { LOCAL_TENANT } from '../../../../tools/local/constants.ts'
import {
  startUpstreams,
  type TenantSecrets,
  type Upstreams,
  type UpstreamsOptions,
} from '../../../../tools/local/upstreams/upstreams.ts'

export const START = Date.UTC(2026, 0, 15, 12)

export interface Fixture {
  upstreams: Upstreams
  /** The local tenant's, as they were at the start. */
  secrets: TenantSecrets
  /** The vendors' clock, which stands still. */
  now: number
}

/** Registers the hooks of the calling file; the fixture is filled anew before each of its tests. */
export const useUpstreams = (options: UpstreamsOptions = {}): Fixture => {
  const fixture = {} as Fixture
  beforeEach(async () => {
    fixture.now = START
    fixture.upstreams = await startUpstreams({ now: () => new Date(fixture.now), ...options })
    fixture.secrets = fixture.upstreams.tenantSecrets(LOCAL_TENANT)
  })
  afterEach(() => fixture.upstreams.close())
  return fixture
}

export interface Answer {
  status: number
  headers: Headers
  /** As it came, but for its encoding. */
  bytes: Buffer
  text: string
  /** The parsed body; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever comes
  json: any
}

export const ask = async (url: string, init: RequestInit = {}): Promise<Answer> => {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  return { status: response.status, headers: response.headers, bytes, text, json: parse(text) }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type HeaderChanges = Record<string, string | undefined>

/** POSTs JSON; a string goes as it is. A header given as undefined is left out. */
export const post = (url: string, body: unknown, headers: HeaderChanges = {}): Promise<Answer> => {
  const all = { 'content-type': 'application/json', ...headers }
  return ask(url, {
    method: 'POST',
    headers: Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
    // Bytes, because fetch would give a string a content type of its own.
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  })
}
