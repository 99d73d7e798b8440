/** The directory's items: who exists, the epochs whose change ends tokens, and what was revoked. One table, one string key. */

import * as z from 'zod/mini'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import { nfc } from '../schemas/text.ts'

const epoch = z.int().check(z.gte(0))

/** A user who is there. */
export const PresentUser = z.object({
  pk: z.string(),
  kind: z.literal('user'),
  tenantSpaceId: z.string(),
  userId: z.string(),
  /** Of form NFC, whoever wrote the item. */
  userName: z.string().check(z.overwrite(nfc)),
  status: z.enum(['active', 'disabled']),
  epoch,
  /** Entered or renamed by a caller's word last, not by `PUT /users`. Absent counts as false. */
  justInTime: z.optional(z.boolean()),
  /** Of a just-in-time user alone: epoch seconds from which on the table may sweep it. Absent: never. */
  expiresAt: z.optional(z.int()),
})

/**
 * A user who was deleted. It holds the epoch alone, so that no old token comes back with a new user of that id, and goes with
 * `expiresAt`, when no such token can live.
 */
export const Tombstone = z.object({
  pk: z.string(),
  kind: z.literal('user'),
  status: z.literal('deleted'),
  epoch,
})

/**
 * Where the epochs of a new user begin: anywhere below this, by chance. Should a tombstone be gone before its time, an old token
 * still meets another epoch. 15 digits, as a token's claim has room for; the rest of them is for what raises an epoch.
 */
const FIRST_EPOCHS = 2 ** 49

/** `random`: 0 ≤ x < 1. */
export const firstEpoch = (random: () => number): number => Math.floor(random() * FIRST_EPOCHS)

/** An agent's epoch. Absent counts as epoch 0: an agent needs no item until all its tokens are revoked at once. */
export const AgentItem = z.object({ pk: z.string(), epoch })

/** A tenant's epoch. Absent counts as epoch 0: a tenant needs no item until all its tokens are revoked at once. */
export const TenantItem = z.object({ pk: z.string(), epoch })

/** One revoked token. What counts is that the item exists; `expiresAt` says when the table may sweep it. */
export const RevokedTokenItem = z.object({ pk: z.string() })

/**
 * One signing key that has come to its end. Without `endsAt` it was dropped before its time, at once and for good. With it
 * the key has retired: from then on, in epoch seconds, nothing that it signed is good. The item stays for ever: a
 * roll-back of a secret must not bring a key back.
 */
export const RevokedKeyItem = z.object({ pk: z.string(), endsAt: z.optional(z.int().check(z.positive())) })

/**
 * What a token can be about: a user, of whom there is an item, or an agent, of whom there is at most an epoch. A user and an
 * agent of the same id are two.
 */
export type SubjectKind = 'user' | 'agent'

export type UserStatus = z.infer<typeof PresentUser>['status'] | 'deleted'

export const userKey = (tenantSpaceId: string, userId: string): string =>
  lengthPrefixed('user', tenantSpaceId, userId)
export const agentKey = (tenantSpaceId: string, userAccount: string): string =>
  lengthPrefixed('agent', tenantSpaceId, userAccount)

/** The item of a token's subject. */
export const subjectKey = (
  kind: SubjectKind,
  { tenantSpaceId, userId }: { readonly tenantSpaceId: string; readonly userId: string },
): string => (kind === 'agent' ? agentKey : userKey)(tenantSpaceId, userId)

export const tenantKey = (tenantSpaceId: string): string => lengthPrefixed('tenant', tenantSpaceId)
export const revokedTokenKey = (tenantSpaceId: string, jti: string): string =>
  lengthPrefixed('revoked-token', tenantSpaceId, jti)
export const revokedKeyKey = (kid: string): string => REVOKED_KEY + lengthPrefixed(kid)

const REVOKED_KEY = lengthPrefixed('revoked-key')

/**
 * Every token of a stage names the same signing key, so all sandboxes ask for one item. DynamoDB reads an item 3,000 times a second
 * and a table 40,000 times (default quota): with 14 copies or more, no copy is short before the whole table is.
 */
const COPIES = 16

/** The keys under which an item stands: itself alone, but for a revoked signing key. The first is the item's own. */
export const copiesOf = (key: string): readonly string[] =>
  key.startsWith(REVOKED_KEY)
    ? Array.from({ length: COPIES }, (_, copy) => (copy === 0 ? key : key + lengthPrefixed(String(copy))))
    : [key]

/** A user's whole item, key included. */
export const userItem = (
  user: Omit<z.infer<typeof PresentUser>, 'pk' | 'kind' | 'status'> & { readonly status: UserStatus },
) => ({
  pk: userKey(user.tenantSpaceId, user.userId),
  kind: 'user' as const,
  ...user,
})
