/** `<prefix>/callers`: who may call, with which keys, for which tenants and with which scopes. */

import * as z from 'zod'
import { TenantSpaceId } from './ids.ts'
import { Issuer } from './issuers.ts'

/** What a caller may be allowed to do. A route names one of these or says `public`. */
export const SCOPES = [
  'enterprise-token:issue',
  'enterprise-token:revoke',
  'users:vouch',
  'users:write',
  'chat-token:issue',
  'chat:relay',
  'app-cube-token:issue',
  'live-token:issue',
  'access-token:issue',
] as const
export type Scope = (typeof SCOPES)[number]

const Caller = z.strictObject({
  callerId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, underscores or hyphens'),
  /** Two at the most: the one in use and the one that takes over. */
  keys: z
    .array(
      z.strictObject({
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected SHA-256 as 64 lower-case hex digits'),
        expiresAt: z.int('expected whole seconds since 1970').min(0),
      }),
    )
    .min(1)
    .max(2, 'expected at most two keys'),
  tenants: z.array(TenantSpaceId).min(1, 'expected at least one tenant'),
  scopes: z.array(z.string().regex(/^[a-z:-]{1,64}$/, 'expected a scope such as "enterprise-token:issue"')),
})

/** A key, an id, or an issuer's audience listed twice would follow the order of the file. */
const isUnambiguous = ({ callers, issuers }: Listed): boolean =>
  [
    [...callers, ...issuers].map(({ callerId }) => callerId),
    callers.flatMap(({ keys }) => keys.map(({ sha256 }) => sha256)),
    issuers.map(({ issuer, audience }) => JSON.stringify([issuer, audience])),
  ].every((names) => new Set(names).size === names.length)

interface Listed {
  readonly callers: readonly z.infer<typeof Caller>[]
  readonly issuers: readonly Issuer[]
}

export const CallersSecret = z
  .strictObject({
    callers: z.array(Caller).max(1000),
    issuers: z.array(Issuer).max(100).default([]),
  })
  .refine(isUnambiguous, {
    path: ['callers'],
    message: 'expected each callerId, each key, and each audience of an issuer once',
  })

export type CallersSecret = z.infer<typeof CallersSecret>
export type Caller = CallersSecret['callers'][number]
