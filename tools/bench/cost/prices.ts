/**
 * AWS's list prices in dollars, of one region and one day. Taxes, free tiers and savings plans are left out. `assumed` marks what could not be
 * looked up: it is changed here, and `npm run cost` makes the document anew.
 */

export interface Price {
  readonly dollars: number
  readonly per: string
  /** The page of AWS's that lists it. */
  readonly source: string
  readonly isAssumed?: true
}

export const REGION = 'eu-west-1'
export const PRICES_OF = '2026-11'

const API_GATEWAY = 'Amazon API Gateway pricing, HTTP APIs'
const LAMBDA = 'AWS Lambda pricing, Arm'
const DYNAMODB = 'Amazon DynamoDB pricing, on-demand, standard table class'
const CLOUDWATCH = 'Amazon CloudWatch pricing, standard log class'
const SECRETS_MANAGER = 'AWS Secrets Manager pricing'

export const PRICES = {
  apiRequest: { dollars: 1.11, per: 'million requests', source: API_GATEWAY, isAssumed: true },
  /** Beyond 300 million requests a month. */
  apiRequestBeyond: { dollars: 1, per: 'million requests', source: API_GATEWAY, isAssumed: true },
  lambdaRequest: { dollars: 0.2, per: 'million requests', source: LAMBDA },
  lambdaGigabyteSecond: { dollars: 0.0000133334, per: 'GB-second', source: LAMBDA },
  readUnit: { dollars: 0.1415, per: 'million units', source: DYNAMODB },
  writeUnit: { dollars: 0.70675, per: 'million units', source: DYNAMODB },
  logGigabyte: { dollars: 0.57, per: 'GB', source: CLOUDWATCH, isAssumed: true },
  secretMonth: { dollars: 0.4, per: 'secret and month', source: SECRETS_MANAGER },
  secretRead: { dollars: 5, per: 'million reads', source: SECRETS_MANAGER },
} as const satisfies Readonly<Record<string, Price>>

/** What no emulator shows. */
export const ASSUMED = {
  /** Milliseconds that Lambda waits for one answer of DynamoDB or Secrets Manager in the same region. */
  awsWaitMs: 5,
  /** Milliseconds that Lambda waits for one answer of a vendor. */
  vendorWaitMs: 150,
  /** Lambda's own START, END and REPORT, and what its runtime puts before each line of a function. */
  lambdaLogBytes: 370,
  /** API Gateway's access log, in the format of serverless.yml. */
  accessLogBytes: 300,
  /** Seconds that a sandbox lives, and milliseconds that its INIT is billed with. */
  sandboxSeconds: 7_200,
  initMs: 300,
  /** Seconds after which a sandbox reads a secret again: lib/secrets/freshness.ts. */
  secretSeconds: 300,
  /** Seconds that a sandbox remembers an item of the directory for: lib/concurrency/recent.ts. */
  directorySeconds: 0.5,
} as const
