/** What audit lines say of the time that a restored table knows nothing of. */

import type { UserStatus } from '../../../lib/directory/items.ts'
import { isHashOfUserId } from '../../../lib/schemas/log-key.ts'
import { WITHHELD } from '../../../lib/start/hashed-user-ids.ts'

export interface Audit {
  /** Every tenant that a line names. */
  readonly tenants: ReadonlySet<string>
  /** What a user was made last. `names`: the id, and by what else the lines may name the user. */
  readonly statusOf: (tenantSpaceId: string, names: readonly string[]) => UserStatus | undefined
  /** Numbers of the lines that delete or disable a user whom they do not name. */
  readonly withheld: readonly number[]
  /** By which hashes lines name whom they delete or disable, each as `inAudit` has it. */
  readonly hashes: ReadonlySet<string>
  /** Signing keys with which somebody was refused since they were dropped. */
  readonly revokedKeys: readonly string[]
  /** How many lines were read, and how many of them say what a user was made. */
  readonly lines: number
  readonly changes: number
  /** How many audit lines there are, those of before `since` among them. */
  readonly audited: number
}

interface Line {
  readonly time: string
  readonly code: string
  readonly tenantSpaceId?: unknown
  readonly userId?: unknown
  readonly userStatus?: unknown
  readonly kid?: unknown
  readonly audit?: unknown
}

const STATUSES: readonly unknown[] = ['active', 'disabled', 'deleted'] satisfies readonly UserStatus[]
const isStatus = (value: unknown): value is UserStatus => STATUSES.includes(value)

/**
 * Reads a file of log lines, whatever their order: each as a function wrote it, with or without what Lambda puts before it, or as an
 * event of CloudWatch Logs that holds it. Lines of Lambda's own are passed over, and those of before `since` (epoch milliseconds). Throws
 * a sentence that names the line which cannot be read: nothing is left out in silence.
 */
export const auditOf = (text: string, since: number): Audit => {
  const tenants = new Set<string>()
  const revokedKeys = new Set<string>()
  const last = new Map<string, { readonly at: number; readonly status: UserStatus }>()
  const withheld: number[] = []
  let lines = 0
  let changes = 0
  let audited = 0
  for (const [index, written] of text.split('\n').entries()) {
    const line = written.includes('{') ? lineIn(written, index + 1) : undefined
    if (line?.audit === true) audited += 1
    if (line === undefined || Date.parse(line.time) < since) continue
    lines += 1
    const { code, tenantSpaceId, userId, userStatus, kid } = line
    if (typeof tenantSpaceId === 'string') tenants.add(tenantSpaceId)
    if (code.endsWith('KEY_REVOKED') && typeof kid === 'string') revokedKeys.add(kid)
    if (code !== 'USER_WRITTEN' || typeof tenantSpaceId !== 'string' || typeof userId !== 'string') continue
    if (!isStatus(userStatus)) continue
    changes += 1
    if (userId === WITHHELD && userStatus !== 'active') withheld.push(index + 1)
    const at = Date.parse(line.time)
    const key = inAudit(tenantSpaceId, userId)
    const known = last.get(key)
    // Of two at the same millisecond, the one that shuts the user out.
    if (known === undefined || at > known.at || (at === known.at && userStatus !== 'active'))
      last.set(key, { at, status: userStatus })
  }
  return {
    tenants,
    withheld,
    hashes: new Set(
      [...last].flatMap(([key, { status }]) => (status !== 'active' && isHash(key) ? key : [])),
    ),
    revokedKeys: [...revokedKeys],
    lines,
    changes,
    audited,
    statusOf: (tenantSpaceId, names) =>
      names.flatMap((name) => last.get(inAudit(tenantSpaceId, name)) ?? []).sort((a, b) => b.at - a.at)[0]
        ?.status,
  }
}

/** A tenant and by what a line names its user. */
export const inAudit = (tenantSpaceId: string, name: string): string => `${tenantSpaceId} ${name}`
const isHash = (key: string): boolean => isHashOfUserId(key.slice(key.lastIndexOf(' ') + 1))

const lineIn = (written: string, number: number): Line | undefined => {
  const found = jsonIn(written)
  // An event of CloudWatch Logs, as `aws logs filter-log-events` and Logs Insights give it.
  const inner = found?.['message'] ?? found?.['@message']
  const line = typeof inner === 'string' ? (inner.includes('{') ? jsonIn(inner) : {}) : found
  if (line === undefined)
    throw new Error(`line ${number}: expected a log line of a function, or an event that holds one`)
  const { code, time } = line
  return typeof code === 'string' && typeof time === 'string' && !Number.isNaN(Date.parse(time))
    ? { ...line, code, time }
    : undefined
}

const jsonIn = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text.slice(text.indexOf('{')))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
