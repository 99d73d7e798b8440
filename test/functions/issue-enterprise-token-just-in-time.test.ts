import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../lib/directory/dynamodb.ts'
import { lastTokenEnds } from '../../lib/jwt/last-token.ts'
import {
  bearer,
  GOOD,
  issue,
  keys,
  newIssue,
  useIssuingWorld,
  validate,
  world,
} from '../support/issuing-world.ts'
import { call, type RequestParts, TABLE, TENANT } from '../support/world.ts'

useIssuingWorld()

const AMPLE = { remainingMs: () => 5_000 }

describe('DIRECTORY=on-issue', () => {
  const user = () => ({ userId: `new-${randomBytes(4).toString('hex')}`, userName: 'Zoë' })
  const asked = (key: string, body: object): RequestParts => ({
    headers: bearer(key),
    body: { ...GOOD, ...body },
  })

  it('enters an unknown user for a caller that vouches, and the token is good', async () => {
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    const zoe = user()
    const { status, body } = await call(world, vouching, asked(keys.vouching, zoe))
    expect(status).toBe(201)
    const verdict = await call(world, validate, {
      body: { Token: body.token, ...zoe, tenantSpaceId: TENANT },
    })
    expect(verdict.body.retCode).toBe(0)
  })

  it('takes a new name from a caller that vouches', async () => {
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    const zoe = user()
    expect((await call(world, vouching, asked(keys.vouching, zoe))).status).toBe(201)
    expect((await call(world, vouching, asked(keys.vouching, { ...zoe, userName: 'Zoë B.' }))).status).toBe(
      201,
    )
  })

  it('enters nobody for a caller without users:vouch, or when the directory is kept as a table', async () => {
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    expect((await call(world, vouching, asked(world.callerKey, user()))).line.code).toBe('USER_UNKNOWN')
    expect((await call(world, issue, asked(keys.vouching, user()))).line.code).toBe('USER_UNKNOWN')
  })

  it('lets 20 first requests at once all in', async () => {
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    const zoe = user()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(world, vouching, asked(keys.vouching, zoe))),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201))
  })

  it('enters nobody whom a back end has deleted, until the last token of that user is dead', async () => {
    let at = Date.now()
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' }, now: () => new Date(at) })
    const zoe = user()
    const codeAfter = async (seconds: number) => {
      at += seconds * 1000
      return (await call(world, vouching, asked(keys.vouching, zoe))).line.code
    }
    expect(await codeAfter(0)).toBe('TOKEN_ISSUED')
    const directory = dynamoDirectory({ table: TABLE, random: Math.random })
    const keepUntil = lastTokenEnds(new Date(at))
    await directory.deleteUser({ tenantSpaceId: TENANT, userId: zoe.userId, keepUntil }, AMPLE)
    expect(await codeAfter(0)).toBe('USER_UNKNOWN')
    expect(await codeAfter(3639)).toBe('USER_UNKNOWN')
    expect(await codeAfter(3)).toBe('TOKEN_ISSUED')
  })

  it('gives a user whom it enters an end where the stage has days for it, and puts that off once a day', async () => {
    let at = Math.floor(Date.now() / 1000)
    const env = { DIRECTORY: 'on-issue', JUST_IN_TIME_USER_DAYS: '90' }
    const vouching = newIssue({ env, now: () => new Date(at * 1000) })
    const zoe = user()
    const endAfter = async (seconds: number) => {
      at += seconds
      expect((await call(world, vouching, asked(keys.vouching, zoe))).status).toBe(201)
      const directory = dynamoDirectory({ table: TABLE, random: Math.random })
      const { user: known } = await directory.admission({ tenantSpaceId: TENANT, userId: zoe.userId }, AMPLE)
      return known
    }
    const enteredAt = at
    expect(await endAfter(0)).toMatchObject({ expiresAt: enteredAt + 91 * 86_400 })
    expect(await endAfter(86_400)).toMatchObject({ expiresAt: enteredAt + 91 * 86_400 })
    expect(await endAfter(1)).toMatchObject({ expiresAt: at + 91 * 86_400 })
  })
})
