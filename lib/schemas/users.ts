/** The bodies of the routes that keep the list of users. */

import * as z from 'zod/mini'
import { TenantSpaceId, type UserIdSettings, UserName, userId } from './ids.ts'

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

const NAME_EXPECTED = { deleted: 'expected to be left out with status "deleted"', other: 'expected a string' }

/** PUT /users. */
export const userRequest = (settings: UserIdSettings) =>
  z.pipe(
    z.strictObject({ tenantSpaceId: z.optional(TenantSpaceId), ...members(settings) }),
    z.transform(
      ({ tenantSpaceId, ...given }, { issues }): UserChange & { tenantSpaceId?: string | undefined } => {
        const change = userChange(given)
        if (change !== undefined) return { ...change, tenantSpaceId }
        const message = NAME_EXPECTED[given.status === 'deleted' ? 'deleted' : 'other']
        issues.push({ code: 'custom', path: ['userName'], message, input: undefined })
        return z.NEVER
      },
    ),
  )
