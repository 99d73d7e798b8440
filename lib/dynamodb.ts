/** DynamoDB's document clients, each with its time-outs, and which of their errors are answers. */

import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

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
 * Knows no deadline: whoever calls gives each call a signal.
 */
export const documentClient = ({ connectMs, requestMs, attempts }: ClientLimits): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: attempts,
      requestHandler: {
        connectionTimeout: connectMs,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
      },
    }),
  )

/** Whether a write was refused by its own condition. That is an answer, not an outage. */
export const isConditionFailure = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException
