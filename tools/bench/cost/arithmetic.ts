/** What a million requests of a route cost, from what one of them uses. Pure. */

import { ASSUMED, PRICES } from './prices.ts'

/** One request of a warm sandbox, as it was counted. */
export interface Usage {
  readonly memoryMegabytes: number
  readonly cpuMs: number
  /** Calls of DynamoDB that it waits for. */
  readonly tableCalls: number
  readonly vendorCalls: number
  /** Milliseconds that a vendor lets it hang for, beside those of a usual answer. Default none. */
  readonly hangsMs?: number
  /** Units when the sandbox remembers nothing of the directory. */
  readonly readUnits: number
  /** Units when what users share, the tenant and the signing key, is remembered. */
  readonly readUnitsShared: number
  readonly writeUnits: number
  /** Bytes that the function itself writes. */
  readonly logBytes: number
  /** Secrets that a sandbox reads, at its start and then again and again. */
  readonly secrets: number
}

export interface Dollars {
  readonly api: number
  readonly lambda: number
  readonly reads: number
  readonly writes: number
  readonly logs: number
  readonly secrets: number
}

const MILLION = 1_000_000
const SECONDS_OF_A_MONTH = 730 * 3_600
const API_FIRST_TIER = 300 * MILLION

/** Lambda bills whole milliseconds, one at least. Requests so far apart use their share of a processor without a pause. */
export const billedMs = ({ cpuMs, tableCalls, vendorCalls, hangsMs = 0 }: Usage): number =>
  Math.max(
    1,
    Math.ceil(cpuMs + tableCalls * ASSUMED.awsWaitMs + vendorCalls * ASSUMED.vendorWaitMs + hangsMs),
  )

/** As many as requests are under way at a time. */
const sandboxesFor = (usage: Usage, perSecond: number): number =>
  Math.max(1, Math.ceil((perSecond * billedMs(usage)) / 1_000))

/** Of a million requests that come evenly, so many a second. */
export const dollarsPerMillion = (usage: Usage, perSecond: number): Dollars => {
  const sandboxes = sandboxesFor(usage, perSecond)
  /** What each sandbox does once in so many seconds, as a part of its requests; at most all of them. */
  const oncePer = (seconds: number) => Math.min(1, sandboxes / (perSecond * seconds))
  const { memoryMegabytes, readUnits, readUnitsShared, writeUnits, logBytes, secrets } = usage
  const milliseconds = billedMs(usage) + ASSUMED.initMs * oncePer(ASSUMED.sandboxSeconds)
  const gigabyteSeconds = (milliseconds / 1_000) * (memoryMegabytes / 1_024)
  const units = readUnitsShared + (readUnits - readUnitsShared) * oncePer(ASSUMED.directorySeconds)
  const bytes = logBytes + ASSUMED.lambdaLogBytes + ASSUMED.accessLogBytes
  return {
    api: apiPrice(perSecond),
    lambda: PRICES.lambdaRequest.dollars + gigabyteSeconds * MILLION * PRICES.lambdaGigabyteSecond.dollars,
    reads: units * PRICES.readUnit.dollars,
    writes: writeUnits * PRICES.writeUnit.dollars,
    logs: ((bytes * MILLION) / 1e9) * PRICES.logGigabyte.dollars,
    secrets: secrets * oncePer(ASSUMED.secretSeconds) * PRICES.secretRead.dollars,
  }
}

/** The mean of a month's requests: those beyond the first tier cost less. */
const apiPrice = (perSecond: number): number => {
  const requests = perSecond * SECONDS_OF_A_MONTH
  const first = Math.min(requests, API_FIRST_TIER)
  const { apiRequest, apiRequestBeyond } = PRICES
  return (first * apiRequest.dollars + (requests - first) * apiRequestBeyond.dollars) / requests
}

export const sumOf = (dollars: Dollars): number =>
  Object.values(dollars).reduce((sum, value: number) => sum + value, 0)

/** A month of that rate, evenly. */
export const dollarsPerMonth = (perMillion: number, perSecond: number): number =>
  (perMillion * perSecond * SECONDS_OF_A_MONTH) / MILLION
