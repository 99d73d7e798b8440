import { describe, expect, it } from 'vitest'
import { LOCAL_TENANT } from '../../../../tools/local/constants.ts'
import type { Fault } from '../../../../tools/local/upstreams/faults.ts'
import { callsOf, type System } from './calls.ts'
import { APPLY, applyToken, enter, poll, send, tokenByAkSk } from './cec/calls.ts'
import { useUpstreams } from './support.ts'

const fixture = useUpstreams({ cec: { pollMs: 10 } })
const calls = callsOf(fixture)
const onChat = async (fault: Fault) => {
  const entry = await enter(fixture.secrets.cec)
  fixture.upstreams.cec.fail(fault)
  return entry
}

describe('fail', () => {
  it('hits one call unless told otherwise, the oldest fault first, and counts them all', async () => {
    fixture.upstreams.cec.fail({ fault: 'html-403' })
    fixture.upstreams.cec.fail({ fault: 'status-418', times: 2 })
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await calls.cec()).status)

    expect(statuses).toEqual([403, 418, 418, 200])
    expect(fixture.upstreams.cec.calls('tokenByAkSk')).toBe(4)
  })

  it('goes on until it is cleared when told so', async () => {
    fixture.upstreams.oiap.fail({ fault: 'status-500', times: 'always' })
    for (let n = 0; n < 5; n += 1) expect((await calls.oiap()).status).toBe(500)
    fixture.upstreams.oiap.clearFaults()

    expect((await calls.oiap()).status).toBe(200)
  })

  it('hits the named call alone', async () => {
    const entry = await onChat({ fault: 'html-403', call: 'send' })

    expect((await tokenByAkSk(entry.secret)).status).toBe(200)
    expect((await poll(entry)).status).toBe(200)
    expect((await send(entry)).status).toBe(403)
  })

  it('hits a firewall’s word in the body, and nobody else', async () => {
    const entry = await onChat({
      fault: 'html-403',
      call: 'applyToken',
      times: 'always',
      when: ({ userName }) => String(userName).includes('<script>'),
    })
    const as = (userName: string) => applyToken(entry.secret, entry.bearer, { ...APPLY, userName })

    expect((await as('<script>')).status).toBe(403)
    expect((await as('Tom')).status).toBe(200)
    expect((await as('<script>')).status).toBe(403)
  })

  it('shows a form body and a poll’s query to the predicate', async () => {
    const seen: unknown[] = []
    const when = (fields: object) => seen.push(fields) < 0
    const entry = await onChat({ fault: 'reset', call: 'poll', when })
    fixture.upstreams.live.fail({ fault: 'reset', when })
    await poll(entry)
    await calls.live()

    expect(seen).toEqual([
      { receiverId: APPLY.userId, channel: 'WEB' },
      { AppId: `live-${LOCAL_TENANT}`, DeviceId: 'device-1_a', DeviceType: 'web', UserId: 'user_1.a' },
    ])
  })

  it.each([
    ['live', { fault: 'bearer-expired' }, "fault bearer-expired: not one of this vendor's"],
    ['cec', { fault: 'constructor' }, "fault constructor: not one of this vendor's"],
    ['oiap', { fault: 'reset', call: 'send' }, 'fault reset: call must be one of getAppCubeToken'],
    ['cec', { fault: 'renewed-chat-token', call: 'applyToken' }, 'call must be one of send, poll'],
  ])('throws for %s and %o', (system, fault, message) => {
    const add = () => fixture.upstreams[system as System].fail(fault as Fault)

    expect(add).toThrow(TypeError)
    expect(add).toThrow(message)
  })
})
