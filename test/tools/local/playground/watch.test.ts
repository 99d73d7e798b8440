import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallLog, createCallLog, type SeenCall } from '../../../../tools/local/playground/call-log.ts'
import { type WatchedServer, watchServer, watchVendor } from '../../../../tools/local/playground/watch.ts'
import { startUpstreams, type Upstreams } from '../../../../tools/local/upstreams/upstreams.ts'
import { expectClean, leaksIn, secret } from '../../../support/canary.ts'

let upstreams: Upstreams
let seen: SeenCall[]
beforeEach(async () => {
  const log = createCallLog()
  seen = []
  log.follow((call) => seen.push(call))
  upstreams = await startUpstreams({
    cec: { watch: watchVendor(log, 'CEC') },
    oiap: { watch: watchVendor(log, 'OIAP') },
    live: { watch: watchVendor(log, 'Alibaba Live') },
  })
})
afterEach(() => upstreams.close())

const UTF_8 = { 'content-type': 'application/json;charset=utf-8' }

const ask = (url: string, body: object, headers: object = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'test', ...headers },
    body: JSON.stringify(body),
  })

describe('tools/local/playground/watch: watchVendor', () => {
  it('sees a call with its answer, and neither secret nor token', async () => {
    const { cec, oiap } = upstreams.tenantSecrets('202007159031')
    const secrets = [secret('CEC', cec.appSecret), secret('OIAP', oiap.appSecret)]
    const tokens = [
      await (
        await ask(
          cec.tokenUrl,
          { app_key: cec.appKey, app_secret: cec.appSecret },
          { 'x-token-expire': '600' },
        )
      ).json(),
      await (await ask(oiap.url, { appKey: oiap.appKey, appSecret: oiap.appSecret }, UTF_8)).json(),
    ] as [{ AccessToken: string }, { authToken: string }]
    secret('AccessToken', tokens[0].AccessToken)
    secret('authToken', tokens[1].authToken)
    expect(seen.map(({ from, to, method, status }) => [from, to, method, status])).toEqual([
      ['stage', 'CEC', 'POST', 200],
      ['stage', 'OIAP', 'POST', 200],
    ])
    const shown = JSON.stringify(seen)
    expectClean('the calls', shown)
    expect(shown.match(/"app_?[sS]ecret":"… \(32 characters\)"/g)).toHaveLength(2)
    expect(leaksIn(JSON.stringify(secrets))).toEqual(expect.arrayContaining(['CEC (raw)', 'OIAP (raw)']))
  })

  it('sees a call that gets no answer, by status 0', async () => {
    const { oiap } = upstreams.tenantSecrets('202007159031')
    upstreams.oiap.fail({ fault: 'reset' })
    await expect(ask(oiap.url, {})).rejects.toThrow()
    expect(seen).toMatchObject([{ to: 'OIAP', status: 0, answer: { headers: {} } }])
  })
})

describe('tools/local/playground/watch: a log that fails', () => {
  const failing = (): CallLog => ({
    add: () => {
      throw new RangeError('planted')
    },
    follow: () => () => {},
  })
  const warned = async () => {
    const [warning] = (await once(process, 'warning')) as [Error]
    return warning.message
  }

  it('keeps neither a vendor’s answer nor a route’s from the caller, and says so', async () => {
    await upstreams.close()
    upstreams = await startUpstreams({ oiap: { watch: watchVendor(failing(), 'OIAP') } })
    const { url, appKey, appSecret } = upstreams.tenantSecrets('202007159031').oiap
    const first = warned()
    expect((await ask(url, { appKey, appSecret }, UTF_8)).status).toBe(200)
    expect(await first).toBe('the playground cannot list a call (RangeError)')

    const events = new EventEmitter()
    watchServer({ events } as unknown as WatchedServer, failing(), [])
    const second = warned()
    const answered = {
      ...{ method: 'post', path: '/users', route: { path: '/users' }, url: { search: '' }, headers: {} },
      ...{ info: { received: 1, completed: 2 }, response: { statusCode: 201 } },
    }
    events.emit('response', answered)
    expect(await second).toBe('the playground cannot list a call (RangeError)')
  })
})
