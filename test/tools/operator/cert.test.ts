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
const brokenPem = join(folder, 'broken.pem')
writeFileSync(brokenPem, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n')
const day = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10)
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

  describe('with the root at hand', () => {
    const ca = join(folder, 'root.pem')
    const shownWith = async (own: KeyPair, ...more: string[]) => {
      const certificates = [own, intermediate].map(({ cert }) => cert).join('\n')
      const url = await listening({ key: own.key, cert: certificates })
      return run('--url', url, '--out', out('own'), '--ca', ca, ...more)
    }

    it('says that the host name is not in the certificate', async () => {
      const { said } = await shownWith(leaf, '--server-name', 'other.example')
      expect(said.split('\n\n').at(-1)).toBe(
        'This machine does not trust the server (ERR_TLS_CERT_ALTNAME_INVALID). The certificate does not have the host name that was asked for. ' +
          'Give the address that CEC is given, or name the host with --server-name.',
      )
      // The twin
      expect((await shownWith(leaf, '--server-name', 'vendor.example')).said).not.toContain('does not trust')
    })

    it.each([
      [{ from: -20, to: -10 }, ` ended on ${day(-10)}. Have it renewed.`, 'CERT_HAS_EXPIRED'],
      [{ from: -20, to: 10 }, ` ends soon, on ${day(10)}.`, null],
      [{ from: 2, to: 100 }, '', 'CERT_NOT_YET_VALID'],
      [{ from: -20, to: 100 }, '', null],
    ])('says of a certificate that is good for the days %j: %s', async (days, end, fault) => {
      const own = await newServerCertificate(intermediate, days)
      const { code, said, complained } = await shownWith(own)
      expect([code, complained]).toEqual(end === '' ? [0, ''] : [1, `CN=vendor.example${end}`])
      expect(JSON.parse((await shownWith(own, '--json')).said)).toMatchObject({ fault })
      expect(said).not.toContain('--ca')
    })
  })

  it('says of a file where a folder should be, and writes nothing', async () => {
    const url = await listening(chained(leaf, intermediate, root))
    for (const folder of [join(out('.'), 'root.pem'), join(out('.'), 'root.pem', 'below')])
      expect(await run('--url', url, '--out', folder)).toEqual({
        ...{ code: 1, said: '' },
        complained: '--out: expected a folder, and this is a file, or is below one. Name another one.',
      })
  })

  it('shows no password of an address', async () => {
    const url = (await listening(chained(leaf, intermediate, root))).replace('//', '//user:password@')
    const { code, said, complained } = await run('--url', url, '--json')
    expect({ code, said }).toEqual({ code: 2, said: '' })
    expect(complained.split('\n')[0]).toBe('--url: expected an address without a user and a password.')
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
    [
      ['--url', 'https://127.0.0.1', '--ca', brokenPem],
      1,
      '--ca: expected certificates as PEM, and one of them cannot be read. Copy the file anew.',
    ],
    [['--url', 'https://127.0.0.1', '--ca', 'package.json'], 1, '--ca: expected certificates as PEM.'],
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
