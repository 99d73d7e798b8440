/**
 * Every metric that CloudWatch makes of log lines: one table. Each name costs 0.30 dollars a month for each set of
 * dimensions that has values, and each line that carries one about 200 bytes. docs/operate.md says which alarm reads which.
 */

import { ERRORS } from './errors.ts'

/** Of lines with one code, by stage alone. `field`: the field that is its value; default 1 for each line. */
export const METRICS = [
  { name: 'TokensRefreshed', code: 'PREWARM_DONE', field: 'refreshed' },
  { name: 'TokensFailed', code: 'PREWARM_DONE', field: 'failed' },
  { name: 'TokensEndangered', code: 'PREWARM_DONE', field: 'endangered' },
  { name: 'TokensLeft', code: 'PREWARM_DONE', field: 'left' },
  { name: 'TokensWithoutKey', code: 'PREWARM_DONE', field: 'withoutKey' },
  { name: 'TenantsNotListed', code: 'PREWARM_DONE', field: 'notListed' },
  { name: 'TokensFetched', code: 'MACHINE_TOKEN_FETCHED' },
  { name: 'TokensKept', code: 'MACHINE_TOKEN_KEPT' },
  { name: 'TokenStoreUnavailable', code: 'TOKEN_STORE_UNAVAILABLE' },
  { name: 'StoredTokensRejected', code: 'STORED_TOKEN_REJECTED' },
  { name: 'SecretsStale', code: 'SECRET_STALE_SERVED' },
  { name: 'CallersLeftOut', code: 'CALLERS_ENTRY_LEFT_OUT' },
  { name: 'ProbeFailed', code: 'PROBE_DONE', field: 'failed' },
  { name: 'ProbeRefused', code: 'PROBE_DONE', field: 'refused' },
  { name: 'ProbeVendorFailed', code: 'PROBE_DONE', field: 'vendorFailed' },
  // An identity provider of a customer's, which is no fault of ours
  { name: 'IssuersFailed', code: 'OIDC_KEYS_UNAVAILABLE' },
  { name: 'IssuersFailed', code: 'OIDC_PROVIDER_MISCONFIGURED' },
  // Not a vendor's outage, unless all of a tenant's calls end so.
  { name: 'ValuesRefused', code: 'UPSTREAM_VALUES_REFUSED' },
] as const

/** Of answers that were not the good one, by what each says of whom. The good ones are the rest of the function's invocations. */
export const OUTCOMES = {
  /** Ours: 5xx, and retCode 6 of a validate route. */
  AnswersFailed: ['stage', 'function'],
  /** The caller's own: 4xx, and retCodes 1 to 5. */
  AnswersRefused: ['stage', 'function'],
  /** 429 of a limit of ours for a user or an account. */
  AnswersThrottled: ['stage', 'function'],
  /** A vendor's: 429 and 5xx. The function says which vendor, the code which class. */
  VendorFailures: ['stage', 'function', 'code'],
} as const

export type Outcome = keyof typeof OUTCOMES

export interface Ended {
  readonly code: string
  readonly status?: number | undefined
  readonly isError: boolean
}

/**
 * Which of the above an answered request counts in; none for a good answer, for a line that is no request's, and for a fault of an
 * identity provider.
 */
export const outcomeOf = ({ code, status, isError }: Ended): Outcome | undefined => {
  if (status === undefined || !(code in ERRORS)) return undefined
  // Anybody can show a token that names a provider: its fault, which IssuersFailed counts, must not count as one of ours.
  if (isError && code.startsWith('OIDC_')) return undefined
  if (code.startsWith('UPSTREAM_') && status >= 429) return 'VendorFailures'
  if (isError) return 'AnswersFailed'
  return status === 429 ? 'AnswersThrottled' : 'AnswersRefused'
}
