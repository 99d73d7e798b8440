/** One question of the prober's to the deployed address, and as much of the answer as a verdict needs. */

import type { Deadline } from '../concurrency/deadline.ts'
import { asBridgeError } from '../errors.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { jsonObject } from '../outbound/replies.ts'

const MOST_BYTES = 64 * 1024

export interface Question {
  readonly url: string
  readonly body: object
  /** Default none, as CEC asks. */
  readonly callerKey?: string
  readonly atMostMs: number
}

export interface Answer {
  readonly status?: number
  /** Of the body; none where it is no JSON object. */
  readonly members: Readonly<Record<string, unknown>>
  /** By which the log of the function that was asked has the request. */
  readonly requestId?: string
  /** Why there is no answer. */
  readonly unanswered?: string
}

export type Ask = (question: Question, deadline: Deadline) => Promise<Answer>

/**
 * Asks once, on a connection of its own. Nothing is tried again: what a visitor would have met counts, and the next run is the next try.
 * Throws INTERNAL alone.
 */
export const asking =
  (outbound: Outbound): Ask =>
  async ({ url, body, callerKey, atMostMs }, deadline) => {
    const headers = {
      'content-type': 'application/json',
      ...(callerKey === undefined ? {} : { authorization: `Bearer ${callerKey}` }),
    }
    const call = { tenantSpaceId: 'prober', url, method: 'POST', headers, isRepeatable: false } as const
    try {
      const reply = await outbound(
        { ...call, body: JSON.stringify(body), maxBytes: MOST_BYTES, atMostMs },
        deadline,
      )
      const requestId = String(reply.headers['x-request-id'] ?? '')
      return {
        status: reply.status,
        members: jsonObject(reply) ?? {},
        // It goes into a log line, and may come from anybody who answers at that address.
        ...(/^[\w=-]{1,64}$/.test(requestId) ? { requestId } : {}),
      }
    } catch (error) {
      const failure = asBridgeError(error)
      if (failure.code === 'INTERNAL') throw failure
      return { members: {}, unanswered: failure.detail.reason ?? failure.code }
    }
  }
