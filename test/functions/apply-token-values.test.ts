import { describe, expect, it } from 'vitest'
import { fresh, parts, useApplyTokenWorld, world } from '../support/apply-token-world.ts'
import { startStandIn } from '../support/stand-in.ts'
import { call, TENANT } from '../support/world.ts'

useApplyTokenWorld()

describe('values that CEC refuses', () => {
  it.each([
    ['status 500', { status: 500, body: '{"errorCode":"0","exceptionInfo":"failed"}' }],
    ['a resultCode of "1"', { body: '{"resultCode":"1"}' }],
    ['a resultCode of 1', { body: '{"resultCode":1,"resultDesc":"failed"}' }],
    ['a resultCode of "01"', { body: '{"resultCode":" 01 "}' }],
    ['a resultCode of "1" beside a token', { body: '{"token":"a-token","resultCode":"1"}' }],
  ])('as %s are told with the four parameters, asked once, and counted by a metric', async (_, answer) => {
    const cec = await startStandIn(() => answer)
    world.putSettings('cec', { applyTokenUrl: cec.url })
    const { status, body, line } = await call(world, await fresh(), parts())
    expect([status, body, cec.heard.length]).toEqual([
      400,
      {
        errorCode: '990004007',
        exceptionInfo: 'CEC refuses the values of the request: check channelId, userId, userName and locale',
      },
      1,
    ])
    expect(line).toMatchObject({ code: 'UPSTREAM_VALUES_REFUSED', tenantSpaceId: TENANT, ValuesRefused: 1 })
  })

  it('are none with status 503 that says when to come back: told, and not asked again', async () => {
    const cec = await startStandIn(() => ({ status: 503, headers: { 'retry-after': '3600' } }))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    const { status, headers } = await call(world, await fresh(), parts())
    expect([status, headers['retry-after'], cec.heard.length]).toEqual([503, '3600', 1])
  })

  it.each(['" 0 "', '"00"', '0'])('are none with a resultCode of %s', async (resultCode) => {
    const cec = await startStandIn(() => ({ body: `{"token":"a-chat-token","resultCode":${resultCode}}` }))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })

  it.each([
    ['status 502', 502],
    ['status 503', 503],
    ['status 504', 504],
  ])('are none with %s: an outage, which is asked again', async (_, status) => {
    const cec = await startStandIn((nth) => (nth < 3 ? { status } : ANSWERED))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard).toHaveLength(3)
  })
})

const ANSWERED = { body: '{"token":"a-chat-token"}' }
