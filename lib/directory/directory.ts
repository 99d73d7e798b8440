/** Who exists and who may come in. The one small interface that everything but `dynamodb.ts` knows. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { SubjectKind } from './items.ts'

export interface Subject {
  readonly tenantSpaceId: string
  readonly userId: string
}

/** A user who is there, active or not. */
export interface KnownUser {
  readonly userName: string
  readonly status: 'active' | 'disabled'
  readonly epoch: number
  /** The name is a caller's word, which each token carries: it is not held against a token's. */
  readonly justInTime?: boolean | undefined
  /** Of a just-in-time user: epoch seconds from which on it may be removed. Absent: it stays. */
  readonly expiresAt?: number | undefined
}

export type DirectoryUser = KnownUser | { readonly status: 'deleted'; readonly epoch: number }

/** What admission is decided on: each part as it was at most 500 ms before, and read consistently. */
export interface Admission {
  /** Absent when the directory has never heard of the user, and for every agent. */
  readonly user: DirectoryUser | undefined
  /** Of an agent; absent counts as 0. */
  readonly agentEpoch?: number
  readonly tenantEpoch: number
  /** Whether the token asked about is revoked; false when none was named. */
  readonly isTokenRevoked: boolean
  /** Whether the signing key asked about is revoked; false when none was named. */
  readonly isKeyRevoked: boolean
  /** Of a signing key that has retired: epoch seconds from which on nothing that it signed is good. */
  readonly keyEndsAt?: number
}

/** Who may come in: all that whoever verifies asks for. */
export interface Admissions {
  /**
   * `userId` is an agent's account where `kind` says so; default a user's id. `jti` and `kid` name the token and the signing
   * key to look up; whoever signs or verifies names the key. `ver` is the token's: what is remembered from before it is read anew.
   * Throws DIRECTORY_UNAVAILABLE, DIRECTORY_MALFORMED or DEADLINE_EXCEEDED; an absent user is no error.
   */
  readonly admission: (
    asked: Subject & {
      readonly kind?: SubjectKind
      readonly jti?: string
      readonly kid?: string
      readonly ver?: string
    },
    deadline: Deadline,
  ) => Promise<Admission>
}

export interface Directory extends Admissions {
  /**
   * Just-in-time provisioning: enters a user on a trusted caller's word, or renames an active one, and marks it so. Leaves epochs,
   * disabled users and tombstones as they are, but for a tombstone whose end has come by `at` and which the table has not swept
   * yet. Throws DIRECTORY_UNAVAILABLE or DEADLINE_EXCEEDED.
   *
   * The last writer decides. A user whom `putUser` entered and a caller then provisions under another name is just-in-time
   * from then on: tokens of both names live until their end. Provisioning the name that is there already writes nothing.
   */
  readonly provision: (
    user: Subject & { readonly userName: string } & Kept,
    deadline: Deadline,
  ) => Promise<void>
  /** Gives an active just-in-time user another end, or none. False, and nothing done, where there is no such user any more. */
  readonly keepUser: (user: Subject & Kept, deadline: Deadline) => Promise<boolean>
}

/** For how long a just-in-time user is kept. Both in epoch seconds. */
export interface Kept {
  readonly at: number
  /** When the table may sweep the user. Absent: never. */
  readonly keepUntil?: number | undefined
}

/** What changes who may come in. Each is one atomic write, or two of which each is safe alone. */
export interface DirectoryKeeper {
  /**
   * Enters a user, or changes name and status. Whatever changes raises the epoch, and so does disabling: a token that was
   * refused once stays so, also when the change is taken back. An active user of this very name stays as it is. The name counts
   * from then on: a token of another name is refused, also where a caller provisioned it before.
   */
  readonly putUser: (
    user: Subject & { readonly userName: string; readonly status: 'active' | 'disabled' },
    deadline: Deadline,
  ) => Promise<void>
  /**
   * Deletes a user, and ends every token that it has. What stays is the epoch, until `keepUntil` in epoch seconds, when no token
   * of this moment can be alive. Of one that was never entered, too: whoever is just entering it by a caller's word comes too late.
   */
  readonly deleteUser: (user: Subject & { readonly keepUntil: number }, deadline: Deadline) => Promise<void>
  /** Ends every token that the user has. Throws USER_UNKNOWN for one that was never entered. */
  readonly revokeUser: (user: Subject, deadline: Deadline) => Promise<void>
  /** Ends every token that an agent has. The directory need not know the agent. */
  readonly revokeAgent: (
    agent: { readonly tenantSpaceId: string; readonly userAccount: string },
    deadline: Deadline,
  ) => Promise<void>
  /** Ends every token of the tenant. */
  readonly revokeTenant: (tenantSpaceId: string, deadline: Deadline) => Promise<void>
  /** Ends one token. `keepUntil`: epoch seconds after which no token of that id can be alive. */
  readonly revokeToken: (
    token: { readonly tenantSpaceId: string; readonly jti: string; readonly keepUntil: number },
    deadline: Deadline,
  ) => Promise<void>
}

/** Signing keys that have come to their end, by key id: dropped before their time, or retired. */
export interface KeyRevocations {
  /** The ends of those of `kids` that have one, in epoch seconds, 0 for a revoked key. Read consistently. Throws what `admission` throws. */
  readonly keyEnds: (kids: readonly string[], deadline: Deadline) => Promise<ReadonlyMap<string, number>>
  /** Gives a key its end, in epoch seconds. One that has an end keeps it. */
  readonly retireKey: (kid: string, endsAt: number, deadline: Deadline) => Promise<void>
  /** Those of `kids` that are revoked, read consistently. Throws what `admission` throws. */
  readonly revokedKeys: (kids: readonly string[], deadline: Deadline) => Promise<ReadonlySet<string>>
  /**
   * Drops a key for good. Does not check that there is one of that id. Writes all copies of the item, and throws where one could not
   * be written: then some sandboxes may not know of it, and whoever asked repeats it until it returns.
   */
  readonly revokeKey: (kid: string, deadline: Deadline) => Promise<void>
}

/** A token's `ver` claim: the epochs that it was issued under. Equal when validated, or the token is revoked. */
export const versionOf = ({ tenantEpoch, user, agentEpoch = 0 }: Admission): string =>
  `${tenantEpoch}.${user?.epoch ?? agentEpoch}`
