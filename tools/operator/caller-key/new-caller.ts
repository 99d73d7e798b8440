/** A new caller key, and the entry that lists it. */

import { createHash, randomBytes } from 'node:crypto'
import { CallersSecret, SCOPES } from '../../../lib/schemas/callers.ts'
import { describeFaults } from '../../../lib/schemas/issues.ts'
import type { Caller } from '../../../lib/schemas/taken-callers.ts'

const DAY_SECONDS = 24 * 3600
export const DEFAULT_DAYS = 365

export interface NewCaller {
  readonly callerId: string
  readonly tenants: readonly string[]
  readonly tenantPrefixes?: readonly string[]
  /** Default `enterprise-token:issue`. */
  readonly scopes?: readonly string[]
  /** How long the key is good. Default a year. */
  readonly days?: number
}

export interface Made {
  readonly key: string
  readonly caller: Caller
}

/** A key of 256 random bits, and what is listed of it. */
export const newKey = (
  days: number,
  now: Date,
): { readonly key: string; readonly listed: Caller['keys'][number] } => {
  const key = `ctb_${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  return { key, listed: { sha256, expiresAt: Math.floor(now.getTime() / 1000) + days * DAY_SECONDS } }
}

/** A new key, and an entry that holds only its SHA-256. Throws what the schema says about bad names, and which scopes there are. */
export const newCaller = (
  {
    callerId,
    tenants,
    tenantPrefixes = [],
    scopes = ['enterprise-token:issue'],
    days = DEFAULT_DAYS,
  }: NewCaller,
  now: Date,
): Made => {
  const { key, listed } = newKey(days, now)
  const prefixes = tenantPrefixes.length === 0 ? {} : { tenantPrefixes }
  const entry = { callerId, keys: [listed], tenants, ...prefixes, scopes }
  const result = CallersSecret.safeParse({ callers: [entry] })
  const faults = [
    ...(result.success ? [] : [inArguments(describeFaults(result.error))]),
    ...(scopes.every(isScope) ? [] : [`--scope: expected one of ${SCOPES.join(', ')}`]),
  ]
  if (!result.success || faults.length > 0) throw new TypeError(faults.join('; '))
  return { key, caller: result.data.callers[0] as Caller }
}

/** Functions keep a scope that they do not know. Whoever makes an entry has mistyped it. */
const isScope = (scope: string): boolean => (SCOPES as readonly string[]).includes(scope)

/** The schema's words for the entry, as the command's words for what was given. */
const inArguments = (faults: string): string =>
  faults
    .replace(/callers\.0\.callerId/g, '<callerId>')
    .replace(/callers\.0\.tenants(\.\d+)?/g, '<tenantSpaceId>')
    .replace(/callers\.0\.tenantPrefixes(\.\d+)?/g, '--tenant-prefix')
    .replace(/callers\.0\.scopes(\.\d+)?/g, '--scope')
