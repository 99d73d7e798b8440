import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server, type TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { operate } from '../../../tools/operator/operator.ts'
import { crossSigned, type KeyPair, newAuthority, newServerCertificate } from '../../support/certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'cert-'))
const servers: Server[] = []
let root: KeyPair
let intermediate: KeyPair
let leaf: KeyPair
beforeAll(async () => {
  root = await newAuthority('Root')
  intermediate = await newAuthority('Intermediate', root)
  leaf = await newServerCertificate(intermediate)
  writeFileSync(join(folder, 'root.pem'), root.cert)
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const listening = async (options: TlsOptions): Promise<string> => {
  const server = createServer(options)
  servers.push(server)
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/validate`
}
const chained = (...certificates: readonly KeyPair[]) => ({
  key: leaf.key,
  cert: certificates.map(({ cert }) => cert).join('\n'),
})
const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['cert', ...args], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}
const out = (name: string): string => join(folder, name)
const subjectsIn = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(out(name)).map((file) => [
      file,
      new X509Certificate(readFileSync(join(out(name), file))).subject,
    ]),
  )
const ALL = { 'leaf.cer': 'CN=vendor.example', 'intermediate.cer': 'CN=Intermediate', 'root.cer': 'CN=Root' }

describe('tools/operator/cert', () => {
  it('writes the three certificates of a server that shows them, and says that the root is to be handed over', async () => {
    const url = await listening(chained(leaf, intermediate, root))
    const { code, said, complained } = await run('--url', url, '--out', out('three'))
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(subjectsIn('three')).toEqual(ALL)
    const ends = new Date(new X509Certificate(root.cert).validTo).toISOString().slice(0, 10)
    expect(said).toContain(
      `Hand to CEC's operators: ${join(out('three'), 'root.cer')}, which ends on ${ends}.`,
    )
    expect(said).toContain('This machine does not trust the server (SELF_SIGNED_CERT_IN_CHAIN).')
  })

  it.runIf(hasOpenssl())('writes what openssl reads as DER', async () => {
    const url = await listening(chained(leaf, intermediate, root))
    await run('--url', url, '--out', out('openssl'))
    for (const [file, subject] of Object.entries(ALL)) {
      const args = ['x509', '-inform', 'der', '-in', join(out('openssl'), file), '-noout', '-subject']
      expect(execFileSync('openssl', args, { encoding: 'utf8' })).toContain(subject.slice('CN='.length))
    }
  })

  it('finds the root that the server does not show among those that it is given', async () => {
    const url = await listening(chained(leaf, intermediate))
    const { code, said } = await run('--url', url, '--out', out('given'), '--ca', join(folder, 'root.pem'))
    expect(code).toBe(0)
    expect(subjectsIn('given')).toEqual(ALL)
    expect(said).not.toContain('does not show its whole chain')
    // The twin, without it
    const without = await run('--url', url, '--out', out('not-given'))
    expect(without).toMatchObject({
      code: 1,
      complained: 'The root of this chain is not known here. Ask for it, and name it with --ca.',
    })
    expect(without.said).toContain('No root was found')
  })

  it('ends at a trusted root where the server shows one of that name and key which an unknown root has signed', async () => {
    const cross = await crossSigned('Root', root, await newAuthority('Older root'))
    const url = await listening(chained(leaf, intermediate, cross))
    const { code, said, complained } = await run(
      ...['--url', url, '--out', out('cross'), '--ca', join(folder, 'root.pem'), '--json'],
    )
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(subjectsIn('cross')).toEqual(ALL)
    expect(new X509Certificate(readFileSync(join(out('cross'), 'root.cer'))).fingerprint256).toBe(
      new X509Certificate(root.cert).fingerprint256,
    )
    expect(JSON.parse(said)).toMatchObject({ isComplete: true, fault: null })
    // The twin: another root of that name has another key
    writeFileSync(join(folder, 'namesake.pem'), (await newAuthority('Root')).cert)
    const refused = await run(
      ...['--url', url, '--out', out('namesake'), '--ca', join(folder, 'namesake.pem'), '--json'],
    )
    expect(refused).toMatchObject({
      code: 1,
      complained: 'The root of this chain is not known here. Ask for it, and name it with --ca.',
    })
    expect(JSON.parse(refused.said)).toMatchObject({ isComplete: false })
  })

  it('says that a server does not show its intermediate', async () => {
    const url = await listening(chained(leaf))
    const { code, said } = await run('--url', url, '--out', out('alone'))
    expect(code).toBe(1)
    expect(subjectsIn('alone')).toEqual({ 'leaf.cer': 'CN=vendor.example' })
    expect(said).toContain('The server does not show its whole chain')
  })

  it('tells scripts the same', async () => {
    const url = await listening(chained(leaf, intermediate, root))
    const { said } = await run('--url', url, '--out', out('json'), '--json')
    expect(JSON.parse(said)).toMatchObject({
      files: [
        { role: 'leaf', isToHandOver: false },
        { role: 'intermediate', isToHandOver: false },
        { role: 'root', isToHandOver: true, endsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      ],
      fault: 'SELF_SIGNED_CERT_IN_CHAIN',
    })
  })

  it.each([
    [[], 2, '--url: expected an https address.\n'],
    [['--url', 'http://127.0.0.1'], 2, '--url: expected an https address.\n'],
    [
      ['--url', 'https://127.0.0.1', '--ca', 'no-such-file'],
      2,
      '--ca: no-such-file cannot be read (ENOENT).\n',
    ],
    [['--url', 'https://127.0.0.1:9'], 1, '127.0.0.1:9 cannot be reached by TLS (ECONNREFUSED).'],
  ])('ends %j with %i and a sentence', async (args, code, sentence) => {
    const outcome = await run(...args)
    expect(outcome.code).toBe(code)
    expect(outcome.complained).toContain(sentence)
  })
})

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}
