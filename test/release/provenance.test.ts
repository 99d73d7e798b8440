import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { run } from '../../tools/program.ts'
import { envelope } from '../../tools/release/provenance.ts'
import { readSigningKey } from '../../tools/release/signing-key.ts'

/** `.ci/attestation`: the code of in-toto and of secure-systems-lab, and a few lines of ours that call it. */
const CHECK = join(PROJECT_ROOT, '.ci', 'tools', 'attestation')
const ENVELOPE = 'provenance.dsse.json'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-provenance-'))
  cpSync(inject('releases')[0], folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const checked = (file = 'SHA256SUMS', key = inject('publicKey')): Promise<string> =>
  run(CHECK, [key, ENVELOPE, file], { cwd: folder, env: process.env, timeoutMs: 60_000 })

const edit = (name: string, change: (text: string) => string): void => {
  const file = join(folder, name)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
}

/** Changes the statement within the envelope, whose signature stays. */
const editStatement = (change: (text: string) => string): void => {
  const { payload } = JSON.parse(readFileSync(join(folder, ENVELOPE), 'utf8')) as { payload: string }
  const statement = Buffer.from(payload, 'base64').toString()
  const other = change(statement)
  expect(other).not.toBe(statement)
  edit(ENVELOPE, (text) => text.replace(payload, Buffer.from(other).toString('base64')))
}

describe("provenance.dsse.json of the release, by the code of in-toto's makers", () => {
  it.each(['SHA256SUMS', 'template.json', 'sbom.cdx.json'])('vouches for %s', async (file) => {
    expect(await checked(file)).toBe(`${file}, made by urn:cec-token-bridge:builder:unattested\n`)
  })

  it('does not vouch for a file that was changed, and still for the others', async () => {
    edit('template.json', (text) => text.replace('"POST /users/batch"', '"POST /users/patch"'))
    await expect(checked('template.json')).rejects.toThrow('subject: the statement has no file')
    await checked('SHA256SUMS')
  })

  it('is refused when the statement was changed', async () => {
    editStatement((text) => text.replace(/"gitCommit": "[0-9a-f]{40}"/, `"gitCommit": "${'0'.repeat(40)}"`))
    await expect(checked()).rejects.toThrow('signature: ')
  })

  it('is refused by another key', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const other = join(folder, 'other.pub')
    writeFileSync(other, publicKey.export({ type: 'spki', format: 'pem' }))
    await expect(checked('SHA256SUMS', other)).rejects.toThrow('signature: ')
  })

  it('holds the statement that lies beside it, of the commit that is checked out', async () => {
    const { payload } = JSON.parse(readFileSync(join(folder, ENVELOPE), 'utf8')) as { payload: string }
    const statement = readFileSync(join(folder, 'provenance.json'), 'utf8')
    expect(Buffer.from(payload, 'base64').toString()).toBe(statement)
    const commit = await run('git', ['rev-parse', 'HEAD'], { cwd: PROJECT_ROOT, env: process.env })
    expect(statement).toContain(`"gitCommit": "${commit.trim()}"`)
  })

  it.each([
    ['a statement without a subject', { subject: [] }, 'statement: '],
    [
      'a predicate of another kind',
      { predicateType: 'https://slsa.dev/provenance/v0.2' },
      'statement: a predicate of',
    ],
    ['a provenance without a builder', { predicate: { buildDefinition: {} } }, 'provenance: '],
  ])('would be refused for %s, signed as it may be', async (_, members, told) => {
    const key = readSigningKey(inject('signingKeyFile'))
    const statement = JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8')) as object
    const signed = (value: object) =>
      writeFileSync(join(folder, ENVELOPE), JSON.stringify(envelope(JSON.stringify(value), key)))
    signed(statement)
    await checked()
    signed({ ...statement, ...members })
    await expect(checked()).rejects.toThrow(told)
  })
})
