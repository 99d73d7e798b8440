import { pbkdf2 } from 'node:crypto'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer } from 'node:net'
import { promisify } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import selfsigned from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outbound } from '../../../lib/outbound/outbound.ts'

let server: Server
let url: string
let ca: string
let key: string
const connections = new Set<unknown>()

const certificateFor = (altNames: readonly object[]) => {
  const extensions = [
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames },
  ] as never
  return selfsigned.generate([{ name: 'commonName', value: 'test' }], { keySize: 2048, extensions })
}

const listen = async (listener: NetServer): Promise<number> => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return (listener.address() as AddressInfo).port
}

/** Says the same to everybody, whatever HTTP may have to say to it, and hangs up. */
const rawServer = async (answer: string) => {
  let calls = 0
  const listener = createTcpServer((socket) => {
    calls += 1
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer))
  })
  const port = await listen(listener)
  return { url: `http://127.0.0.1:${port}/`, calls: () => calls, close: () => listener.close() }
}

const httpServer = async (answer: RequestListener) => {
  const listener = createHttpServer(answer)
  const port = await listen(listener)
  return { url: `http://127.0.0.1:${port}/`, close: () => listener.close().closeAllConnections() }
}

beforeAll(async () => {
  const pems = await certificateFor([
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ])
  ca = pems.cert
  key = pems.private
  server = createServer(
    { key: pems.private, cert: pems.cert, maxVersion: 'TLSv1.3' },
    (request, response) => {
      request.resume()
      request.on('end', () => response.end(JSON.stringify({ path: request.url, method: request.method })))
    },
  )
  server.on('secureConnection', (socket) => connections.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const deps = { now: () => new Date(), random: () => 0 }
const send = outbound({ ...deps, allowLoopbackHttp: true })
const callOf = (changes: object = {}) => ({
  tenantSpaceId: 't1',
  url,
  method: 'GET' as const,
  headers: {},
  isRepeatable: true,
  maxBytes: 1000,
  ...changes,
})
const deadline = { remainingMs: () => 5_000 }

describe('lib/outbound/outbound', () => {
  it('trusts a private CA that the settings name, and nobody else does', async () => {
    const reply = await send(callOf({ ca }), deadline)
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { path: '/', method: 'GET' }])
    await expect(send(callOf(), deadline)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: { reason: 'TLS: certificate self-signed' },
    })
  })

  it('keeps connections alive for one tenant and CA, and shares them with no other', async () => {
    const before = connections.size
    for (let i = 0; i < 5; i++) await send(callOf({ ca, tenantSpaceId: 'keep-alive' }), deadline)
    expect(connections.size - before).toBe(1)
    await send(callOf({ ca, tenantSpaceId: 'another' }), deadline)
    expect(connections.size - before).toBe(2)
  })

  it('refuses TLS below 1.2', async () => {
    const old = createServer({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, () => undefined)
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve))
    const address = `https://127.0.0.1:${(old.address() as AddressInfo).port}/`
    await expect(send(callOf({ url: address, ca }), deadline)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: { reason: 'TLS: version too old' },
    })
    old.closeAllConnections()
    old.close()
  })

  it('refuses loopback, written out or by name, unless it is a laptop', async () => {
    const careful = outbound({ ...deps, allowLoopbackHttp: false })
    for (const address of [url, url.replace('127.0.0.1', 'localhost'), url.replace('https', 'http')]) {
      await expect(careful(callOf({ url: address, ca }), deadline)).rejects.toMatchObject({
        code: 'UPSTREAM_ADDRESS_REFUSED',
      })
    }
  })

  it.each([
    'http://cec.example.com/',
    'http://10.1.2.3/',
    'http://0.0.0.0/',
    'http://localhost.example/',
    'http://127.0.0.1.example/',
    'https://169.254.169.254/',
    'ftp://127.0.0.1/',
  ])('lets a laptop’s plain http go to loopback alone, and not to %s', async (address) => {
    await expect(send(callOf({ url: address }), deadline)).rejects.toMatchObject({
      code: 'UPSTREAM_ADDRESS_REFUSED',
    })
  })

  it('lets a laptop’s plain http go to loopback, written out or by name', async () => {
    const emulator = await httpServer((_, response) => response.end('{}'))
    for (const address of [emulator.url, emulator.url.replace('127.0.0.1', 'localhost')])
      expect((await send(callOf({ url: address }), deadline)).status).toBe(200)
    emulator.close()
  })

  it('does not begin what it has no time for', async () => {
    await expect(send(callOf({ ca }), { remainingMs: () => 900 })).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
  })

  it('gives up between two tries rather than after the deadline', async () => {
    const failing = createServer({ key, cert: ca }, (_, response) => response.writeHead(500).end())
    await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve))
    const address = `https://127.0.0.1:${(failing.address() as AddressInfo).port}/`
    const slow = outbound({ now: deps.now, random: () => 0.999, allowLoopbackHttp: true })
    const short = { remainingMs: () => 1_090 }
    await expect(slow(callOf({ url: address, ca }), short)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: { reason: '5xx' },
    })
    failing.closeAllConnections()
    failing.close()
  })

  it.each([
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'HPE_INVALID_CONSTANT'],
    ['is a page without a status line', '<html></html>', 'HPE_INVALID_CONSTANT'],
    ['is HTTP/2', '\0\0\u0012\u0004\0\0\0\0\0\0', 'HPE_INVALID_CONSTANT'],
    ['has no number for a status', 'HTTP/1.1 OK\r\n\r\n', 'HPE_INVALID_STATUS'],
    ['has a bad header', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'HPE_INVALID_HEADER_TOKEN'],
    ['has endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
    [
      'has a bad chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\nzz\r\n',
      'HPE_INVALID_CHUNK_SIZE',
    ],
    [
      'has two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'HPE_UNEXPECTED_CONTENT_LENGTH',
    ],
    [
      'has a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HPE_INVALID_TRANSFER_ENCODING',
    ],
    ['is longer than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more', 'HPE_INVALID_CONSTANT'],
    [
      'changes the protocol unasked',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      '101',
    ],
    ['changes the protocol to none', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', '101'],
  ])('calls an answer that %s what it is, and does not ask again', async (_, answer, breach) => {
    for (const isRepeatable of [true, false]) {
      const odd = await rawServer(answer)
      await expect(send(callOf({ url: odd.url, isRepeatable }), deadline)).rejects.toMatchObject({
        code: 'UPSTREAM_UNEXPECTED',
        detail: { reason: `not HTTP (${breach})` },
      })
      expect(odd.calls()).toBe(1)
      odd.close()
    }
  })

  it.each([
    ['before anything was said', ''],
    ['in the status line', 'HTTP/1.'],
    ['in the headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"token"'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"to'],
    ['between two chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'],
  ])('takes an answer that is cut %s for a lost connection, and asks once more', async (_, answer) => {
    const cut = await rawServer(answer)
    const expected = { code: 'UPSTREAM_UNAVAILABLE', detail: { reason: 'reset' } }
    await expect(send(callOf({ url: cut.url }), deadline)).rejects.toMatchObject(expected)
    expect(cut.calls()).toBe(2)
    await expect(send(callOf({ url: cut.url, isRepeatable: false }), deadline)).rejects.toMatchObject(
      expected,
    )
    expect(cut.calls()).toBe(3)
    cut.close()
  })

  it.each([
    ['as HTTP has it', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'],
    ['without a length', 'HTTP/1.1 200 OK\r\n\r\n{}'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['after a hint', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'],
    ['with a byte order mark', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\u{feff}{}'],
  ])('takes an answer %s', async (_, answer) => {
    const good = await rawServer(answer)
    expect(await send(callOf({ url: good.url }), deadline)).toMatchObject({ status: 200, text: '{}' })
    good.close()
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('reads %s, which it does not ask for', async (encoding, compress) => {
    const heard: unknown[] = []
    const compressing = await httpServer((request, response) => {
      heard.push(request.headers['accept-encoding'])
      const body = compress(request.url === '/bomb' ? Buffer.alloc(4_000_000) : Buffer.from('{"a":1}'))
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    expect((await send(callOf({ url: compressing.url, maxBytes: 8_000 }), deadline)).text).toBe('{"a":1}')
    await expect(
      send(callOf({ url: `${compressing.url}bomb`, maxBytes: 8_000 }), deadline),
    ).rejects.toMatchObject({ code: 'UPSTREAM_UNEXPECTED', detail: { reason: 'body too large' } })
    expect(heard).toEqual(['identity', 'identity'])
    compressing.close()
  })

  it('settles in time while an answer is still being decoded', async () => {
    const compressing = await httpServer((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}')),
    )
    // Every thread that could decode it is busy for longer than the call may take
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('', '', 400_000, 32, 'sha512'))
    const began = performance.now()
    const short = { remainingMs: () => 1_300 - (performance.now() - began) }
    await expect(send(callOf({ url: compressing.url }), short)).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
    expect(performance.now() - began).toBeLessThan(1_300)
    await Promise.all(busy)
    expect((await send(callOf({ url: compressing.url }), deadline)).text).toBe('{}')
    compressing.close()
  })

  it('says who calls, whatever other headers a call has', async () => {
    const heard: unknown[] = []
    const listening = await httpServer((request, response) => {
      heard.push(request.headers['user-agent'])
      response.end('{}')
    })
    await send(callOf({ url: listening.url }), deadline)
    await send(callOf({ url: listening.url, headers: () => ({ accept: 'application/json' }) }), deadline)
    await send(callOf({ url: listening.url, method: 'POST', body: '{}' }), deadline)
    expect(heard).toEqual(['cec-token-bridge', 'cec-token-bridge', 'cec-token-bridge'])
    listening.close()
  })

  it('accepts a certificate for another name if that is the server name, and only then', async () => {
    const pems = await certificateFor([{ type: 2, value: 'vendor.example' }])
    const asked: unknown[] = []
    const other = createServer({ key: pems.private, cert: pems.cert }, (_, response) => response.end('{}'))
    other.on('secureConnection', (socket) => asked.push(socket.servername))
    const address = `https://127.0.0.1:${await listen(other)}/`
    const named = (changes: object) => send(callOf({ url: address, ca: pems.cert, ...changes }), deadline)

    expect((await named({ serverName: 'vendor.example' })).text).toBe('{}')
    expect(asked).toEqual(['vendor.example'])
    // Not through the connection that the name above has opened
    for (const changes of [{}, { serverName: 'another.example' }]) {
      await expect(named(changes)).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        detail: { reason: 'TLS: certificate of another name' },
      })
    }
    // The right name does not make up for a CA that is not trusted
    await expect(named({ serverName: 'vendor.example', ca: undefined })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    other.closeAllConnections()
    other.close()
  })

  it('settles in time for a call that waits for a connection', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const began = performance.now()
    const short = { remainingMs: () => 1_300 - (performance.now() - began) }
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => send(callOf({ url: address }), short)),
    )
    expect(
      new Set(results.map((result) => (result.status === 'rejected' ? result.reason.code : 'answered'))),
    ).toEqual(new Set(['UPSTREAM_TIMEOUT']))
    expect(performance.now() - began).toBeLessThan(1_300)
    silent.close()
  })

  it('says which connection failure it was, without the address', async () => {
    const error = await send(callOf({ url: 'https://127.0.0.1:1/' }), deadline).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', detail: { reason: 'ECONNREFUSED' } })
    expect(error.message).not.toContain('127.0.0.1')
  })

  it('goes on after more tenants than it keeps connections for', async () => {
    for (let i = 0; i < 205; i++)
      expect((await send(callOf({ ca, tenantSpaceId: `t${i}` }), deadline)).status).toBe(200)
  })
})
