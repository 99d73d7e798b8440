import { describe, expect, it } from 'vitest'
import { fresh, GOOD, parts, useApplyTokenWorld, world } from '../support/apply-token-world.ts'
import { startStandIn } from '../support/stand-in.ts'
import { call } from '../support/world.ts'

useApplyTokenWorld()

describe('what a tenant’s settings change in the call', () => {
  const ANSWER = { body: '{"token":"a-chat-token","resultCode":"0"}' }

  it.each([
    ['language', 'zh_CN', 'zh'],
    ['language', 'en', 'en'],
    ['as-is', 'zh_CN', 'zh_CN'],
  ])('locale %s sends %s as %s', async (locale, given, sent) => {
    const cec = await startStandIn(() => ANSWER)
    world.putSettings('cec', { applyTokenUrl: cec.url, locale })
    expect((await call(world, await fresh(), parts({ locale: given }))).status).toBe(200)
    expect(JSON.parse(cec.heard[0]?.body ?? '')).toEqual({ ...GOOD, locale: sent })
  })

  it('tenantSpaceIdHeader goes along as X-TenantSpaceID, with the login too, and nothing does without it', async () => {
    const cec = await startStandIn(() => ({
      body: '{"AccessToken":"an-access-token","token":"a-chat-token"}',
    }))
    const addresses = { tokenUrl: cec.url, applyTokenUrl: cec.url }
    world.putSettings('cec', { ...addresses, tenantSpaceIdHeader: 'space-of-cec' })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard.map(({ headers }) => headers['x-tenantspaceid'])).toEqual([
      'space-of-cec',
      'space-of-cec',
    ])
    world.putSettings('cec', addresses)
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard.at(-1)?.headers['x-tenantspaceid']).toBeUndefined()
  })

  it('an address in plain http is refused on the local stage too, unless it is loopback', async () => {
    const cec = await startStandIn(() => ANSWER)
    world.putSettings('cec', { applyTokenUrl: 'http://cec.example.com/apply' })
    const handler = await fresh()
    expect((await call(world, handler, parts())).status).toBe(500)
    expect(world.lines.at(-1)).toMatchObject({ code: 'UPSTREAM_ADDRESS_REFUSED' })
    world.putSettings('cec', { applyTokenUrl: cec.url })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })
})
