/** How one vendor's accounts are protected from credentials that the vendor has refused. Each vendor's profile has its own. */

export interface BreakerPolicy {
  /**
   * How long credentials with an explicit refusal are left alone, in milliseconds. Infinite: until the credentials
   * change, or a command lifts it.
   */
  readonly refusedMs: number
  /**
   * The longest pause after refusals without a reason, in milliseconds: pauses begin at 5 s and double up to it. Absent
   * where the call carries a caller's data: such a refusal may be about those data, and is then no reason for a pause.
   */
  readonly maxBackOffMs?: number
  /** Whether wrong secrets lock the account: it is then not tried at all while nobody can say whether it was refused. */
  readonly locksAccount: boolean
}

/** Credentials at a vendor. */
export interface Account {
  /** The vendor's name in the table. */
  readonly system: string
  readonly policy: BreakerPolicy
  readonly tenantSpaceId: string
  /** Stands for endpoint, key and secret. */
  readonly fingerprint: string
}
