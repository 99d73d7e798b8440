import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type OfflineProcess,
  PROJECT_ROOT,
  startOfflineProcess,
} from '../../../tools/local/offline-process.ts'
import type { RunningStack } from '../../../tools/local/running-stack.ts'
import { runNode } from '../process.ts'

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'
const KEY = { authorization: 'Bearer ctb_local-development-only' }
const TOM = { userId: '10010001', userName: 'Tom', tenantSpaceId: '202007159031' }

describe('commands against npm start', () => {
  let server: OfflineProcess
  let file: string
  beforeAll(async () => {
    server = await startOfflineProcess()
    file = join(PROJECT_ROOT, `node_modules/.cache/cec-token-bridge/local-${server.pid}.json`)
  })
  afterAll(async () => {
    await server.stop()
    expect(existsSync(file)).toBe(false)
  })

  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    // biome-ignore lint/suspicious/noExplicitAny: whatever a route answers
    return (await response.json()) as any
  }
  const issue = async (): Promise<string> => (await post('/enterprise-tokens', TOM, KEY)).token
  const retCode = async (Token: string): Promise<number> => (await post(VALIDATE, { Token, ...TOM })).retCode
  /** Against this server, of those that other tests run at the same time. */
  const command = (name: string, ...args: string[]) => {
    const { endpoints } = JSON.parse(readFileSync(file, 'utf8')) as RunningStack
    return runNode(['tools/operator/operator.ts', name, ...args], { env: { ...endpoints } })
  }
  const rotate = (...args: string[]) => command('rotate', ...args)

  it('shows the tokens that were asked for, and never a token', async () => {
    const body = { ...TOM, channelId: 'web-1', locale: 'en' }
    const { tenantSpaceId, ...request } = body
    await post('/apiaccess/ccmessaging/applyToken', request, KEY)
    const { code, stdout, stderr } = await command('tokens')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^cec +${tenantSpaceId} +\\d+ s +\\d+ min`, 'm'))
    expect(stdout).toContain('No blocks: no vendor refuses credentials.')
    expect(stdout).not.toContain('eyJ')
    const unblocked = await command('tokens', '--unblock', 'oiap', tenantSpaceId)
    expect([unblocked.code, unblocked.stderr]).toEqual([
      1,
      `There is no block of oiap for ${tenantSpaceId}. Nothing was done.\n`,
    ])
  })

  it('finds nothing wrong with the stage, nor with its tenant', async () => {
    for (const args of [[], ['--tenant', TOM.tenantSpaceId]]) {
      const { code, stdout, stderr } = await command('doctor', ...args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^Keys: signing key public since/m)
      expect(stdout).not.toContain('Wrong:')
    }
  })

  it('rotates keys while tokens stay good, then drops a key with all its tokens by the command that it prints', async () => {
    const old = await issue()
    const ordinary = await rotate()
    expect(ordinary).toMatchObject({ code: 0, stderr: '' })
    expect(ordinary.stdout).toContain('Done.')
    expect(await retCode(old)).toBe(0)

    const unnamed = await rotate('--compromised')
    expect(unnamed.code).toBe(1)
    expect(await retCode(old)).toBe(0)
    const [, kid = ''] = Buffer.from(old.split('.')[0] ?? '', 'base64url')
      .toString()
      .match(/"kid":"([^"]+)"/) ?? ['']
    expect(ordinary.stdout).toMatch(new RegExp(`${kid}.*retired`))
    const [printed = ''] = /npm run rotate -- --compromised [\w-]{43}$/m.exec(unnamed.stderr) ?? []
    const named = await rotate(...printed.split(' ').slice(4))
    expect(named).toMatchObject({ code: 0, stderr: '' })
    expect(await retCode(old)).toBe(0)

    const dropped = await rotate('--compromised', kid)
    expect(dropped).toMatchObject({ code: 0, stderr: '' })
    expect(dropped.stdout).toContain('From within a second nothing that it signed is accepted')
    await sleep(1_000)
    expect(await retCode(old)).toBe(2)
  })

  it('puts a caller into the stage, moves all callers into the table, and lists and revokes them there', async () => {
    const said = async (name: string, ...args: string[]) => {
      const { code, stdout, stderr } = await command(name, ...args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return stdout
    }
    expect(await said('caller-key', 'shop', 'T-1', '--stage', 'local')).toMatch(/^ctb_[A-Za-z0-9_-]{43}$/m)
    expect(await said('callers', 'list')).toMatch(/^shop +caller +secret +T-1 /m)
    expect(await said('callers', 'move')).toContain('Moved: 2 callers and 0 entries of issuers.')
    const listed = await said('callers', 'list')
    expect(listed).toMatch(/^local-development +caller +key#[0-9a-f]{12} /m)
    expect(listed).toMatch(/^shop +caller +key#[0-9a-f]{12} +T-1 /m)
    expect(await said('callers', 'revoke', 'shop')).toContain('It ends within a second.')
    expect(await said('callers', 'list')).not.toContain('shop')
  })
})
