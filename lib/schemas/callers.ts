/** `<prefix>/callers`: who may call, with which keys, for which tenants and with which scopes. */

import type * as z from 'zod/mini'
import { Issuer } from './issuers.ts'
import { Caller, listsOf, TakenCallers } from './taken-callers.ts'

/** What a caller may be allowed to do. A route names one of these or says `public`. */
export const SCOPES = [
  'enterprise-token:issue',
  'enterprise-token:revoke',
  'agent-token:issue',
  'users:vouch',
  'users:write',
  'users:read',
  'chat-token:issue',
  'chat:relay',
  'app-cube-token:issue',
  'oiap-third-party-token:issue',
  'live-token:issue',
  'live-admin:issue',
  'rtc-token:issue',
  'access-token:issue',
] as const
export type Scope = (typeof SCOPES)[number]

/** The whole secret as it should be: whoever writes one has no entry left out. Functions take what they can of it. */
export const CallersSecret = listsOf(Caller, Issuer).check(({ value, issues }) => {
  if (issues.length > 0) return
  for (const { level, field, expected } of TakenCallers.parse(value).remarks)
    if (level === 'ERROR')
      issues.push({ code: 'custom', path: field.split('.'), message: expected, input: undefined })
})

export type CallersSecret = z.infer<typeof CallersSecret>
export type { Caller } from './taken-callers.ts'
