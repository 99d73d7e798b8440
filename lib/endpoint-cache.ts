/** A cache that is never asked, in place of the SDK's. */

/**
 * Stands in for `@aws-sdk/endpoint-cache` in the packaged functions (an alias in `serverless.yml`). The DynamoDB client
 * makes one for endpoint discovery, which none of its commands uses: 8 KB of dead code in each package that has it.
 */
export class EndpointCache {}
