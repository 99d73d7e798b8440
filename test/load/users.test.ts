import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import {
  call,
  callersSecret,
  newCallerKey,
  PREFIX,
  startWorld,
  TENANT,
  USER,
  type World,
} from '../support/world.ts'

const USERS = 10_000
const BATCH = 100
/** Which of the users cannot be written. */
const BROKEN: Readonly<Record<number, object>> = {
  17: { userName: 'a\u202eb' },
  4321: { status: 'gone' },
}

let world: World
let batch: HttpHandler
let list: HttpHandler
const key = newCallerKey()
beforeAll(async () => {
  world = await startWorld()
  const scopes = ['users:write', 'users:read']
  world.secretsManager.put(`${PREFIX}/callers`, callersSecret([{ callerId: 'sync', key, scopes }]))
  batch = (await import('../../functions/batch-users.ts')).batchUsers(world.runtime())
  list = (await import('../../functions/list-users.ts')).listUsers(world.runtime())
})
afterAll(() => world.close())

const ask = (handler: HttpHandler, body: object) =>
  call(world, handler, {
    headers: { authorization: `Bearer ${key}` },
    body: { tenantSpaceId: TENANT, ...body },
  })
const idOf = (index: number): string => `load-${String(index).padStart(5, '0')}`

describe('10,000 users, entered by batches of 100, two of them broken', () => {
  it('are all there but the two, which the answers name', async () => {
    const failed: object[] = []
    for (let at = 0; at < USERS; at += BATCH) {
      const users = Array.from({ length: BATCH }, (_, i) => ({
        userId: idOf(at + i),
        userName: `User ${at + i}`,
        status: 'active',
        ...BROKEN[at + i],
      }))
      const { status, body } = await ask(batch, { users })
      expect([status, body.users.length]).toEqual([200, BATCH])
      for (const [i, { code, field }] of body.users.entries())
        if (code) failed.push({ user: at + i, code, field })
    }
    expect(failed).toEqual([
      { user: 17, code: 'BODY_INVALID', field: 'users.17.userName' },
      { user: 4_321, code: 'BODY_INVALID', field: 'users.21.status' },
    ])

    const listed: string[] = []
    let next: string | undefined
    do {
      const { body } = await ask(list, next === undefined ? {} : { next })
      listed.push(...body.users.map(({ userId }: { userId: string }) => userId))
      next = body.next
    } while (next !== undefined)
    const entered = Array.from({ length: USERS }, (_, index) => index).filter((index) => !(index in BROKEN))
    expect(listed).toEqual([USER.userId, ...entered.map(idOf)])
  }, 900_000)
})
