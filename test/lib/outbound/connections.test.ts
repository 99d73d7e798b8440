import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type LookupFunction, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attemptMs } from '../../../lib/outbound/connections.ts'
import { outbound } from '../../../lib/outbound/outbound.ts'
import { type SilentPort, silentPort } from '../../support/silent-port.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
const FAILED = 'HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}'
const IDLE_TOO_LONG = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

/** What a server does with a request: says something, or lets the connection end. */
type Answer = string | 'reset' | 'silence'

const closing: (() => void)[] = []
let at: number
let send: ReturnType<typeof outbound>

beforeEach(() => {
  at = Date.now()
  send = outbound({ now: () => new Date(at), random: () => 0, allowLoopbackHttp: true })
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const listen = async (server: Server, host = '127.0.0.1', port = 0): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** Answers each request as `answerTo` says, which knows the connection and how many requests came on it before. */
const server = async (answerTo: (connection: number, before: number) => Answer | Promise<Answer>) => {
  const sockets: Socket[] = []
  let requests = 0
  const listener = createServer((socket) => {
    const connection = sockets.push(socket)
    let before = 0
    socket.on('error', () => undefined)
    socket.on('data', async () => {
      requests += 1
      const answer = await answerTo(connection, before++)
      if (answer === 'reset') socket.resetAndDestroy()
      else if (answer !== 'silence') socket.write(answer)
    })
  })
  const port = await listen(listener)
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  return { url: `http://127.0.0.1:${port}/`, connections: () => sockets.length, requests: () => requests }
}

const call = (url: string, { isRepeatable = true, ms = 3_000, by = send } = {}) =>
  by(
    { tenantSpaceId: 't1', url, method: 'GET', headers: {}, isRepeatable, maxBytes: 100 },
    { remainingMs: () => ms },
  )

describe('lib/outbound/connections: idle ones', () => {
  it('takes one again that was idle for less than four seconds, and no other', async () => {
    const { url, connections } = await server(() => OK)
    await call(url)
    at += 3_999
    await call(url)
    expect(connections()).toBe(1)
    at += 4_000
    await call(url)
    expect(connections()).toBe(2)
  })

  it('takes none again after the clock was set back', async () => {
    const { url, connections } = await server(() => OK)
    await call(url)
    at -= 1
    await call(url)
    expect(connections()).toBe(2)
  })

  it('does not wait on connections that a firewall has dropped without a word', async () => {
    const { url, connections } = await server((connection) => (connection <= 3 ? 'silence' : OK))
    const dropped = await server((_, before) => (before === 0 ? sleep(50, OK) : 'silence'))
    await Promise.all([1, 2, 3].map(() => call(dropped.url)))
    at += 60_000
    expect(await call(dropped.url)).toMatchObject({ status: 200 })
    expect(dropped.connections()).toBe(4)
    // Its twin: on new connections a silent server is one that does not answer in time
    await expect(call(url, { ms: 1_300 })).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(connections()).toBe(1)
  })
})

describe('lib/outbound/connections: lost ones', () => {
  const used = (then: Answer) => server((_, before) => (before === 0 ? sleep(50, OK) : then))

  it.each([
    ['resets', 'reset'],
    ['calls idle', IDLE_TOO_LONG],
  ])('repeats on a new connection what the server %s, and distrusts all others', async (_, then) => {
    const { url, connections, requests } = await used(then)
    await Promise.all([1, 2, 3, 4, 5].map(() => call(url)))
    expect(connections()).toBe(5)
    expect(await call(url)).toMatchObject({ status: 200 })
    expect([connections(), requests()]).toEqual([6, 7])
    expect(await call(url)).toMatchObject({ status: 200 })
    expect([connections(), requests()]).toEqual([7, 8])
  })

  it('hands a 408 on that a new connection brings: it speaks of the request', async () => {
    const { url, connections } = await server(() => IDLE_TOO_LONG)
    expect(await call(url)).toMatchObject({ status: 408 })
    expect(connections()).toBe(1)
  })

  it('fails no request of several at a time that all meet a lost connection', async () => {
    const { url } = await used('reset')
    await Promise.all([1, 2, 3].map(() => call(url)))
    const replies = await Promise.all([1, 2, 3].map(() => call(url)))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('meets no second one in the tries after a 5xx', async () => {
    let answers = 0
    const { url, connections } = await server((connection, before) => {
      if (before > 0) return 'reset'
      answers += 1
      return connection <= 3 ? sleep(50, OK) : answers === 4 ? FAILED : OK
    })
    await Promise.all([1, 2, 3].map(() => call(url)))
    expect(await call(url)).toMatchObject({ status: 200 })
    expect(connections()).toBe(5)
  })

  it('repeats nothing that may have been heard and must not be done twice', async () => {
    const { url, requests } = await server(() => 'reset')
    await expect(call(url, { isRepeatable: false })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: { reason: 'reset' },
    })
    expect(requests()).toBe(1)
  })

  it('uses no kept connection for what must not be repeated', async () => {
    const { url, connections } = await used('reset')
    for (const expected of [1, 2]) {
      expect(await call(url, { isRepeatable: false })).toMatchObject({ status: 200 })
      expect(connections()).toBe(expected)
    }
  })
})

describe('lib/outbound/connections: a name with several addresses', () => {
  /** Sends to `localhost`, which has these addresses, in this order. */
  const sendTo = (...addresses: string[]) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const lookup: LookupFunction = (_, { all }, callback) =>
      all ? callback(null, found) : callback(null, found[0]?.address ?? '', found[0]?.family)
    return outbound({ now: () => new Date(at), random: () => 0, allowLoopbackHttp: true, lookup })
  }

  const held = async (host: string, port?: number): Promise<SilentPort> => {
    const silent = await silentPort(host, port)
    closing.push(silent.close)
    return silent
  }

  const answering = (host: string, port: number) =>
    listen(
      createHttpServer((_, response) => response.end(host)),
      host,
      port,
    )

  it.each([
    ['IPv6, which is dead, and IPv4', '::1', '127.0.0.1'],
    ['IPv4, which is dead, and IPv6', '127.0.0.1', '::1'],
    ['two of IPv4, the first of which is dead', '127.0.0.2', '127.0.0.1'],
  ])('reaches %s', async (_, dead, alive) => {
    const { port } = await held(dead)
    await answering(alive, port)
    const by = sendTo(dead, alive)
    expect(await call(`http://localhost:${port}/`, { by, ms: 6_000 })).toMatchObject({ text: alive })
  })

  it.each([
    ['first', ['127.0.0.1', '::1']],
    ['last', ['::1', '127.0.0.1']],
    ['last of three', ['::1', '127.0.0.2', '127.0.0.1']],
  ])(
    'reaches one whose handshake takes a second, %s beside dead ones',
    async (_, addresses) => {
      const slow = await held('127.0.0.1')
      for (const dead of addresses.filter((address) => address !== '127.0.0.1')) await held(dead, slow.port)
      const waiting = call(`http://localhost:${slow.port}/`, { by: sendTo(...addresses), ms: 9_000 })
      // It accepts before the packet that was lost comes for the second time
      const position = addresses.indexOf('127.0.0.1')
      setTimeout(slow.wake, position * attemptMs(8_000) + 300)
      expect(await waiting).toMatchObject({ status: 200, text: '127.0.0.1' })
    },
    15_000,
  )

  it('ends in time where all are dead', async () => {
    const { port } = await held('127.0.0.1')
    await held('::1', port)
    const began = performance.now()
    const by = sendTo('::1', '127.0.0.1')
    await expect(call(`http://localhost:${port}/`, { by, ms: 3_500 })).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      detail: { reason: 'not connected' },
    })
    expect(performance.now() - began).toBeLessThan(3_500)
  })

  it.each([
    [1_000, 1_500],
    [8_000, 2_000],
    [13_500, 3_000],
    [60_000, 3_000],
  ])('gives each, of %i ms, %i ms', (left, each) => {
    expect(attemptMs(left)).toBe(each)
  })
})
