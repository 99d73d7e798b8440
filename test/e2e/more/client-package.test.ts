import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PROJECT_ROOT } from '../../../tools/local/offline-process.ts'
import { run, runNode } from '../process.ts'

const CLIENT = join(PROJECT_ROOT, 'client')
const TSC = join(PROJECT_ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** What the compiler says of a page's own source that imports the published package. */
const compiled = async (source: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(CLIENT, join(folder, 'node_modules', 'cec-token-bridge-client'))
  writeFileSync(join(folder, 'page.mts'), source)
  const options = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--types',
    '',
    '--lib',
    'ES2023,DOM',
  ]
  return runNode([TSC, ...options, '--module', 'nodenext', '--target', 'es2022', 'page.mts'], { cwd: folder })
}

describe('npm run client', () => {
  let printed = ''
  beforeAll(async () => {
    const { code, stdout } = await runNode(['tools/client/build.ts'])
    expect(code).toBe(0)
    printed = stdout
  })

  it('prints size and integrity of both forms, as it writes them', () => {
    const integrity = JSON.parse(readFileSync(join(CLIENT, 'dist', 'integrity.json'), 'utf8'))
    expect(Object.keys(integrity)).toEqual(['index.js', 'cec-token-bridge-client.js'])
    for (const [name, hash] of Object.entries(integrity)) {
      expect(printed).toMatch(new RegExp(`client/dist/${name} +\\d{4} bytes \\(gzip\\)  `))
      expect(printed).toContain(hash)
    }
  })

  it('makes a package of the project’s version, without dependencies', () => {
    const client = manifest(CLIENT)
    expect(client.version).toBe(manifest(PROJECT_ROOT).version)
    expect(Object.keys(client).filter((name) => /dependencies/i.test(name))).toEqual([])
  })

  it('publishes what its package.json names, and no source', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: CLIENT })
    const packed = Object.values(JSON.parse(stdout)) as { files: { path: string }[] }[]
    const files = packed[0]?.files.map(({ path }) => path) ?? []
    const { exports } = manifest(CLIENT)
    const named = [exports['.'].types, exports['.'].default, exports['./script']].map((path) => path.slice(2))
    expect(files).toEqual(
      expect.arrayContaining([...named, 'README.md', 'package.json', 'dist/integrity.json', 'dist/LICENSE']),
    )
    expect(files.filter((path) => path.startsWith('src/'))).toEqual([])
  })

  it('has types for a page: a good use compiles, a wrong one does not', async () => {
    const use = (locale: string): string => `
      import { type Chat, ClientError, openChat, pageObject } from 'cec-token-bridge-client'
      const chat: Chat = await openChat({
        api: 'https://api.example.com', tokenSource: async () => ({ accessToken: '', expiresIn: 1 }),
        userId: '1', userName: 'Tom', channelId: 'c', locale: ${locale},
        onMessage: ({ content }) => void content?.length,
        onEnd: (error?: ClientError) => void error?.retryAfterSeconds,
      })
      await chat.send('Hello', { signal: AbortSignal.timeout(1000) })
      pageObject satisfies Function`
    expect(await compiled(use("'en'"))).toMatchObject({ code: 0, stdout: '' })
    const wrong = await compiled(use('7'))
    expect(wrong.stdout).toContain("Type 'number' is not assignable to type 'string'")
  })
})
