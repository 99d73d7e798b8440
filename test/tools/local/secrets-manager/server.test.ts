import { request } from 'node:http'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { startSecretsManager } from '../../../../tools/local/secrets-manager/server.ts'
import { expectRefusal, useEmulator } from './emulator.ts'

const fixture = useEmulator()
const get = () => fixture.client.send(new GetSecretValueCommand({ SecretId: 'app/key' }))

type Raw = { status: number | undefined; headers: Record<string, unknown>; body: string }

/** A request without the SDK, so that every part of it can be wrong. */
function raw(options: {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
}): Promise<Raw> {
  const { method = 'POST', path = '/', headers = {}, body = '{}' } = options
  return new Promise((resolve, reject) => {
    const sent = request(fixture.emulator.url + path, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const target = (action: string) => ({ 'x-amz-target': `secretsmanager.${action}` })

describe('startSecretsManager', () => {
  it('answers in JSON 1.1 with a request id', async () => {
    const answer = await raw({ headers: target('ListSecrets') })

    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1')
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.body).toBe('{"SecretList":[]}')
  })

  it('names the error in the body and in the header', async () => {
    const answer = await raw({ headers: target('GetSecretValue'), body: '{"SecretId":"absent"}' })

    expect(answer.status).toBe(400)
    expect(answer.headers['x-amzn-errortype']).toBe('ResourceNotFoundException')
    expect(answer.body).toBe(
      '{"__type":"ResourceNotFoundException","Message":"Secrets Manager can\'t find the specified secret."}',
    )
  })

  it.each([
    ['an unknown action', { headers: target('ReplicateSecretToRegions') }],
    ['an action named like a member of every object', { headers: target('constructor') }],
    ['another service', { headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' } }],
    ['no target', {}],
    ['another path', { path: '/other', headers: target('ListSecrets') }],
    ['another method', { method: 'PUT', headers: target('ListSecrets') }],
  ])('refuses %s as UnknownOperationException', async (_what, options) => {
    const answer = await raw(options)

    expect([answer.status, JSON.parse(answer.body).__type]).toEqual([400, 'UnknownOperationException'])
  })

  it.each(['{"SecretId":"a', '[]', 'null', '"text"', '', '{"SecretId":7}'])(
    'refuses the body %j as SerializationException',
    async (body) => {
      const answer = await raw({ headers: target('GetSecretValue'), body })

      expect([answer.status, JSON.parse(answer.body).__type]).toEqual([400, 'SerializationException'])
    },
  )

  it.each(['CreateSecret', 'PutSecretValue', 'UpdateSecret'])(
    'refuses %s without ClientRequestToken',
    async (action) => {
      const answer = await raw({
        headers: target(action),
        body: '{"Name":"app/key","SecretId":"app/key","SecretString":"one"}',
      })

      expect(JSON.parse(answer.body)).toEqual({
        __type: 'InvalidRequestException',
        Message: 'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
      })
    },
  )

  it('refuses any Host but its own', async () => {
    const { port } = new URL(fixture.emulator.url)
    const status = async (host: string) => (await raw({ headers: { ...target('ListSecrets'), host } })).status

    expect(await status(`127.0.0.1:${port}`)).toBe(200)
    expect(await status(`LOCALHOST:${port}`)).toBe(200)
    expect(await status('127.0.0.1')).toBe(403)
    expect(await status(`localhost:${Number(port) + 1}`)).toBe(403)
    expect(await status(`attacker.example:${port}`)).toBe(403)
    expect(fixture.emulator.calls()).toBe(2)
  })

  it('refuses a body over 1 MiB', async () => {
    expect((await raw({ headers: target('ListSecrets'), body: ' '.repeat(1024 * 1024 + 1) })).status).toBe(
      413,
    )
  })

  it('listens on the given port and rejects when it is taken', async () => {
    const port = Number(new URL(fixture.emulator.url).port)

    await expect(startSecretsManager({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await fixture.emulator.close()
    const second = await startSecretsManager({ port })
    expect(second.url).toBe(`http://127.0.0.1:${port}`)
    await second.close()
  })

  it('counts requests by action until reset', async () => {
    fixture.emulator.put('app/key', 'one')
    await get()
    await get()
    await raw({ headers: target('ListSecrets') })

    expect(fixture.emulator.calls('GetSecretValue')).toBe(2)
    expect(fixture.emulator.calls()).toBe(3)
    fixture.emulator.resetCalls()
    expect(fixture.emulator.calls()).toBe(0)
  })

  it('stores a put value as JSON unless it is a string', async () => {
    fixture.emulator.put('app/key', { keys: [] })
    expect((await get()).SecretString).toBe('{"keys":[]}')
    fixture.emulator.put('app/key', 'text')
    expect((await get()).SecretString).toBe('text')
  })
})

describe('fail', () => {
  it('answers the next requests of the action with the error, then the truth', async () => {
    fixture.emulator.put('app/key', 'one')
    const type = 'InternalServiceError'
    fixture.emulator.fail({ action: 'GetSecretValue', times: 2, kind: 'error', status: 500, type })

    expect((await raw({ headers: target('ListSecrets') })).status).toBe(200)
    await expectRefusal(get(), type, 'Injected fault.', 500)
    await expectRefusal(get(), type, 'Injected fault.', 500)
    expect((await get()).SecretString).toBe('one')
    expect(fixture.emulator.calls('GetSecretValue')).toBe(3)
  })

  it('asks `when` for each request and goes on for ever when told so', async () => {
    fixture.emulator.put('app/key', 'one')
    let on = false
    fixture.emulator.fail({
      kind: 'error',
      status: 400,
      type: 'ThrottlingException',
      message: 'Rate exceeded',
      times: Number.POSITIVE_INFINITY,
      when: () => on,
    })

    expect((await get()).SecretString).toBe('one')
    on = true
    for (let n = 0; n < 5; n += 1) await expectRefusal(get(), 'ThrottlingException', 'Rate exceeded')
    fixture.emulator.clearFaults()
    expect((await get()).SecretString).toBe('one')
  })

  it('resets the connection', async () => {
    fixture.emulator.fail({ kind: 'reset' })

    await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('answers late', async () => {
    fixture.emulator.put('app/key', 'one')
    fixture.emulator.fail({ kind: 'delay', ms: 100 })
    const start = performance.now()

    expect((await get()).SecretString).toBe('one')
    expect(performance.now() - start).toBeGreaterThan(95)
  })

  it('gives any answer', async () => {
    fixture.emulator.fail({ kind: 'reply', status: 503, body: '<html>', contentType: 'text/html' })

    const answer = await raw({ headers: target('GetSecretValue') })

    expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([503, 'text/html', '<html>'])
  })

  it('leaves a request hanging until the client gives up', async () => {
    fixture.emulator.fail({ kind: 'hang' })

    await expect(
      fixture.client.send(new GetSecretValueCommand({ SecretId: 'app/key' }), {
        abortSignal: AbortSignal.timeout(100),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends hanging requests and idle connections on close', async () => {
    fixture.emulator.put('app/key', 'one')
    await get()
    fixture.emulator.fail({ kind: 'hang' })
    const hanging = expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
    while (fixture.emulator.calls('GetSecretValue') < 2) await new Promise((resolve) => setImmediate(resolve))

    await fixture.emulator.close()

    await hanging
  })
})
