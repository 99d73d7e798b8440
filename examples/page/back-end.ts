/**
 * `npm run page`: the back end of a small site. It keeps the caller key, signs its user in, and hands the user's page access
 * tokens. The API must let the page in: `npm start -- --param=corsOrigins=http://localhost:8080`.
 */

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const {
  PAGE_PORT = '8080',
  API = 'http://127.0.0.1:3000',
  CALLER_KEY = 'ctb_local-development-only',
} = process.env
const TOM = { userId: '10010001', userName: 'Tom' }
const GRANT = { tenantSpaceId: '202007159031', scopes: ['chat-token:issue', 'chat:relay'] }
const FILES: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['index.html', 'text/html'],
  '/client.js': ['../../client/dist/index.js', 'text/javascript'],
}
const sessions = new Set<string>()

const accessToken = (): Promise<Response> =>
  fetch(`${API}/access-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CALLER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...TOM, ...GRANT }),
  }).catch(() => Response.json({ message: 'the API cannot be reached' }, { status: 503 }))

createServer(async ({ method, url = '', headers }, response) => {
  const [file, type] = FILES[url] ?? []
  if (file !== undefined) {
    const session = randomUUID() // where a real site asks for a password, this one takes everybody for Tom
    if (url === '/') response.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict`)
    if (url === '/') sessions.add(session)
    return response.setHeader('content-type', `${type}`).end(readFileSync(new URL(file, import.meta.url)))
  }
  if (!sessions.has(/session=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? ''))
    return response.writeHead(401).end()
  if (url === '/settings') return response.end(JSON.stringify({ api: API, ...TOM }))
  if (url !== '/access-token' || method !== 'POST') return response.writeHead(404).end()
  const answer = await accessToken()
  return response.writeHead(answer.status, { 'cache-control': 'no-store' }).end(await answer.text())
}).listen(Number(PAGE_PORT), '127.0.0.1', () => console.log(`The page is http://localhost:${PAGE_PORT}`))
