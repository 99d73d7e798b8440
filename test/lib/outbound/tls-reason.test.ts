import { getDiffieHellman } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import selfsigned from 'selfsigned'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { outbound } from '../../../lib/outbound/outbound.ts'
import { TLS_REASONS, tlsReason } from '../../../lib/outbound/tls-reason.ts'
import { type KeyPair, newAuthority, newServerCertificate } from '../../support/certificates.ts'

const DAY_MS = 86_400_000
const OLD_CIPHERS = 'DEFAULT@SECLEVEL=0'

let root: KeyPair
let intermediate: KeyPair
let leaf: KeyPair
let byRoot: KeyPair
let rsa: KeyPair
const servers: Server[] = []

const rsaCertificate = async (keySize: number, notBefore = 0, notAfter = DAY_MS): Promise<KeyPair> => {
  const { cert, private: key } = await selfsigned.generate(
    [{ name: 'commonName', value: 'vendor.example' }],
    {
      keySize,
      notBeforeDate: new Date(Date.now() + notBefore),
      notAfterDate: new Date(Date.now() + notAfter),
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }] as never,
    },
  )
  return { cert, key }
}

beforeAll(async () => {
  root = await newAuthority('root')
  intermediate = await newAuthority('intermediate', root)
  leaf = await newServerCertificate(intermediate)
  byRoot = await newServerCertificate(root)
  rsa = await rsaCertificate(2048)
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const listen = async (server: Server): Promise<string> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const send = outbound({ now: () => new Date(), random: () => 0, allowLoopbackHttp: true })

/** What comes of a call: `hello`, or the reason in the log. */
const outcomeAt = (url: string, trust: { ca?: string; serverName?: string } = {}): Promise<string> =>
  send(
    { tenantSpaceId: 't1', url, method: 'GET', headers: {}, isRepeatable: false, maxBytes: 100, ...trust },
    { remainingMs: () => 5_000 },
  ).then(
    ({ text }) => text,
    ({ code, detail }) => (code === 'UPSTREAM_UNAVAILABLE' ? detail.reason : code),
  )

const outcomeOf = async (options: ServerOptions, trust?: { ca?: string; serverName?: string }) =>
  outcomeAt(await listen(createServer(options, (_, response) => response.end('hello'))), trust)

/** A peer that says these bytes to whoever greets it. */
const outcomeOfBytes = async (bytes: Buffer): Promise<string> =>
  outcomeAt(
    await listen(
      createTcpServer((socket: Socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end(bytes))
      }),
    ),
  )

describe('lib/outbound/tls-reason: tlsReason, of a certificate', () => {
  it('takes a chain to a root that is trusted', async () => {
    const chain = { key: leaf.key, cert: `${leaf.cert}\n${intermediate.cert}` }
    expect(await outcomeOf(chain, { ca: root.cert })).toBe('hello')
  })

  it('says that the intermediate is missing', async () => {
    expect(await outcomeOf(leaf, { ca: root.cert })).toBe('TLS: intermediate missing or CA unknown')
  })

  it('says that the CA is unknown, whether the root was sent or not', async () => {
    expect(await outcomeOf({ key: byRoot.key, cert: `${byRoot.cert}\n${root.cert}` })).toBe('TLS: CA unknown')
    expect(await outcomeOf(byRoot)).toBe('TLS: intermediate missing or CA unknown')
    expect(await outcomeOf(byRoot, { ca: root.cert })).toBe('hello')
  })

  it('says that it is self-signed', async () => {
    expect(await outcomeOf(rsa)).toBe('TLS: certificate self-signed')
    expect(await outcomeOf(rsa, { ca: rsa.cert })).toBe('hello')
  })

  it.each([
    ['expired', -2 * DAY_MS, -DAY_MS, 'TLS: certificate expired'],
    ['not yet valid', DAY_MS, 2 * DAY_MS, 'TLS: certificate not yet valid'],
    ['valid now', -DAY_MS, DAY_MS, 'hello'],
  ])('says of one that is %s that it is', async (_, from, to, outcome) => {
    const pair = await rsaCertificate(2048, from, to)
    expect(await outcomeOf(pair, { ca: pair.cert })).toBe(outcome)
  })

  it('says that it is for another name', async () => {
    const named = (serverName: string) => outcomeOf(byRoot, { ca: root.cert, serverName })
    expect(await named('another.example')).toBe('TLS: certificate of another name')
    expect(await named('vendor.example')).toBe('hello')
  })

  it('says that its key is weak', async () => {
    const weak = await rsaCertificate(1024)
    expect(await outcomeOf({ ...weak, ciphers: OLD_CIPHERS }, { ca: weak.cert })).toBe(
      'TLS: certificate weak',
    )
  })
})

describe('lib/outbound/tls-reason: tlsReason, of a handshake', () => {
  /** PKCS #3: a sequence of the prime, which begins with a set bit, and the generator 2. */
  const parametersOf = (group: string): string => {
    const prime = getDiffieHellman(group).getPrime()
    const lengthOf = (bytes: number) => [0x82, bytes >> 8, bytes & 0xff]
    const integer = Buffer.from([0x02, ...lengthOf(prime.length + 1), 0, ...prime, 0x02, 1, 2])
    const der = Buffer.from([0x30, ...lengthOf(integer.length), ...integer])
    return `-----BEGIN DH PARAMETERS-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END DH PARAMETERS-----\n`
  }

  it.each([
    ['modp2', 1024, 'TLS: DH key too small'],
    ['modp14', 2048, 'hello'],
  ])(
    'of the DH group %s with %i bits: %s',
    async (group, _, outcome) => {
      const ciphers = 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0'
      const options = { ...rsa, dhparam: parametersOf(group), ciphers, maxVersion: 'TLSv1.2' } as const
      expect(await outcomeOf(options, { ca: rsa.cert })).toBe(outcome)
    },
    30_000,
  )

  it.each([
    ['TLSv1.1', 'TLS: version too old'],
    ['TLSv1.2', 'hello'],
  ] as const)('of a server that speaks at most %s: %s', async (maxVersion, outcome) => {
    const options = { ...rsa, minVersion: 'TLSv1', maxVersion, ciphers: OLD_CIPHERS } as const
    expect(await outcomeOf(options, { ca: rsa.cert })).toBe(outcome)
  })

  it.each([
    ['AES128-CCM8', 'TLS: no common cipher'],
    ['ECDHE-RSA-AES128-GCM-SHA256', 'hello'],
  ])('of a server that knows %s alone: %s', async (ciphers, outcome) => {
    expect(await outcomeOf({ ...rsa, ciphers, maxVersion: 'TLSv1.2' }, { ca: rsa.cert })).toBe(outcome)
  })

  it('says that a client certificate is demanded', async () => {
    const options = { ...rsa, requestCert: true, rejectUnauthorized: true }
    expect(await outcomeOf(options, { ca: rsa.cert })).toBe('TLS: client certificate demanded')
    expect(await outcomeOf({ ...options, rejectUnauthorized: false }, { ca: rsa.cert })).toBe('hello')
  })

  it.each([
    [40, 'TLS: no common cipher'],
    [70, 'TLS: version too old'],
    [71, 'TLS: no common cipher'],
    [80, 'TLS: handshake failed'],
    [112, 'TLS: server name unknown'],
    [116, 'TLS: client certificate demanded'],
  ])('of the alert %i: %s', async (alert, reason) => {
    expect(await outcomeOfBytes(Buffer.from([21, 3, 3, 0, 2, 2, alert]))).toBe(reason)
  })

  it.each([
    ['plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'TLS: not spoken there'],
    ['a greeting of SMTP', '220 mail.example ESMTP\r\n', 'TLS: not spoken there'],
    ['a message out of turn', '\x16\x03\x03\x00\x05\x0f\0\0\x01\0', 'TLS: handshake failed'],
  ])('of a peer that answers with %s: %s', async (_, bytes, reason) => {
    expect(await outcomeOfBytes(Buffer.from(bytes, 'latin1'))).toBe(reason)
  })
})

describe('lib/outbound/tls-reason: TLS_REASONS', () => {
  const told = (code: string, message: string) => tlsReason(Object.assign(new Error(message), { code }))

  it('holds whatever TLS can say, and nothing of what the peer said', () => {
    const said = 'error:0A000086:SSL routines:tls_process:a text of the peer:../deps'
    for (const code of [
      'EPROTO',
      'ERR_SSL_A_NEW_ONE',
      'CERT_NEW',
      'UNABLE_TO_NEW',
      'UNSPECIFIED',
      'ERR_TLS_NEW',
    ])
      expect(TLS_REASONS).toContain(told(code, said))
  })

  it.each([...TLS_REASONS])('has "%s", which the document explains', (reason) => {
    expect(readFileSync('docs/network.md', 'utf8')).toContain(`\`${reason}\``)
  })

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', ''])(
    'says nothing of %s, which is no failure of TLS',
    (code) => expect(told(code, 'getaddrinfo certificate.example')).toBeUndefined(),
  )
})
