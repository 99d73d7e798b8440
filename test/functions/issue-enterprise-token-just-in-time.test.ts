import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
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
import { call, type RequestParts, TENANT } from '../support/world.ts'

useIssuingWorld()

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
})
