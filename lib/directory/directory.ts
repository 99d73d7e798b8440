/** Who exists and who may come in. The one small interface that everything but `dynamodb.ts` knows. */

import type { Deadline } from '../deadline.ts'
import type { UserStatus } from './items.ts'

export interface Subject {
  readonly tenantSpaceId: string
  readonly userId: string
}

export interface DirectoryUser {
  readonly userName: string
  readonly status: UserStatus
  readonly epoch: number
}

/** What admission is decided on, read in one consistent step. */
export interface Admission {
  /** Absent when the directory has never heard of the user. */
  readonly user: DirectoryUser | undefined
  readonly tenantEpoch: number
  /** Whether the token asked about is revoked; false when none was named. */
  readonly isTokenRevoked: boolean
}

export interface Directory {
  /** Throws DIRECTORY_UNAVAILABLE, DIRECTORY_MALFORMED or DEADLINE_EXCEEDED; an absent user is no error. */
  readonly admission: (asked: Subject & { readonly jti?: string }, deadline: Deadline) => Promise<Admission>
  /**
   * Enters a user that a trusted caller vouches for, or renames an active one. Leaves epochs, disabled users and
   * tombstones as they are. Throws DIRECTORY_UNAVAILABLE or DEADLINE_EXCEEDED.
   */
  readonly vouch: (user: Subject & { readonly userName: string }, deadline: Deadline) => Promise<void>
}

/** A token's `ver` claim: the epochs that it was issued under. Equal when validated, or the token is revoked. */
export const versionOf = ({ tenantEpoch, user }: Admission): string => `${tenantEpoch}.${user?.epoch ?? 0}`
