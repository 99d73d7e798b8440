/** Places in the network: a VPC, a domain and its certificates. What belongs together is judged by `network-parameters.ts`. */

import { partitionOf } from './topics.ts'

const form =
  (pattern: RegExp, expected: string) =>
  (text: string): string | undefined =>
    pattern.test(text) ? undefined : expected

/** One that may be left empty. An entry of a list may not: two commas are a mistake. */
const formOrEmpty = (pattern: RegExp, expected: string) => {
  const faultOf = form(pattern, expected)
  return (text: string): string | undefined => (text === '' ? undefined : faultOf(text))
}

export const subnetFault = form(/^subnet-[0-9a-f]{8,17}$/, 'expected ids such as subnet-0a1b2c3d')

export const securityGroupFault = form(/^sg-[0-9a-f]{8,17}$/, 'expected ids such as sg-0a1b2c3d')

export const domainFault = formOrEmpty(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
  'expected one name in lower case, without https://',
)

export const truststoreFault = formOrEmpty(
  /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^\s?#]+$/,
  'expected s3://<bucket>/<key>',
)

const CERTIFICATE = /^arn:([a-z-]+):acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f-]{36}$/

/** What is wrong with a certificate for the API of this region: API Gateway takes none of elsewhere. */
export const certificateFault =
  (region: string) =>
  (text: string): string | undefined => {
    if (text === '') return undefined
    const [, partition, place] = CERTIFICATE.exec(text) ?? []
    if (place === undefined) return 'expected the ARN of a certificate of ACM'
    if (place !== region) return `expected the ARN of a certificate in ${region}, the region of the stage`
    return partition === partitionOf(region)
      ? undefined
      : `expected arn:${partitionOf(region)}: in front for ${region}`
  }
