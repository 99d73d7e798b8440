import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { ownErrors } from '../../../lib/http/error-formats.ts'
import { batchEntry, type UserChange } from '../../../lib/schemas/users.ts'
import { batchAnswer, userBatch } from '../../../lib/users/batch.ts'
import { AMPLE } from '../signed-token/fakes.ts'

const ENTRY = batchEntry({ USER_ID_MAX_LENGTH: 32 })
const SILENT = { ended: () => undefined }
const user = (userId: string): UserChange => ({ userId, userName: 'Tom', status: 'active' })

describe('lib/users/batch', () => {
  it('writes ten at a time, and gives the results in their order whichever write ends first', async () => {
    let underWay = 0
    let most = 0
    const write = async ({ userId }: UserChange) => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, (100 - Number(userId)) / 10))
      underWay--
    }
    const users = Array.from({ length: 100 }, (_, i) => user(String(i)))
    const results = await userBatch(ENTRY, write, SILENT)(users, AMPLE)
    expect(results).toEqual(users.map((written) => ({ user: written })))
    expect(most).toBe(10)
  })

  it('answers of each entry whether its own write failed, and goes on', async () => {
    const write = async ({ userId }: UserChange) => {
      if (userId === 'b') throw new BridgeError('DIRECTORY_UNAVAILABLE', 'down')
      if (userId === 'c') throw new TypeError('a fault of ours')
    }
    const results = await userBatch(ENTRY, write, SILENT)([user('a'), user('b'), user('c'), 7], AMPLE)
    const { users, failed, reason, retryAfterSeconds } = batchAnswer(results, ownErrors)
    expect(users).toEqual([
      user('a'),
      { userId: 'b', code: 'UNAVAILABLE', message: 'not possible at the moment, try again later' },
      {
        userId: 'c',
        code: 'INTERNAL',
        message: 'something went wrong, quote the request id when you ask about it',
      },
      { code: 'BODY_INVALID', message: 'users.3: expected a JSON object', field: 'users.3' },
    ])
    expect([failed, reason, retryAfterSeconds]).toEqual([3, 'DIRECTORY_UNAVAILABLE', 5])
  })

  it('tells of each entry that was tried how that ended, and of none that was wrong', async () => {
    const ends: unknown[] = []
    const failure = new BridgeError('DIRECTORY_UNAVAILABLE', 'down')
    const write = async ({ userId }: UserChange) => {
      if (userId === 'b') throw failure
    }
    const ended = (...end: unknown[]) => void ends.push(end)
    await userBatch(ENTRY, write, { ended })([user('a'), user('b'), 7, user('a')], AMPLE)
    expect(ends).toEqual([
      [user('a'), undefined],
      [user('b'), failure],
    ])
  })

  it('says nothing of a second try where only the entries were wrong', async () => {
    const results = await userBatch(ENTRY, async () => undefined, SILENT)([7], AMPLE)
    expect(batchAnswer(results, ownErrors)).not.toHaveProperty('retryAfterSeconds')
  })

  it('leaves nothing out when the time is used up: each write that is too late fails by itself', async () => {
    const late = async () => {
      throw new BridgeError('DEADLINE_EXCEEDED', 'late')
    }
    const results = await userBatch(ENTRY, late, SILENT)([user('a'), user('b')], { remainingMs: () => 0 })
    expect(results).toEqual([
      { user: user('a'), failure: expect.objectContaining({ code: 'DEADLINE_EXCEEDED' }) },
      { user: user('b'), failure: expect.objectContaining({ code: 'DEADLINE_EXCEEDED' }) },
    ])
  })
})
