/** What is asked again and again, side by side. */

import { type Subject, VALID } from '../subject.ts'
import { BENCH_USERS, type BenchUser } from '../users.ts'
import type { LoopOrder } from './loop.ts'

export interface WarmCase extends Subject, Pick<LoopOrder, 'jumpMs' | 'requests'> {
  /** The case that it is held against: what it cannot do without. */
  readonly bare?: string
  /** It is asked for each of them in turn. Default the user of the sample event. */
  readonly users?: readonly BenchUser[]
}

export const WARM_EMPTY = 'empty handler'
const BARE_VERIFY = 'bare verify and parse'
const BARE_SIGN = 'bare sign'
export const WITHIN_MEMORY = 'validateEnterpriseToken, within the memory'
export const ONE_READ = 'validateEnterpriseToken, one read'
export const ISSUE = 'issueEnterpriseToken'
export const CACHED_TOKEN = 'appCubeToken, cached'

const VALIDATE = { of: 'validateEnterpriseToken', expectedStatus: 200 } as const
const ANSWERED = { ...VALIDATE, expectedText: VALID }
const ISSUING = { of: 'issueEnterpriseToken', expectedStatus: 201 } as const
const OK = { event: 'ok' } as const

/** lib/concurrency/recent.ts remembers for 500 ms. */
const BEYOND_THE_MEMORY_MS = 501

/** Fewer where each asks the emulators: those are the slower part. */
const MANY = 5_000
const SOME = 2_000

export const WARM_CASES: readonly WarmCase[] = [
  { ...VALIDATE, name: WARM_EMPTY, is: { fixture: 'empty' }, requests: MANY, jumpMs: 0 },
  { ...VALIDATE, name: BARE_VERIFY, is: { fixture: 'bare-verify' }, requests: MANY, jumpMs: 0 },
  { ...ANSWERED, name: WITHIN_MEMORY, is: OK, requests: MANY, jumpMs: 0, bare: BARE_VERIFY },
  { ...ANSWERED, name: ONE_READ, is: OK, requests: SOME, jumpMs: BEYOND_THE_MEMORY_MS, bare: BARE_VERIFY },
  { ...ISSUING, name: BARE_SIGN, is: { fixture: 'bare-sign' }, requests: MANY, jumpMs: 0 },
  {
    ...ISSUING,
    name: ISSUE,
    is: OK,
    requests: SOME,
    jumpMs: 0,
    bare: BARE_SIGN,
    users: BENCH_USERS.slice(0, 20),
  },
  { of: 'appCubeToken', expectedStatus: 200, name: CACHED_TOKEN, is: OK, requests: MANY, jumpMs: 0 },
]
