import { describe, expect, it } from 'vitest'
import { byEndpoint } from '../../../lib/http/by-endpoint.ts'
import type { Context, HttpEvent } from '../../../lib/http/exchange.ts'
import type { HttpHandler } from '../../../lib/http/handler.ts'
import { AUI_RTC_TOKEN } from '../../../lib/routes.ts'

const saying =
  (body: string): HttpHandler =>
  async () => ({ statusCode: 200, headers: {}, body })
const handle = byEndpoint(AUI_RTC_TOKEN, {
  'POST /api/v1/live/getRtcAuthToken': saying('rooms'),
  'POST /api/v2/aiagent/getRtcAuthToken': saying('agents'),
})
const answer = async (routeKey?: string) => (await handle({ routeKey } as HttpEvent, {} as Context)).body

describe('lib/http/by-endpoint', () => {
  it('gives each request to the handler of its endpoint', async () => {
    expect(await answer('POST /api/v1/live/getRtcAuthToken')).toBe('rooms')
    expect(await answer('POST /api/v2/aiagent/getRtcAuthToken')).toBe('agents')
  })

  it.each([undefined, '$default', 'constructor', 'GET /api/v1/live/getRtcAuthToken'])(
    'takes %s for the first endpoint',
    async (routeKey) => {
      expect(await answer(routeKey)).toBe('agents')
    },
  )
})
