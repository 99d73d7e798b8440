/** Admissions, made of the directory's items. */

import type * as z from 'zod/mini'
import { BridgeError } from '../errors.ts'
import { faultyField } from '../schemas/issues.ts'
import type { Admissions, DirectoryUser, KeyRevocations } from './directory.ts'
import type { DirectoryItems, Item } from './dynamodb-items.ts'
import {
  AgentItem,
  copiesOf,
  PresentUser,
  RevokedKeyItem,
  RevokedTokenItem,
  revokedKeyKey,
  revokedTokenKey,
  subjectKey,
  TenantItem,
  Tombstone,
  tenantKey,
} from './items.ts'

/**
 * Absent items count as "never heard of", epoch 0, not revoked. Throws what reading throws, and DIRECTORY_MALFORMED with the
 * `field`.
 */
export const itemAdmissions = (items: DirectoryItems): Admissions => ({
  admission: async ({ kind = 'user', tenantSpaceId, userId, jti, kid }, deadline) => {
    const subject = subjectKey(kind, { tenantSpaceId, userId })
    const tenant = tenantKey(tenantSpaceId)
    const token = jti === undefined ? undefined : revokedTokenKey(tenantSpaceId, jti)
    const signingKey = kid === undefined ? undefined : revokedKeyKey(kid)
    const named = [subject, tenant, token, signingKey].filter((key) => key !== undefined)
    const found = await items.read(named, deadline)
    const itemOf = (key: string | undefined) => (key === undefined ? undefined : found.get(key))
    const endOfKey = endOf(itemOf(signingKey))
    return {
      ...(kind === 'agent'
        ? { user: undefined, agentEpoch: parsedItem(AgentItem, itemOf(subject))?.epoch ?? 0 }
        : { user: parsedUser(itemOf(subject)) }),
      tenantEpoch: parsedItem(TenantItem, itemOf(tenant))?.epoch ?? 0,
      isTokenRevoked: parsedItem(RevokedTokenItem, itemOf(token)) !== undefined,
      isKeyRevoked: endOfKey === REVOKED_AT_ONCE,
      ...(endOfKey === undefined || endOfKey === REVOKED_AT_ONCE ? {} : { keyEndsAt: endOfKey }),
    }
  },
})

/** `items` are the table's own. Of several copies the earliest end counts: a write that broke off is found. */
export const itemRevocations = (items: DirectoryItems): Pick<KeyRevocations, 'revokedKeys' | 'keyEnds'> => {
  const keyEnds: KeyRevocations['keyEnds'] = async (kids, deadline) => {
    const copies = [...new Set(kids)].map((kid) => ({ kid, keys: copiesOf(revokedKeyKey(kid)) }))
    const found = await items.read(
      copies.flatMap(({ keys }) => keys),
      deadline,
    )
    const ends = copies.map(({ kid, keys }) => {
      const known = keys.map((key) => endOf(found.get(key))).filter((end) => end !== undefined)
      return [kid, Math.min(...known)] as const
    })
    return new Map(ends.filter(([, end]) => end < Number.POSITIVE_INFINITY))
  }
  return {
    keyEnds,
    revokedKeys: async (kids, deadline) => {
      const ends = await keyEnds(kids, deadline)
      return new Set([...ends.keys()].filter((kid) => ends.get(kid) === REVOKED_AT_ONCE))
    },
  }
}

/** No moment: before all of them. */
const REVOKED_AT_ONCE = 0

const endOf = (item: Item | undefined): number | undefined => {
  const ended = parsedItem(RevokedKeyItem, item)
  return ended === undefined ? undefined : (ended.endsAt ?? REVOKED_AT_ONCE)
}

/** Not a union of the two: that part of the library is in no package. */
export const parsedUser = (item: Item | undefined): DirectoryUser | undefined =>
  item?.['status'] === 'deleted' ? parsedItem(Tombstone, item) : parsedItem(PresentUser, item)

const parsedItem = <T>(schema: z.ZodMiniType<T>, item: Item | undefined): T | undefined => {
  if (item === undefined) return undefined
  const result = schema.safeParse(item)
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw new BridgeError('DIRECTORY_MALFORMED', `a directory item is not usable: ${field}`, {
    detail: { field },
  })
}
