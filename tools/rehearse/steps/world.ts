/** What the steps share: the stage, and what earlier steps have found out. */

import type { ApiAnswer } from '../api.ts'
import { endpointOf } from '../endpoint.ts'
import type { Stage } from '../stage.ts'
import { expect } from '../step.ts'

export interface World {
  readonly stage: Stage
  /** A tenant's secrets by vendor; undefined when there is no vendor to call. */
  readonly vendorSecrets: Readonly<Record<string, object>> | undefined
  /** CEC's settings for a chat token of one's own, without the stage. */
  readonly plainCec: object | undefined
  /** Set by the step that makes it. */
  callerKey: string
}

export const ISSUER = 'https://tokens.rehearsal.example'
/** Of the tokens of the first deployment: as long as there is, since one must outlive the second deployment. */
export const LIFETIME_SECONDS = 3600
export const CHANGED_LIFETIME_SECONDS = 120

/** The stage's block in serverless.yml. */
export const parameters = (tokenLifetimeSeconds: number): Record<string, string> => ({
  issuer: ISSUER,
  tokenLifetimeSeconds: String(tokenLifetimeSeconds),
})

/** Sends JSON with the caller key. `endpoint`: method and path. */
export const callAs = async (
  { stage, callerKey }: World,
  endpoint: string,
  body?: object,
): Promise<ApiAnswer> =>
  stage.call({
    ...endpointOf(endpoint),
    headers: { authorization: `Bearer ${callerKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })

/** The body of an answer. Throws unless it has this status: then with the whole answer, which is no token's. */
export const bodyOf = <T>({ status, text }: ApiAnswer, expected: number): T => {
  expect(status === expected, `expected status ${expected}, got ${status}: ${text}`)
  return JSON.parse(text) as T
}
