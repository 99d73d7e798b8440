/** What the log is told of a secret that is taken all the same. */

export interface Remark {
  readonly level: 'WARN' | 'ERROR'
  readonly code: 'CALLERS_ENTRY_LEFT_OUT' | 'USER_IDS_SHARED'
  /** Path of the member within the secret. */
  readonly field: string
  /** A sentence of the schema's own. Never what was found. */
  readonly expected: string
}
