/** The bodies of the routes that keep the list of users. */

import * as z from 'zod/mini'
import { TenantSpaceId, type UserIdSettings, UserName, userId } from './ids.ts'

/** Users in one request. More items DynamoDB reads in no call. */
export const MOST_USERS = 100

/** What a user is to be. A deleted one has no name. */
export type UserChange =
  | { readonly userId: string; readonly userName: string; readonly status: 'active' | 'disabled' }
  | { readonly userId: string; readonly status: 'deleted' }

const members = (settings: UserIdSettings) => ({
  userId: userId(settings),
  userName: z.optional(UserName),
  status: z.enum(['active', 'disabled', 'deleted'], 'expected "active", "disabled" or "deleted"'),
})

interface Members {
  readonly userId: string
  readonly userName?: string | undefined
  readonly status: UserChange['status']
}

/** Undefined where a name is missing, or is there and must not be. */
const userChange = ({ userId, userName, status }: Members): UserChange | undefined => {
  if (status === 'deleted') return userName === undefined ? { userId, status } : undefined
  return userName === undefined ? undefined : { userId, userName, status }
}

const checkedChange = (
  given: Members,
  { issues }: { readonly issues: z.core.$ZodRawIssue[] },
): UserChange | undefined => {
  const change = userChange(given)
  if (change !== undefined) return change
  const message = NAME_EXPECTED[given.status === 'deleted' ? 'deleted' : 'other']
  issues.push({ code: 'custom', path: ['userName'], message, input: undefined })
  return undefined
}

const NAME_EXPECTED = { deleted: 'expected to be left out with status "deleted"', other: 'expected a string' }

type WithTenant<Input> = Input & { readonly tenantSpaceId?: string | undefined }

/** PUT /users. */
export const userRequest = (settings: UserIdSettings) =>
  z.pipe(
    z.strictObject({ tenantSpaceId: z.optional(TenantSpaceId), ...members(settings) }),
    z.transform(({ tenantSpaceId, ...given }, context): WithTenant<UserChange> => {
      const change = checkedChange(given, context)
      return change === undefined ? z.NEVER : { ...change, tenantSpaceId }
    }),
  )

/** One entry of `users` of POST /users/batch. */
export const batchEntry = (settings: UserIdSettings): z.ZodMiniType<UserChange> =>
  z.pipe(
    z.strictObject(members(settings)),
    z.transform((given, context): UserChange => checkedChange(given, context) ?? z.NEVER),
  )

const listOf = <Entry extends z.ZodMiniType>(entry: Entry) =>
  z
    .array(entry, 'expected an array')
    .check(
      z.minLength(1, 'expected 1 entry or more'),
      z.maxLength(MOST_USERS, `expected at most ${MOST_USERS} entries`),
    )

/** POST /users/batch. The entries are checked one by one: a wrong one keeps no other out. */
export const batchRequest = () =>
  z.strictObject({ tenantSpaceId: z.optional(TenantSpaceId), users: listOf(z.unknown()) })

/** POST /users/query. */
export const queryRequest = (settings: UserIdSettings) =>
  z.strictObject({ tenantSpaceId: z.optional(TenantSpaceId), userIds: listOf(userId(settings)) })

/** POST /users/list. `next` is what the page before has answered. */
export const listRequest = () =>
  z.strictObject({
    tenantSpaceId: z.optional(TenantSpaceId),
    limit: z._default(
      z
        .int('expected a whole number')
        .check(z.gte(1, 'expected at least 1'), z.lte(MOST_USERS, `expected at most ${MOST_USERS}`)),
      MOST_USERS,
    ),
    next: z.optional(z.string('expected a string').check(z.maxLength(300, NEXT_EXPECTED))),
  })

export const NEXT_EXPECTED = 'expected the next of the page before'

/** Room for 100 users with the longest names, also where their JSON is written with escapes. Lambda hands over 6 MB. */
const BATCH_BYTES = 512 * 1024
export const BATCH_BODY_LIMIT = {
  bytes: BATCH_BYTES,
  code: 'BODY_TOO_LARGE',
  message: `body: expected at most ${BATCH_BYTES} bytes`,
} as const
