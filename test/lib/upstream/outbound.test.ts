import { createServer, type Server } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import selfsigned from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outbound } from '../../../lib/upstream/outbound.ts'

let server: Server
let url: string
let ca: string
let key: string
const connections = new Set<unknown>()

beforeAll(async () => {
  const names = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ] as never
  const extensions = [
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: names },
  ] as never
  const pems = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions,
  })
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

describe('lib/upstream/outbound', () => {
  it('trusts a private CA that the settings name, and nobody else does', async () => {
    const reply = await send(callOf({ ca }), deadline)
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { path: '/', method: 'GET' }])
    await expect(send(callOf(), deadline)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
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
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    ['is cut in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"token"'],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('settles for an answer that %s', async (_, answer) => {
    const odd = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    })
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/`
    await expect(send(callOf({ url: address }), deadline)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    odd.close()
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
