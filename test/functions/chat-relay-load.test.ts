import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lengthPrefixed } from '../../lib/schemas/length-prefixed.ts'
import { page, relay, useRelayWorld, world } from '../support/relay-world.ts'
import { pollParts, sendParts } from '../support/vendor-world.ts'
import { call, TOKENS_TABLE } from '../support/world.ts'

useRelayWorld()

/** Of the clock, and far from a window's end for as long as a test takes. */
const AT = 1_790_000_044_000
const NOTHING_NEW = { resultCode: '0', resultDesc: '', downlinkMessages: [] }

beforeEach(() => {
  process.env['POLL_EXECUTIONS'] = '10'
})
afterEach(() => {
  delete process.env['POLL_EXECUTIONS']
  delete process.env['SHORTEST_POLL_SECONDS']
  process.env['POLL_SECONDS'] = '0.3'
})

/** A sandbox that has polled once, in a stage where so many polls a second are held for 0.2 s. */
const sandboxAmong = async (perSecond: number) => {
  const polls = perSecond * 10
  const pk = lengthPrefixed('cec', 'polls', String(Math.floor(AT / 10_000) - 1))
  await world.dynamoDb.put(TOKENS_TABLE, [{ pk, polls, asked: 100, heldMs: 20_000 }])
  const sandbox = await world.fresh('chatRelay', { now: () => new Date(AT), random: () => 0.999 })
  expect((await call(world, sandbox, pollParts(world, page.chatToken))).status).toBe(200)
  world.vendors.cec.resetCalls()
  return sandbox
}

describe('GET …/ccmessaging/poll, where executions run short', () => {
  it('asks CEC as ever where they are enough', async () => {
    const sandbox = await sandboxAmong(50)
    expect((await call(world, sandbox, pollParts(world, page.chatToken))).status).toBe(200)
    expect(world.vendors.cec.calls('poll')).toBe(1)
  })

  it('tells a page to come later without asking CEC, which keeps the message for the next poll', async () => {
    const sandbox = await sandboxAmong(500)
    await call(world, relay, sendParts(world, page.chatToken, { content: 'still there' }))
    const { status, headers, line } = await call(world, sandbox, pollParts(world, page.chatToken))
    expect([status, headers['retry-after'], line.code]).toEqual([429, '10', 'RATE_EXCEEDED'])
    expect(world.vendors.cec.calls('poll')).toBe(0)
    const { body } = await call(world, relay, pollParts(world, page.chatToken))
    expect(body.downlinkMessages).toEqual([expect.objectContaining({ content: 'still there' })])
  })

  it('sends messages all the same', async () => {
    const sandbox = await sandboxAmong(500)
    const sent = await call(world, sandbox, sendParts(world, page.chatToken))
    expect([sent.status, sent.body.resultCode]).toEqual([200, '0'])
    await call(world, relay, pollParts(world, page.chatToken))
  })

  it('makes polls shorter instead, where the stage allows it', async () => {
    process.env['POLL_SECONDS'] = '3'
    process.env['SHORTEST_POLL_SECONDS'] = '0.1'
    const sandbox = await sandboxAmong(100)
    world.vendors.cec.fail({ fault: 'silent', call: 'poll' })
    const from = performance.now()
    const { status, body } = await call(world, sandbox, pollParts(world, page.chatToken))
    expect([status, body]).toEqual([200, NOTHING_NEW])
    expect(performance.now() - from).toBeLessThan(2_000)
  })

  it('waits for as long as a page asks', async () => {
    process.env['SHORTEST_POLL_SECONDS'] = '0.1'
    const sandbox = await sandboxAmong(40)
    world.vendors.cec.fail({ fault: 'silent', call: 'poll' })
    const { headers, ...rest } = pollParts(world, page.chatToken)
    const from = performance.now()
    const parts = { ...rest, headers: { ...headers, prefer: 'wait=1' } }
    expect((await call(world, sandbox, parts)).status).toBe(200)
    expect(performance.now() - from).toBeGreaterThan(990)
  })

  it('asks CEC as ever while the table is away', async () => {
    const sandbox = await sandboxAmong(50)
    world.dynamoDb.fail({ kind: 'error' })
    const parts = pollParts(world, page.chatToken)
    expect((await call(world, sandbox, parts)).status).toBe(200)
    const fresh = await world.fresh('chatRelay', { random: () => 0.999 })
    for (let n = 0; n < 2; n++) expect((await call(world, fresh, parts)).status).toBe(200)
    expect(world.vendors.cec.calls('poll')).toBe(3)
  })
})
