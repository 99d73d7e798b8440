import { describe, expect, it } from 'vitest'
import { userRequest } from '../../../lib/schemas/users.ts'
import { faultsIn } from '../../support/schemas.ts'

const IDS = { USER_ID_MAX_LENGTH: 32 }
const USER = { tenantSpaceId: '202007159031', userId: '10010001' }
const LEFT_OUT = 'userName: expected to be left out with status "deleted"'

describe('lib/schemas/users: userRequest', () => {
  it.each([
    [{ userName: 'Tom', status: 'active' }, 'none'],
    [{ userName: 'Tom', status: 'disabled' }, 'none'],
    [{ status: 'deleted' }, 'none'],
    [{ status: 'active' }, 'userName: expected a string'],
    [{ status: 'disabled' }, 'userName: expected a string'],
    [{ userName: 'Tom', status: 'deleted' }, LEFT_OUT],
    [{ userName: 'Tom' }, 'status: expected "active", "disabled" or "deleted"'],
    [{ userName: 'Tom', status: 'gone' }, 'status: expected "active", "disabled" or "deleted"'],
  ])('says of %j: %s', (change, fault) => {
    expect(faultsIn(userRequest(IDS), { ...USER, ...change })).toBe(fault)
  })
})
