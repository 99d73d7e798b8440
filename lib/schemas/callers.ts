/** `<prefix>/callers`: who may call, with which keys, for which tenants and with which scopes. */

import * as z from 'zod'
import { callerId, scopes, tenantSpaceId } from './caller-entry.ts'
import { epochSeconds } from './epoch-seconds.ts'
import { Issuer } from './issuers.ts'
import { members } from './pasted.ts'
import { numberAsText, text } from './setting-types.ts'

/** What a caller may be allowed to do. A route names one of these or says `public`. */
export const SCOPES = [
  'enterprise-token:issue',
  'enterprise-token:revoke',
  'users:vouch',
  'users:write',
  'chat-token:issue',
  'chat:relay',
  'app-cube-token:issue',
  'oiap-third-party-token:issue',
  'live-token:issue',
  'access-token:issue',
] as const
export type Scope = (typeof SCOPES)[number]

const Caller = members({
  callerId,
  /** Two at the most: the one in use and the one that takes over. */
  keys: z
    .array(
      members({
        sha256: text(/^[0-9a-f]{64}$/, 'expected SHA-256 as 64 lower-case hex digits'),
        expiresAt: numberAsText(epochSeconds),
      }),
      'expected a list of keys',
    )
    .min(1, 'expected at least one key')
    .max(2, 'expected at most two keys'),
  tenants: z.array(tenantSpaceId, 'expected a list of tenants').min(1, 'expected at least one tenant'),
  scopes,
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

export const CallersSecret = members({
  callers: z.array(Caller, 'expected a list of callers').max(1000, 'expected at most 1000 callers'),
  issuers: z.array(Issuer, 'expected a list of issuers').max(100, 'expected at most 100 issuers').default([]),
}).refine(isUnambiguous, {
  path: ['callers'],
  message: 'expected each callerId, each key, and each audience of an issuer once',
})

export type CallersSecret = z.infer<typeof CallersSecret>
export type Caller = CallersSecret['callers'][number]
