/** Topics that alarms notify: `alarmActions`. */

import { listPattern } from './template-rules.ts'

const ARN = /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12}):([A-Za-z0-9_-]{1,256}(\.fifo)?)$/

const EXPECTED = 'expected the ARN of an SNS topic'

/** A list of them as a pattern of CloudFormation's, which knows no region. */
export const TOPICS_PATTERN = listPattern(
  'arn:aws(?:-cn|-us-gov)?:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}(?:\\.fifo)?',
)

/** AWS's partitions, by the beginning of their regions' names. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** What is wrong with one topic for alarms of this region: CloudWatch notifies none elsewhere. */
export const topicFault =
  (region: string) =>
  (entry: string): string | undefined => {
    if (/^[^\s:@]+@[^\s:@]+$/.test(entry)) return `${EXPECTED} that this e-mail address subscribes to`
    const [, partition, service, place] = ARN.exec(entry) ?? []
    if (service !== 'sns') return EXPECTED
    if (place !== region) return `${EXPECTED} in ${region}, the region of the stage`
    return partition === partitionOf(region)
      ? undefined
      : `expected arn:${partitionOf(region)}: in front for ${region}`
  }
