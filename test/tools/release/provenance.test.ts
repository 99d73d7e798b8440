import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestsOf, sha256, sumsText } from '../../../tools/release/digests.ts'
import { envelope, statement } from '../../../tools/release/provenance.ts'
import { readSigningKey } from '../../../tools/release/signing-key.ts'
import { secret } from '../../support/canary.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-provenance-'))
  mkdirSync(join(folder, 'b'))
  writeFileSync(join(folder, 'b', 'c'), 'c')
  writeFileSync(join(folder, 'Z'), 'z')
  writeFileSync(join(folder, 'a'), 'a')
})
afterAll(() => rmSync(folder, { recursive: true }))

const pemOf = (kind: 'ed25519' | 'prime256v1' | 'secp384r1'): string => {
  const { privateKey } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: kind })
  return secret('signing key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
}
const keyFile = (content: string): string => {
  const file = join(folder, 'b', 'key.pem')
  writeFileSync(file, content)
  return file
}

describe('tools/release/digests', () => {
  it('lists every file of every folder by its bytes, as sha256sum does', () => {
    expect(sumsText(digestsOf(folder))).toBe(`${sha256('z')}  Z\n${sha256('a')}  a\n${sha256('c')}  b/c\n`)
  })
})

const MADE = {
  name: 'p',
  version: '1.2.3',
  commit: 'c0',
  lockfile: '10',
  node: 'v24.1.0',
  builder: 'urn:b',
  files: [{ name: 'a', sha256: 'f'.repeat(64) }],
}

describe('tools/release/provenance: statement', () => {
  it('says where the commit is, when package.json does', () => {
    const uriWith = (repository: string) => {
      const { predicate } = statement({ ...MADE, repository }) as {
        predicate: { buildDefinition: { resolvedDependencies: { uri?: string }[] } }
      }
      return predicate.buildDefinition.resolvedDependencies[0]?.uri
    }
    expect(uriWith('git+https://git.example.com/p.git')).toBe('git+https://git.example.com/p.git@c0')
    for (const other of ['https://git.example.com/p.git', 'team/p', 'git+https://user@git.example.com/p'])
      expect(() => uriWith(other)).toThrow('repository.url: expected git+https://, a host and a path')
  })

  it('says of which commit, lockfile and Node, by whom, and for which files', () => {
    const made = { ...MADE, repository: undefined }
    expect(statement(made)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'a', digest: { sha256: 'f'.repeat(64) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'urn:cec-token-bridge:build:npm-run-release:v1',
          externalParameters: { commit: 'c0', version: '1.2.3' },
          resolvedDependencies: [
            { name: 'p', digest: { gitCommit: 'c0' } },
            { name: 'package-lock.json', digest: { sha256: '10' } },
            { name: 'node', uri: 'pkg:generic/node@24.1.0' },
          ],
        },
        runDetails: { builder: { id: 'urn:b' } },
      },
    })
  })
})

describe('tools/release/provenance: envelope', () => {
  it.each(['ed25519', 'prime256v1'] as const)(
    'is signed with a key of %s over its own type and text',
    (kind) => {
      const key = readSigningKey(keyFile(pemOf(kind)))
      const { payloadType, payload, signatures } = envelope('{"a":"ü"}', key) as {
        payloadType: string
        payload: string
        signatures: { sig: string }[]
      }
      expect(Buffer.from(payload, 'base64').toString()).toBe('{"a":"ü"}')
      const isSigned = (text: string) =>
        verify(
          kind === 'ed25519' ? null : 'sha256',
          Buffer.from(text),
          createPublicKey(key),
          Buffer.from(signatures[0]?.sig ?? '', 'base64'),
        )
      expect(isSigned(`DSSEv1 28 ${payloadType} 10 {"a":"ü"}`)).toBe(true)
      expect(isSigned(`DSSEv1 28 ${payloadType} 10 {"a":"u"}`)).toBe(false)
    },
  )
})

describe('tools/release/signing-key: readSigningKey', () => {
  it('refuses a file that is not there, is no key, or is a key of another kind', () => {
    expect(() => readSigningKey(join(folder, 'none.pem'))).toThrow(
      /^--key: .*none\.pem cannot be read \(ENOENT\)\.$/,
    )
    const expected =
      '--key: expected a private key in PEM, of ECDSA on P-256 or of Ed25519, without a passphrase'
    expect(() => readSigningKey(keyFile('no key'))).toThrow(`${expected}. This makes one: openssl genpkey`)
    expect(() => readSigningKey(keyFile(pemOf('secp384r1')))).toThrow(`${expected}.`)
    expect(readSigningKey(keyFile(pemOf('prime256v1'))).type).toBe('private')
  })
})
