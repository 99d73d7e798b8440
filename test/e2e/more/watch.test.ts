/** A developer goes on working while the stage runs: other programs write into this folder, and editors into lib/ and functions/. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject } from '../../../tools/package/project-copy.ts'
import { type Server, startServer } from '../server.ts'

const CHAT = '/apiaccess/ccmessaging'
const KEY = { authorization: 'Bearer ctb_local-development-only', 'content-type': 'application/json' }
const TOM = { userId: '10010001', userName: 'Tom', channelId: 'web-channel-1', locale: 'en' }

describe('npm start, while its folder changes', () => {
  const project = join(mkdtempSync(join(tmpdir(), 'watched-')), 'project')
  let server: Server
  beforeAll(async () => {
    copyProject(project)
    server = await startServer({ project })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(join(project, '..'), { recursive: true })
  })

  const write = (name: string, content: string): void => {
    const file = join(project, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }

  /** Polls that nothing answers for five seconds each: at every moment of this time a call is under way. */
  const polled = async (times: number): Promise<number[]> => {
    const body = JSON.stringify(TOM)
    const applied = await fetch(`${server.url}${CHAT}/applyToken`, { method: 'POST', headers: KEY, body })
    const { token } = (await applied.json()) as { token: string }
    const query = new URLSearchParams({ receiverId: TOM.userId, channel: 'WEB' })
    const headers = { ...KEY, 'ccmessaging-token': token }
    const statuses: number[] = []
    for (let count = 0; count < times; count += 1)
      statuses.push((await fetch(`${server.url}${CHAT}/poll?${query}`, { headers })).status)
    return statuses
  }

  it('answers by a changed source of lib/ without a new start', async () => {
    const maxAge = async () =>
      (await fetch(`${server.url}/.well-known/jwks.json`)).headers.get('cache-control')
    expect(await maxAge()).toBe('public, max-age=300')

    const file = 'lib/jwt/format.ts'
    const source = readFileSync(join(project, file), 'utf8')
    const changed = source.replace('JWKS_MAX_AGE_SECONDS = 300', 'JWKS_MAX_AGE_SECONDS = 299')
    expect(changed).not.toBe(source)
    write(file, changed)

    await expect.poll(maxAge, { timeout: 30_000, interval: 200 }).toBe('public, max-age=299')
  })

  // After the test above, which shows that the stage sees changes by now.
  it('ends no call for what an installation, a build or an editor of tests writes', async () => {
    for (const name of [
      'examples/typescript/node_modules/installed/index.js',
      'tools/bench/node_modules/installed/index.js',
      'client/dist/index.js',
      'test/e2e/another.test.ts',
    ])
      write(name, 'export {}\n')
    expect(await polled(3)).toEqual([200, 200, 200])
  })
})
