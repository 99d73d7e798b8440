/** What a vendor's login is told of the table: whether a lease protects it. */

export interface FetchMode {
  /** Without a lease, so that others may be asking at this moment. Default false. */
  readonly isAlone?: boolean
}
