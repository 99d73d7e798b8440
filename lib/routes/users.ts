/** Users of the directory. */

import { BACK_ENDS } from '../http/credentials.ts'
import { ownErrors } from '../http/error-formats.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { BATCH_BODY_LIMIT } from '../schemas/users.ts'

export const PUT_USER = {
  name: 'putUser',
  endpoints: ['PUT /users'],
  access: 'users:write',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USER_WRITTEN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** Up to 100 at once, each with its own result. */
export const BATCH_USERS = {
  name: 'batchUsers',
  endpoints: ['POST /users/batch'],
  access: 'users:write',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  bodyLimit: BATCH_BODY_LIMIT,
  success: { status: 200, code: 'USERS_WRITTEN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** Up to 100 that the back end names. */
export const QUERY_USERS = {
  name: 'queryUsers',
  namesNoUser: true,
  endpoints: ['POST /users/query'],
  access: 'users:read',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USERS_SHOWN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** All of a tenant, page by page. */
export const LIST_USERS = {
  name: 'listUsers',
  namesNoUser: true,
  endpoints: ['POST /users/list'],
  access: 'users:read',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USERS_LISTED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor
