import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalRequest, type LocalServer, startHttpServer } from '../../../tools/local/http-server.ts'
import { callApi } from '../../../tools/rehearse/api.ts'

const HOST = 'a1b2c3d4.execute-api.localhost:4566'
let server: LocalServer
let seen: LocalRequest | undefined
beforeAll(async () => {
  server = await startHttpServer({
    hosts: [HOST],
    handle: (request, response) => {
      seen = request
      response.writeHead(201).end('{"a":1}')
    },
  })
})
afterAll(() => server.close())

const emulator = () => ({ url: server.url, hostOf: (apiId: string) => `${apiId}.execute-api.localhost:4566` })
const url = 'https://a1b2c3d4.execute-api.eu-west-1.amazonaws.com'

describe('tools/rehearse/api', () => {
  it('asks the emulator for the API of the stack, by its Host', async () => {
    const request = {
      method: 'PUT',
      path: '/users?a=b',
      headers: { authorization: 'Bearer x' },
      body: '{"b":2}',
    }
    expect(await callApi({ url, emulator: emulator() }, request)).toEqual({ status: 201, text: '{"a":1}' })
    expect(seen).toMatchObject({
      method: 'PUT',
      url: '/users?a=b',
      headers: { host: HOST, authorization: 'Bearer x' },
      body: Buffer.from('{"b":2}'),
    })
  })

  it('asks the API itself without an emulator', async () => {
    expect(await callApi({ url: server.url }, { method: 'GET', path: '/x' })).toEqual({
      status: 201,
      text: '{"a":1}',
    })
    expect(seen?.headers.host).toBe(new URL(server.url).host)
  })

  it('is refused by a server that does not have this Host', async () => {
    const other = 'https://other.execute-api.eu-west-1.amazonaws.com'
    expect((await callApi({ url: other, emulator: emulator() }, { method: 'GET', path: '/x' })).status).toBe(
      403,
    )
  })

  it('fails when nothing answers', async () => {
    await expect(callApi({ url: 'http://127.0.0.1:1' }, { method: 'GET', path: '/' })).rejects.toThrow(
      'ECONNREFUSED',
    )
  })
})
