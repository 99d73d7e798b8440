/** What changes a user of the directory. Nothing of it lowers an epoch or takes one back, whatever the order. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Directory, DirectoryKeeper, Subject } from './directory.ts'
import { type DirectoryTable, directoryUpdates, epochWrite, type Write } from './dynamodb-calls.ts'
import { firstEpoch, userKey } from './items.ts'

export interface UserWriteDeps extends DirectoryTable {
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

type UserWrites = Pick<Directory, 'provision' | 'keepUser'> &
  Pick<DirectoryKeeper, 'putUser' | 'deleteUser' | 'revokeUser'>

/** Throws DIRECTORY_UNAVAILABLE and DEADLINE_EXCEEDED; `revokeUser` also USER_UNKNOWN. */
export const userWrites = (deps: UserWriteDeps): UserWrites => {
  const updated = directoryUpdates(deps)
  /** An item that is there keeps its epoch, or has it raised by one; a new one begins anywhere. */
  const change = (user: Subject, { set, raise, ...rules }: UserChange, deadline: Deadline) => {
    const epoch = { first: firstEpoch(deps.random), raise }
    return updated(write(keyOf(user), { set: { kind: 'user', ...set }, epoch, ...rules }), deadline)
  }

  return {
    provision: async ({ at, keepUntil, ...user }, deadline) => {
      const set = { ...person(user), status: 'active', justInTime: true, expiresAt: keepUntil }
      // A tombstone that the table has not swept yet counts as swept: nobody waits for the sweep, which may take days.
      const condition =
        'attribute_not_exists(pk) OR #status = :status OR (#status = :deleted AND #expiresAt < :at)'
      const values = { ':deleted': 'deleted', ':at': at }
      await change(user, { set, raise: 0, condition, values }, deadline)
    },

    keepUser: (user, deadline) => {
      const condition = '#justInTime = :true AND #status = :active'
      const values = { ':true': true, ':active': 'active' }
      const names = { '#justInTime': 'justInTime', '#status': 'status' }
      return updated(
        write(keyOf(user), { set: { expiresAt: user.keepUntil }, condition, values, names }),
        deadline,
      )
    },

    putUser: async ({ status, ...user }, deadline) => {
      const set = { ...person(user), status, justInTime: undefined, expiresAt: undefined }
      const condition =
        'attribute_not_exists(pk) OR ' +
        '(#status = :status AND #userName = :userName AND attribute_not_exists(#justInTime))'
      const isSame = status === 'active' && (await change(user, { set, raise: 0, condition }, deadline))
      if (!isSame) await change(user, { set, raise: 1 }, deadline)
    },

    deleteUser: async ({ keepUntil, ...user }, deadline) => {
      const set = { ...NOTHING_OF_A_PERSON, status: 'deleted', expiresAt: keepUntil }
      await change(user, { set, raise: 1 }, deadline)
    },

    revokeUser: async (user, deadline) => {
      const ConditionExpression = 'attribute_exists(pk)'
      const raised = { ...epochWrite(keyOf(user)), ConditionExpression }
      if (!(await updated(raised, deadline))) throw unknownUser()
    },
  }
}

const keyOf = ({ tenantSpaceId, userId }: Subject): string => userKey(tenantSpaceId, userId)

const person = ({
  tenantSpaceId,
  userId,
  userName,
}: Subject & { readonly userName: string }): Attributes => ({
  tenantSpaceId,
  userId,
  userName,
})

/** What is set, and what is removed, where `undefined` stands. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

interface Rules {
  readonly set: Attributes
  /** Default none. */
  readonly condition?: string
  /** What the condition alone has. */
  readonly values?: Readonly<Record<string, unknown>>
  readonly names?: Readonly<Record<string, string>>
}

interface UserChange extends Rules {
  readonly raise: 0 | 1
}

/** A tombstone says no more than its key does. */
const NOTHING_OF_A_PERSON = {
  tenantSpaceId: undefined,
  userId: undefined,
  userName: undefined,
  justInTime: undefined,
}

const write = (
  pk: string,
  { set, epoch, condition, values, names }: Rules & { readonly epoch?: { first: number; raise: number } },
): Write => {
  const entries = Object.entries(set)
  const kept = entries.filter(([, value]) => value !== undefined)
  const gone = entries.filter(([, value]) => value === undefined)
  const sets = kept.map(([name]) => `#${name} = :${name}`)
  if (epoch !== undefined) sets.push('#epoch = if_not_exists(#epoch, :first) + :raise')
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(gone.length > 0 ? [`REMOVE ${gone.map(([name]) => `#${name}`).join(', ')}`] : []),
  ]
  return {
    Key: { pk },
    UpdateExpression: clauses.join(' '),
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ExpressionAttributeNames: {
      ...Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
      ...(epoch === undefined ? {} : { '#epoch': 'epoch' }),
      ...names,
    },
    ExpressionAttributeValues: {
      ...Object.fromEntries(kept.map(([name, value]) => [`:${name}`, value])),
      ...(epoch === undefined ? {} : { ':first': epoch.first, ':raise': epoch.raise }),
      ...values,
    },
  }
}

const unknownUser = (): BridgeError =>
  new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', { detail: { field: 'userId' } })
