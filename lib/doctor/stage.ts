/** The stage itself: its callers, its keys, its schedule, and whether the identity providers of its callers answer. */

import type { CallerItems } from '../callers/dynamodb.ts'
import { callerSource } from '../callers/source.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import { runJobs } from '../concurrency/pool.ts'
import { keyDiscovery } from '../oidc/discovery.ts'
import { lastSweeps } from '../prewarm/sweep-place.ts'
import type { PublicJwk } from '../schemas/key-secrets.ts'
import type { TakenCallers } from '../schemas/taken-callers.ts'
import { CALLERS, JWKS, TOKEN_STORE_KEY } from '../secrets/definitions.ts'
import type { Connection } from '../vendors/connection.ts'
import { attempt } from './attempt.ts'
import { causeOf } from './causes.ts'
import { type Finding, finding } from './findings.ts'
import type { Question } from './question.ts'

const STAGE = { system: 'stage' } as const
/** Rotation publishes a key every 30 days (serverless/secrets.yml), within a day. */
const OLDEST_KEY_SECONDS = 32 * 24 * 3600
/** A sweep begins every hour, and may take some runs of a minute each. */
const LATEST_SWEEP_MS = 75 * 60_000
const ISSUERS_AT_ONCE = { concurrency: 10, reserveMs: 3_000 }

export interface StageFacts {
  readonly findings: readonly Finding[]
  /** The published keys, the one that signs first. Times in epoch seconds. */
  readonly keys: readonly Pick<PublicJwk, 'kid' | 'publishedAt' | 'verifyUntil'>[]
  /** When the last sweep of the schedule began that was finished, in epoch milliseconds; of several shares the oldest. */
  readonly sweptAt?: number
}

export interface StageDeps extends Connection {
  /** In how many shares the schedule runs. */
  readonly prewarmShares: number
  readonly callerItems: CallerItems
}

/** Looks at the entries of `issuers` in the callers table too, which only an operator may list. Throws nothing. */
export const tryStage = async (
  deps: StageDeps,
  { issuers }: Pick<Question, 'issuers'>,
  deadline: Deadline,
): Promise<StageFacts> => {
  const [callers, keys, sweep, storeKey] = await Promise.all([
    callerFindings(deps, issuers, deadline),
    keyFacts(deps, deadline),
    sweepFacts(deps, deadline),
    attempt(STAGE, () => deps.secrets.read(TOKEN_STORE_KEY, { deadline })),
  ])
  return {
    findings: [...callers, ...keys.findings, ...sweep.findings, ...(storeKey.isGood ? [] : [storeKey.wrong])],
    keys: keys.keys,
    ...(sweep.sweptAt === undefined ? {} : { sweptAt: sweep.sweptAt }),
  }
}

const callerFindings = async (
  deps: StageDeps,
  inTable: readonly string[],
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const read = await attempt(STAGE, () => deps.secrets.read(CALLERS, { deadline }))
  if (!read.isGood) return [read.wrong]
  const { callers, issuers, table, remarks } = read.result.value
  const secret = CALLERS.name
  return [
    ...remarks.map(({ code, field, expected }) => finding(STAGE, code, { secret, field, expected })),
    ...(callers.length + issuers.length > 0 || table ? [] : [finding(STAGE, 'CALLERS_NONE', { secret })]),
    ...(await issuerFindings(issuers, deps, deadline)),
    ...(await tableFindings(inTable, deps, deadline)),
  ]
}

/** Entries that are wrong, the operator's command names itself: it has the whole table. */
const tableFindings = async (
  names: readonly string[],
  deps: StageDeps,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const source = callerSource({ ...deps, items: deps.callerItems })
  const read = await attempt(STAGE, () => Promise.all(names.map((name) => source.ofIssuer(name, deadline))))
  if (!read.isGood) return [read.wrong]
  return issuerFindings(
    read.result.flatMap(({ issuers }) => issuers),
    deps,
    deadline,
  )
}

/** Each issuer's keys are fetched once, as for its first token. */
const issuerFindings = async (
  entries: TakenCallers['issuers'],
  { outbound }: StageDeps,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const fetchKeys = keyDiscovery(outbound)
  const found: Finding[] = []
  const sources = new Map(entries.map((entry) => [entry.issuer, entry]))
  const look = async ({ issuer, jwksUri, callerId }: TakenCallers['issuers'][number]): Promise<void> => {
    const fetched = await attempt(STAGE, () => fetchKeys({ issuer, jwksUri }, deadline))
    // Whatever the cause is: a provider's, and of this entry.
    const ofEntry = { field: `issuers: ${callerId}` }
    if (!fetched.isGood) found.push({ ...fetched.wrong, ...ofEntry, cause: asIssuers(fetched.wrong) })
  }
  const left = await runJobs([...sources.values()], look, { ...ISSUERS_AT_ONCE, deadline })
  return left === 0 ? found : [...found, finding({ ...STAGE, field: 'issuers' }, 'TIME_USED_UP')]
}

/** The reason says why, TLS included. */
const asIssuers = ({ cause }: Finding): Finding['cause'] =>
  cause === 'ISSUER_MISCONFIGURED' ? cause : 'ISSUER_UNREACHABLE'

const keyFacts = async ({ secrets, now }: StageDeps, deadline: Deadline) => {
  const read = await attempt(STAGE, () => secrets.read(JWKS, { deadline }))
  if (!read.isGood) return { findings: [read.wrong], keys: [] }
  const { keys } = read.result.value
  const inUse = keys.filter(({ verifyUntil }) => verifyUntil === undefined)
  const newest = Math.max(...inUse.map(({ publishedAt }) => publishedAt))
  const secret = JWKS.name
  const isOld = now().getTime() / 1000 - newest > OLDEST_KEY_SECONDS
  return {
    findings: [
      ...(inUse.length === 0 ? [finding(STAGE, 'KEYS_ABSENT', { secret })] : []),
      ...(inUse.length > 0 && isOld ? [finding(STAGE, 'KEYS_OLD', { secret })] : []),
    ],
    keys: keys.map(({ kid, publishedAt, verifyUntil }) => ({
      kid,
      publishedAt,
      ...(verifyUntil === undefined ? {} : { verifyUntil }),
    })),
  }
}

const sweepFacts = async ({ table, now, prewarmShares }: StageDeps, deadline: Deadline) => {
  try {
    const ends = await lastSweeps({ table, of: prewarmShares }, deadline)
    const known = ends.filter((at) => at !== undefined)
    if (known.length < ends.length) return { findings: [finding(STAGE, 'PREWARM_NEVER')] }
    const sweptAt = Math.min(...known)
    const isLate = now().getTime() - sweptAt > LATEST_SWEEP_MS
    return { findings: isLate ? [finding(STAGE, 'PREWARM_LATE')] : [], sweptAt }
  } catch (error) {
    return { findings: [finding(STAGE, causeOf(error))] }
  }
}
