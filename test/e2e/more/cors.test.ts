import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVERLESS } from '../../../tools/local/offline-process.ts'
import { runNode } from '../process.ts'
import { type Server, startServer } from '../server.ts'

const LISTED = 'http://localhost:5173'
const POLL = '/apiaccess/ccmessaging/poll?channel=WEB&receiverId=10010001'

const corsOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')))

const SHOWN = {
  'access-control-allow-origin': LISTED,
  'access-control-expose-headers': 'ccmessaging-token,x-request-id,retry-after',
}

describe('npm start, with corsOrigins', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ params: { corsOrigins: `${LISTED}, https://shop.example` } })
  })
  afterAll(() => server.stop())

  const from = (origin: string, path = '/.well-known/jwks.json') =>
    fetch(server.url + path, { headers: { origin } })

  const preflight = (origin: string) =>
    fetch(server.url + POLL, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,x-anything',
      },
    })

  it('shows a page of a listed origin what the deployed API shows it', async () => {
    const response = await from(LISTED)
    expect([response.status, corsOf(response)]).toEqual([200, SHOWN])
    expect(corsOf(await from('https://shop.example'))).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
    })
  })

  it('shows it failures too: a function’s, and that of a path that is none', async () => {
    const refused = await from(LISTED, POLL)
    expect([refused.status, corsOf(refused)]).toEqual([401, SHOWN])
    const unknown = await from(LISTED, '/no-such-path')
    expect([unknown.status, corsOf(unknown)]).toEqual([404, SHOWN])
  })

  it.each(['https://evil.example', 'http://localhost:5174', 'https://localhost:5173', 'null'])(
    'shows a page of %s nothing',
    async (origin) => {
      const response = await from(origin)
      expect([response.status, corsOf(response)]).toEqual([200, {}])
    },
  )

  it('answers a preflight with what may be sent, and no more, to a listed origin alone', async () => {
    const allowed = await preflight(LISTED)
    expect([allowed.status, corsOf(allowed)]).toEqual([
      204,
      {
        'access-control-allow-origin': LISTED,
        'access-control-allow-headers':
          'authorization,content-type,ccmessaging-token,x-tenant-space-id,x-refused-token,prefer,x-live-env',
        'access-control-allow-methods': 'GET,POST',
      },
    ])
    const other = await preflight('https://evil.example')
    expect([other.status, corsOf(other)]).toEqual([204, {}])
  })

  it('says which pages may call', () => {
    expect(server.output()).toContain(`# pages that may call from a browser: ${LISTED}, https://shop.example`)
  })
})

describe('npm start, without corsOrigins', () => {
  it('lets no page in, and says how to', async () => {
    const server = await startServer()
    try {
      const response = await fetch(`${server.url}/.well-known/jwks.json`, { headers: { origin: LISTED } })
      expect([response.status, corsOf(response)]).toEqual([200, {}])
      const preflight = await fetch(server.url + POLL, { method: 'OPTIONS', headers: { origin: LISTED } })
      expect([preflight.status, corsOf(preflight)]).toEqual([404, {}])
      expect(server.output()).toContain('npm start -- --param=corsOrigins=http://localhost:5173')
    } finally {
      await server.stop()
    }
  })

  it.each([
    ['*', 'expected no "*"'],
    ['http://shop.example', 'expected https:// and a host'],
    ['https://shop.example/', 'expected "https://shop.example", as a browser sends it'],
  ])('refuses %s as an origin', async (origin, expected) => {
    const result = await runNode([SERVERLESS, 'offline', 'start', `--param=corsOrigins=${origin}`])
    expect(result).toMatchObject({ code: 1, leftNothing: true })
    expect(result.stdout).toContain(`corsOrigins (--param) says "${origin}": ${expected}`)
  })
})
