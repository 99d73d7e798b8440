import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { freePort } from '../identity-providers/processes.ts'

/** Where a stage that gives this one answer listens. */
const stageThat = async (status: number, body: string): Promise<string> => {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What the page gets of the back end, and what that prints. */
const asked = async (env: { readonly API: string; readonly CALLER_KEY: string }) => {
  const port = await freePort()
  const child = spawn(process.execPath, ['examples/smallest/back-end.mjs'], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...env, PORT: String(port) },
  })
  onTestFinished(() => void child.kill())
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/third-user-data`, { method: 'POST' }).catch(
      () => undefined,
    )
    if (answer !== undefined) {
      const body = await answer.text()
      child.kill()
      await once(child, 'close')
      return { status: answer.status, body, printed }
    }
    await sleep(100)
  }
  throw new Error(`the back end does not listen: ${printed}`)
}

const CALLER_KEY = 'ctb_of-this-test'

describe('examples/smallest/back-end.mjs', () => {
  it.each([
    [401, '{"code":"UNAUTHENTICATED","message":"x"}', '401 UNAUTHENTICATED'],
    [404, '{"message":"Not Found"}', '404 '],
    [502, '<html>ctb_of-this-test</html>', '502 '],
  ])('prints status and code of an answer %i, and not its body', async (status, body, told) => {
    expect(await asked({ API: await stageThat(status, body), CALLER_KEY })).toEqual({
      ...{ status: 503, body: '{}' },
      printed: `No token: ${told}\n`,
    })
  })

  it('prints why nothing answers', async () => {
    const API = `http://127.0.0.1:${await freePort()}`
    expect((await asked({ API, CALLER_KEY })).printed).toBe('No token: ECONNREFUSED\n')
  })

  it('prints no key that no header can hold', async () => {
    const API = await stageThat(201, '{}')
    expect((await asked({ API, CALLER_KEY: `${CALLER_KEY}\nb` })).printed).toBe('No token: TypeError\n')
  })

  it('prints nothing when there is a token', async () => {
    const API = await stageThat(201, '{"thirdUserData":{"thirdUserId":"1"}}')
    expect(await asked({ API, CALLER_KEY })).toEqual({
      status: 200,
      body: '{"thirdUserId":"1"}',
      printed: '',
    })
  })
})
