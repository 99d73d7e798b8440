import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { run } from '../../tools/program.ts'
import { digestsOf } from '../../tools/release/digests.ts'
import { FUNCTIONS } from '../template/golden.ts'

const [first, second] = inject('releases')
const SIGNED = 'provenance.dsse.json'

/** What of two releases is not the same, byte by byte. */
const differences = (one: string, other: string): string[] => {
  const [ones, others] = [one, other].map((folder) =>
    Object.fromEntries(digestsOf(folder).map(({ name, sha256 }) => [name, sha256])),
  )
  return [...new Set([...Object.keys(ones ?? {}), ...Object.keys(others ?? {})])]
    .filter((name) => ones?.[name] !== others?.[name])
    .sort()
}

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'release-copy-'))
  cpSync(first, copy, { recursive: true })
})
afterAll(() => rmSync(copy, { recursive: true }))

const check = () => run('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: copy, env: process.env })

describe('npm run release', () => {
  it('makes the same bytes in two clones, but for the signature', () => {
    expect(differences(first, second)).toEqual([SIGNED])
  })

  it('refuses to stand in the place of its clone', async () => {
    const clone = dirname(dirname(first))
    const env = { ...process.env, INIT_CWD: clone }
    const refused = run('npm', ['run', '--silent', 'release', '--', '--to', '.'], { cwd: clone, env })
    await expect(refused).rejects.toThrow(`--to: ${clone} holds this clone.`)
    expect(readFileSync(join(clone, 'package.json'), 'utf8')).toContain('"cec-token-bridge"')
  })

  it('makes what docs/releases.md names', () => {
    const names = digestsOf(first).map(({ name }) => name)
    const functions = names.filter((name) => name.startsWith('functions/'))
    expect(functions.map((name) => name.replace(/^functions\/|-[0-9a-f]{16}\.zip$/g, '')).sort()).toEqual(
      [...FUNCTIONS].sort(),
    )
    const document = readFileSync('docs/releases.md', 'utf8')
    const undocumented = names
      .map((name) => name.replace(/\/.*/, '/'))
      .filter((name) => !document.includes(`\`${name}`))
    expect([...new Set(undocumented)]).toEqual([])
  })

  it('lists digests of all files that sha256sum finds right, and one changed byte is found', async () => {
    await check()
    const file = join(copy, 'client', 'index.js')
    const content = readFileSync(file)
    content[0] = (content[0] ?? 0) ^ 1
    writeFileSync(file, content)
    await expect(check()).rejects.toThrow('client/index.js: FAILED')
    expect(differences(first, copy)).toEqual(['client/index.js'])
  })

  it('tells neither a folder nor a moment of the machine that made it', () => {
    const texts = digestsOf(first)
      .filter(({ name }) => !name.endsWith('.zip'))
      .map(({ name }) => [name, readFileSync(join(first, name), 'utf8')] as const)
    const telling = texts.filter(([, text]) => text.includes(tmpdir()) || text.includes(process.cwd()))
    expect(telling.map(([name]) => name)).toEqual([])
  })
})
