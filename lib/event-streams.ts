/** Event streams that nothing here ever has, in place of the SDK's. */

/**
 * Stands in for `@smithy/core/event-streams` in the packaged functions (an alias in `serverless.yml`). The SDK imports it where an
 * operation streams, which none of DynamoDB's and Secrets Manager's does. It does so at run time, and for that a bundler keeps 157
 * modules apart that it would otherwise join: 20 KB of each package, and a tenth of the time that a start takes to load it.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('no operation of these clients has an event stream')
  }
}

export const eventStreamSerdeProvider = (): never => {
  throw new Error('no operation of these clients has an event stream')
}
