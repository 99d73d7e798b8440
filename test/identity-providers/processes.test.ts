import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePort, type ProviderStart, startProvider } from './processes.ts'

/** A server with a child of its own. */
const SERVER = `require('node:child_process').spawn('sleep', ['600'])
require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT, '127.0.0.1')`

let folder: string
let start: ProviderStart
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provider-'))
  const port = await freePort()
  start = {
    command: process.execPath,
    args: ['-e', SERVER],
    env: { PORT: String(port) },
    folder,
    readyUrl: `http://127.0.0.1:${port}`,
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const isGroupThere = (pid: number): boolean => {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}
const expectGone = (pid: number) => vi.waitFor(() => expect(isGroupThere(pid)).toBe(false), 10_000)

describe('test/identity-providers/processes', () => {
  it('starts a provider, and ends it with its children', async () => {
    const provider = await startProvider(start)
    expect(isGroupThere(provider.pid)).toBe(true)
    await provider.stop()
    await expectGone(provider.pid)
  })

  it('leaves none behind when the process of the test is killed', async () => {
    const test = fork(join(import.meta.dirname, 'forked-start.ts'), { execArgv: [] })
    test.send(start)
    const [pid] = (await once(test, 'message')) as [number]
    expect(isGroupThere(pid)).toBe(true)
    test.kill('SIGKILL')
    await expectGone(pid)
  })

  it('says what a provider printed that does not come up', async () => {
    const args = ['-e', 'console.log("no such option"); process.exit(2)']
    await expect(startProvider({ ...start, args })).rejects.toThrow(/ended: no such option/)
  })
})
