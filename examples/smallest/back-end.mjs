import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const { API = 'http://127.0.0.1:3000', CALLER_KEY, PORT = '8082' } = process.env
const page = readFileSync(new URL('index.html', import.meta.url))
const signedIn = () => ({ userId: '10010001', userName: 'Tom' }) // yours: the user of the session, or undefined

const thirdUserData = (user) =>
  fetch(`${API}/enterprise-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CALLER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...user, tenantSpaceId: '202007159031' }),
  }).then(async (answer) => {
    const { thirdUserData, code = '' } = await answer.json().catch(() => ({}))
    if (thirdUserData) return thirdUserData
    throw new Error('refused', { cause: { code: `${answer.status} ${code}` } })
  })

createServer(async ({ method, url, headers }, response) => {
  if (url === '/') return response.setHeader('content-type', 'text/html').end(page)
  if (method !== 'POST' || url !== '/third-user-data') return response.writeHead(404).end()
  const user = signedIn(headers.cookie)
  if (user === undefined) return response.writeHead(401).end()
  const data = await thirdUserData(user).catch(({ name, cause }) =>
    console.error('No token:', cause?.code ?? name),
  )
  response.writeHead(data ? 200 : 503, { 'cache-control': 'no-store' }).end(JSON.stringify(data ?? {}))
}).listen(Number(PORT), '127.0.0.1')
