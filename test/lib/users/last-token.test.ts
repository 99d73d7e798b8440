import { describe, expect, it } from 'vitest'
import { Issuer } from '../../../lib/schemas/issuers.ts'
import { lastUserTokenEnds } from '../../../lib/users/last-token.ts'
import { NOW, NOW_SECONDS } from '../signed-token/fakes.ts'

const OF_OURS = NOW_SECONDS + 3640
const DAY = 86_400
const users = (maxAgeSeconds?: number): Issuer =>
  Issuer.parse({
    ...{ callerId: 'staff', kind: 'user', issuer: 'https://idp.example.com', audience: 'tokens' },
    ...{ tenant: 'T-1', scopes: ['chat:relay'] },
    ...(maxAgeSeconds && { maxAgeSeconds }),
  })
const backEnds: Issuer = Issuer.parse({
  ...{ callerId: 'jobs', kind: 'back-end', issuer: 'https://idp.example.com', audience: 'jobs' },
  ...{ tenant: 'T-1', scopes: ['users:write'], subjects: ['job'], maxAgeSeconds: 30 * DAY },
})

describe('lib/users/last-token', () => {
  it.each([
    ['no identity provider: the life of a token of ours', { issuers: [], table: false }, 0],
    ['back ends alone, whose tokens are no user’s', { issuers: [backEnds], table: false }, 0],
    [
      'users of a provider: a day more, unless the entry says otherwise',
      { issuers: [users()], table: false },
      DAY,
    ],
    ['several entries: the longest', { issuers: [users(60), users(3 * DAY)], table: false }, 3 * DAY],
    [
      'entries that may stand in the table: the longest that one may say',
      { issuers: [users()], table: true },
      30 * DAY,
    ],
  ])('%s', (_, callers, more) => {
    expect(lastUserTokenEnds(NOW, callers)).toBe(OF_OURS + more)
  })
})
