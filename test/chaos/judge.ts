/** What must hold in every case, however the sandboxes were disturbed; and the table of what was counted. */

import type { CallReport } from './protocol.ts'
import type { Bearer, Issued } from './vendor-gate.ts'

/** Everything that is known of a case. Tokens by their SHA-256. */
export interface Evidence {
  readonly calls: readonly CallReport[]
  readonly issued: readonly Issued[]
  readonly bearers: readonly Bearer[]
  /** Calls for a token at the vendor, or whatever else the case bounds: of the tenant that had the most. */
  readonly counted: number
  /** What the vendors' emulators counted, and what passed through the gate. */
  readonly heard: { readonly emulators: number; readonly gate: number }
  readonly vendorTimeAt: (machineMs: number) => number
}

export interface Row {
  readonly name: string
  readonly bound: number
  readonly evidence: Evidence
  readonly faults: readonly string[]
}

/** The last seconds of a token are nobody's: it could die on the way. */
const UNUSED_MS = 30_000

/** In words; empty when all is well. */
export const faultsOf = (bound: number, evidence: Evidence): string[] => [
  ...(evidence.counted > bound ? [`counted ${evidence.counted}, at most ${bound} allowed`] : []),
  ...(evidence.heard.emulators === evidence.heard.gate
    ? []
    : [`the emulators counted ${evidence.heard.emulators}, the gate ${evidence.heard.gate}`]),
  ...summed(evidence.calls.map((call) => wrongToken(call, evidence))),
  ...summed(evidence.bearers.map((bearer) => wrongBearer(bearer, evidence))),
  ...summed(evidence.calls.map((call) => needlessFailure(call, evidence))),
  ...summed(
    evidence.calls.map(({ pending }) =>
      pending.length === 0 ? undefined : `left behind: ${pending.join(', ')}`,
    ),
  ),
]

const wrongToken = ({ token, tenantSpaceId, endedAt }: CallReport, { issued, vendorTimeAt }: Evidence) =>
  token === undefined ? undefined : wrong(token, tenantSpaceId, vendorTimeAt(endedAt), issued)

const wrongBearer = ({ sha256, tenantSpaceId, at }: Bearer, { issued }: Evidence) =>
  wrong(sha256, tenantSpaceId, at, issued)

const wrong = (
  token: string,
  tenantSpaceId: string,
  at: number,
  issued: readonly Issued[],
): string | undefined => {
  const known = issued.find(({ sha256 }) => sha256 === token)
  if (known === undefined) return 'a token that was never issued'
  if (known.tenantSpaceId !== tenantSpaceId) return 'a token of another tenant'
  return at >= known.expiresAt ? 'an expired token' : undefined
}

/** A failure although some sandbox had a token for this tenant, from before the call until after its end. */
const needlessFailure = (
  { status, code, tenantSpaceId, startedAt, endedAt }: CallReport,
  { issued, vendorTimeAt }: Evidence,
): string | undefined => {
  if (status === 200) return undefined
  const hasToken = issued.some(
    (token) =>
      token.tenantSpaceId === tenantSpaceId &&
      token.deliveredAt !== undefined &&
      token.deliveredAt < startedAt &&
      vendorTimeAt(endedAt) < token.expiresAt - UNUSED_MS,
  )
  return hasToken ? `failed with ${code} although there was a good token` : undefined
}

const summed = (faults: readonly (string | undefined)[]): string[] => {
  const counts = new Map<string, number>()
  for (const fault of faults) if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return [...counts].map(([fault, count]) => `${count} × ${fault}`)
}

/** As it is printed. */
export const table = (rows: readonly Row[]): string => {
  const cells = rows.map(({ name, bound, evidence: { calls, counted }, faults }) => [
    name,
    `≤ ${bound}`,
    String(counted),
    String(calls.length),
    String(calls.filter(({ status }) => status !== 200).length),
    faults.length === 0 ? 'pass' : `FAIL: ${faults.join('; ')}`,
  ])
  const all = [['case', 'bound', 'counted', 'requests', 'refused', 'verdict'], ...cells]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? []
  return all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
