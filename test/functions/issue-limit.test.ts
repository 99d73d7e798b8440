import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { call, callersSecret, PREFIX, startWorld, TENANT, USER, type World } from '../support/world.ts'

let world: World
let at: number
const now = () => new Date(at)
/** Another sandbox each time. */
const sandbox = async (name: 'issueEnterpriseToken' | 'issueAccessToken'): Promise<HttpHandler> => {
  const runtime = world.runtime({ now, env: { ...process.env, ISSUES_PER_USER_AND_MINUTE: '2' } })
  return name === 'issueEnterpriseToken'
    ? (await import('../../functions/issue-enterprise-token.ts')).issueEnterpriseToken(runtime)
    : (await import('../../functions/issue-access-token.ts')).issueAccessToken(runtime)
}

beforeAll(async () => {
  world = await startWorld()
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey, scopes: SCOPES }]),
  )
  await world.putUser({ userId: 'ann', userName: 'Ann' })
  at = Math.ceil(Date.now() / 60_000) * 60_000
})
afterAll(() => world.close())
beforeEach(() => {
  at += 60_000
  world.dynamoDb.clearFaults()
})

const ask = async (name: Parameters<typeof sandbox>[0], user: object = USER) => {
  const scopes = name === 'issueAccessToken' ? { scopes: ['chat:relay'] } : {}
  return call(world, await sandbox(name), {
    headers: { authorization: `Bearer ${world.callerKey}` },
    body: { ...user, tenantSpaceId: TENANT, ...scopes },
  })
}
const statuses = async (...names: Parameters<typeof sandbox>[0][]) => {
  const found: number[] = []
  for (const name of names) found.push((await ask(name)).status)
  return found
}

describe('the limit of tokens for one user', () => {
  it('counts enterprise and access tokens of all sandboxes together, and says when to come back', async () => {
    at += 15_000
    expect(await statuses('issueEnterpriseToken', 'issueAccessToken')).toEqual([201, 201])
    for (const name of ['issueEnterpriseToken', 'issueAccessToken'] as const) {
      const { status, body, headers, line } = await ask(name)
      expect([status, body, headers['retry-after'], line.code]).toEqual([
        429,
        { code: 'RATE_EXCEEDED', message: 'userId: expected at most 2 calls in 60 s', field: 'userId' },
        '45',
        'RATE_EXCEEDED',
      ])
    }
  })

  it('leaves other users alone, and the user itself in the next minute', async () => {
    expect(await statuses('issueEnterpriseToken', 'issueEnterpriseToken', 'issueEnterpriseToken')).toEqual([
      201, 201, 429,
    ])
    expect((await ask('issueEnterpriseToken', { userId: 'ann', userName: 'Ann' })).status).toBe(201)
    at += 60_000
    expect(await statuses('issueEnterpriseToken')).toEqual([201])
  })

  it.each(['issueEnterpriseToken', 'issueAccessToken'] as const)(
    'counts no call for an id that the directory does not know: once entered, the user has all its tokens (%s)',
    async (name) => {
      const newcomer = { userId: `new to ${name}`, userName: 'New' }
      const writes = () => world.dynamoDb.calls('UpdateItem')
      const before = writes()
      for (const _ of [1, 2, 3, 4]) expect((await ask(name, newcomer)).status).toBe(404)
      expect(writes()).toBe(before)
      await world.putUser(newcomer)
      const found: number[] = []
      for (const _ of [1, 2, 3]) found.push((await ask(name, newcomer)).status)
      expect(found).toEqual([201, 201, 429])
    },
  )

  it('keeps nobody out while its table cannot be asked, and says so in the log', async () => {
    world.dynamoDb.fail({ kind: 'error', action: 'UpdateItem' })
    const names = Array(3).fill('issueEnterpriseToken')
    expect(await statuses(...names)).toEqual([201, 201, 201])
    expect(world.lines.filter(({ code }) => code === 'TOKEN_STORE_UNAVAILABLE')).toHaveLength(3)
  })
})
