/** KMS keys of the operator's own: `secretsKmsKeyArns`, `tablesKmsKeyArn`, `logsKmsKeyArn`. */

import { partitionOf } from './topics.ts'

const ARN = /^arn:([a-z-]+):kms:([a-z0-9-]+):\d{12}:(key|alias)\/([A-Za-z0-9/_-]{1,256})$/

const EXPECTED = 'expected the ARN of a KMS key'

/** What is wrong with one key for a stage of this region. IAM compares the ARN of the key itself: a right on an alias opens nothing. */
export const keyFault =
  (region: string) =>
  (entry: string): string | undefined => {
    const [, partition, place, kind] = ARN.exec(entry) ?? []
    if (kind === undefined) return EXPECTED
    if (kind === 'alias') return `${EXPECTED} itself, not of an alias`
    if (place !== region) return `${EXPECTED} in ${region}, the region of the stage`
    return partition === partitionOf(region)
      ? undefined
      : `expected arn:${partitionOf(region)}: in front for ${region}`
  }
