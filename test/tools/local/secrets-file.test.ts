import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSecretsFile } from '../../../tools/local/secrets-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'secrets-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (content: string) => {
  const path = join(folder, 'secrets.json')
  writeFileSync(path, content)
  return readSecretsFile(path)
}

describe('tools/local/secrets-file', () => {
  it('takes a file behind a byte order mark, and refuses one that is not JSON', () => {
    const json = '{"cec-token-bridge/local/jwks":{"keys":[]}}'
    expect(read(`\ufeff${json}\r\n`)).toEqual({ 'cec-token-bridge/local/jwks': '{"keys":[]}' })
    expect(() => read(`x${json}`)).toThrow('is not JSON')
  })
})
