import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { tokenByAkSk } from './cec/calls.ts'
import { ask, post, useUpstreams } from './support.ts'

const fixture = useUpstreams()
const at = (path: string) => `${fixture.upstreams.cec.url}/_control/${path}`
const status = async () => (await tokenByAkSk(fixture.secrets.cec)).status

describe('tools/local/upstreams/control', () => {
  it('orders a fault, or several', async () => {
    expect((await post(at('faults'), { fault: 'html-403', call: 'tokenByAkSk' })).status).toBe(200)
    await post(at('faults'), [
      { fault: 'status-418', times: 2 },
      { fault: 'reply', status: 503 },
    ])

    expect([await status(), await status(), await status(), await status(), await status()]).toEqual([
      403, 418, 418, 503, 200,
    ])
  })

  it('clears the faults', async () => {
    await post(at('faults'), { fault: 'html-403', times: 'always' })
    expect(await status()).toBe(403)

    await ask(at('faults'), { method: 'DELETE' })

    expect(await status()).toBe(200)
  })

  it('tells and resets the counters, in which it does not appear', async () => {
    await status()
    await status()
    await ask(`${fixture.upstreams.cec.url}/elsewhere`)

    expect((await ask(at('calls'))).json).toEqual({ calls: { tokenByAkSk: 2, other: 1 } })
    expect(fixture.upstreams.cec.calls()).toBe(3)
    await ask(at('calls'), { method: 'DELETE' })
    expect((await ask(at('calls'))).json).toEqual({ calls: {} })
  })

  it.each([
    '',
    '{',
    '{}',
    '{"fault":"unknown"}',
    '{"fault":"reset","times":0}',
    '{"fault":"reset","surprise":1}',
    '{"fault":"throttled-ratelimit"}',
    '{"fault":"reset","call":"getAppCubeToken"}',
  ])('refuses the order %s in words', async (order) => {
    const { status, json } = await post(at('faults'), order)

    expect([status, typeof json.message]).toEqual([400, 'string'])
    expect(json.message).not.toBe('')
  })

  it('says which faults there are when it is told of another one, and which is near', async () => {
    const { status, json } = await post(at('faults'), { fault: 'html403' })
    expect(status).toBe(400)
    expect(json.message).toMatch(/^There is no fault "html403": did you mean "html-403"\? There are .*slow/)
    expect((await post(at('faults'), { fault: 'html-403' })).status).toBe(200)
  })

  it('refuses a browser, and what it does not know', async () => {
    const fromPage = { headers: { origin: 'http://attacker.example' } }

    expect((await ask(at('calls'), fromPage)).status).toBe(403)
    expect((await ask(at('other'))).status).toBe(404)
    expect((await ask(at('faults'))).status).toBe(404)
  })

  it('refuses a foreign Host', async () => {
    const answered = new Promise((resolve) => {
      request(at('calls'), { headers: { host: 'attacker.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })

    expect(await answered).toBe(403)
  })
})
