/** What each question of the prober's must be answered, and what another answer means. */

import type { Answer } from './ask.ts'

export type Step = 'issue' | 'foreign' | 'valid' | 'tampered' | 'revoke' | 'revoked' | 'appCube'

interface Expectation {
  readonly expected: string
  readonly isMet: (answer: Answer) => boolean
}

const retCode = (code: number): Expectation => ({
  expected: `retCode ${code}`,
  isMet: ({ status, members }) => status === 200 && members['retCode'] === code,
})

export const EXPECTED: Readonly<Record<Step, Expectation>> = {
  issue: {
    expected: 'status 201 and a token',
    isMet: ({ status, members }) => status === 201 && tokenIdIn(members['token']) !== undefined,
  },
  foreign: retCode(2),
  valid: retCode(0),
  tampered: retCode(2),
  revoke: { expected: 'status 200', isMet: ({ status }) => status === 200 },
  revoked: retCode(5),
  appCube: {
    expected: 'status 200 and a token',
    isMet: ({ status, members }) =>
      status === 200 && typeof members['authToken'] === 'string' && members['authToken'] !== '',
  },
}

/** The `jti` of a signed token, which nobody verifies here. */
export const tokenIdIn = (token: unknown): string | undefined => {
  try {
    const { jti } = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())
    return typeof jti === 'string' ? jti : undefined
  } catch {
    return undefined
  }
}

/** What was found in place of what was expected: numbers and codes of ours alone, never a text that somebody else has written. */
export const found = ({ status, members, unanswered }: Answer): string => {
  if (status === undefined) return unanswered ?? 'no answer'
  const { retCode: code, code: word, errorCode: number } = members
  if (typeof code === 'number') return `retCode ${code}`
  if (typeof word === 'string' && /^[A-Z_]{1,40}$/.test(word)) return `status ${status} ${word}`
  return typeof number === 'number' ? `status ${status} errorCode ${number}` : `status ${status}`
}

/**
 * Whether the prober itself was refused: by its key, its rights, its user or its tenant. Everybody else may be served well. A
 * route that is not there, and too many requests, are no such refusal.
 */
const isRefusal = ({ status = 0, members }: Answer): boolean =>
  status >= 400 &&
  status < 500 &&
  status !== 429 &&
  (typeof members['code'] === 'string' || typeof members['errorCode'] === 'number')

/** Whether no such key is known. It may have ended, or the callers' secret has lost its entry. */
export const isUnknownKey = (answer: Answer): boolean => answer.status === 401 && isRefusal(answer)

/**
 * Whether OIAP, or what the tenant's secret says of it, is the cause, as far as our own number tells. 990005030 may also be a store of ours, which has alarms and
 * questions of its own.
 */
const isVendors = (step: Step, { status = 0, members }: Answer): boolean =>
  step === 'appCube' && [429, 502, 503, 504].includes(status) && typeof members['errorCode'] === 'number'

export type Cause = 'stage' | 'prober' | 'vendor'

/** What an answer that is not the expected one is put down to. */
export const causeOf = (step: Step, answer: Answer): Cause => {
  if (isRefusal(answer)) return 'prober'
  return isVendors(step, answer) ? 'vendor' : 'stage'
}
