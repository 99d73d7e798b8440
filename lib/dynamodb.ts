/** DynamoDB's document clients, each with its time-outs, and the one way to call them within a deadline. */

import { Agent } from 'node:https'
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Deadline, deadlineSignal, withinDeadline } from './concurrency/deadline.ts'
import { BridgeError } from './errors.ts'

/**
 * The connections of all clients: a second client of the sandbox pays for no second TLS handshake. 50 at a time, as the SDK has
 * it by itself.
 */
const httpsAgent = new Agent({ keepAlive: true, maxSockets: 50 })

export interface ClientLimits {
  /** Milliseconds until the connection stands. */
  readonly connectMs: number
  /** Milliseconds of one try until the answer begins. */
  readonly requestMs: number
  /** Tries in all, the first included. The SDK pauses between them and repeats only what may pass. */
  readonly attempts: number
}

/**
 * A client for the region, credentials and endpoint of the environment. Connects on the first call.
 * Knows no deadline: `dynamoCalls` gives each call one.
 */
export const documentClient = ({ connectMs, requestMs, attempts }: ClientLimits): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: attempts,
      requestHandler: {
        connectionTimeout: connectMs,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
        httpsAgent,
      },
    }),
  )

/** How a store names its failures: each has error codes of its own. */
export interface StoreFailures {
  /** The deadline came first. `cause` is absent where nothing was sent. */
  readonly late: (cause?: unknown) => BridgeError
  /** Everything else. `reason` is the name of the SDK's error, or the code of a connection that broke. */
  readonly unavailable: (reason: string, cause: unknown) => BridgeError
}

/** One call: a command that is sent with the signal. */
export type DynamoCall<Answer> = (signal: AbortSignal) => Promise<Answer>

export interface DynamoCalls {
  /** The answer. Throws the store's failures; a condition that does not hold is one of them. */
  readonly answered: <Answer>(call: DynamoCall<Answer>, deadline: Deadline) => Promise<Answer>
  /** Whether a write was done: false when its condition did not hold. That is an answer, not an outage. */
  readonly written: (call: DynamoCall<unknown>, deadline: Deadline) => Promise<boolean>
}

/**
 * Calls that end at the deadline, whatever the SDK is doing: the signal stops a request, and the race is for the pauses
 * between the SDK's tries, which heed no signal. Sends nothing when no time is left. Repeats nothing itself.
 */
export const dynamoCalls = ({ late, unavailable }: StoreFailures): DynamoCalls => {
  const sent = async <Answer>(call: DynamoCall<Answer>, deadline: Deadline): Promise<Answer> => {
    if (deadline.remainingMs() === 0) throw late()
    const signal = deadlineSignal(deadline)
    try {
      return await withinDeadline(call(signal), deadline)
    } catch (error) {
      // A condition is judged whenever its answer comes.
      if (isConditionFailure(error)) throw error
      // Timers may be a millisecond ahead of the deadline's own clock.
      const isLate = signal.aborted || deadline.remainingMs() === 0 || isDeadlineExceeded(error)
      throw isLate ? late(error) : unavailable(nameOf(error), error)
    }
  }

  return {
    answered: async (call, deadline) => {
      try {
        return await sent(call, deadline)
      } catch (error) {
        throw isConditionFailure(error) ? unavailable(nameOf(error), error) : error
      }
    },
    written: async (call, deadline) => {
      try {
        await sent(call, deadline)
        return true
      } catch (error) {
        if (isConditionFailure(error)) return false
        throw error
      }
    },
  }
}

/** Whether a write was refused by its own condition. */
export const isConditionFailure = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException

const isDeadlineExceeded = (error: unknown): boolean =>
  error instanceof BridgeError && error.code === 'DEADLINE_EXCEEDED'

/** The SDK calls a broken connection a time-out too; its code tells them apart. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'Unknown'
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'EPIPE' ? code : error.name
}
