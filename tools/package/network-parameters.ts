/** The parameters that say where functions and API stand in the network. */

import {
  certificateFault,
  domainFault,
  securityGroupFault,
  subnetFault,
  truststoreFault,
} from './parameters/network.ts'
import { entriesOf } from './parameters/shapes.ts'

/** As `custom.network` of serverless.yml has them; an empty text is one that is not given. */
export type NetworkParameters = Readonly<
  Record<
    | 'vpcSubnetIds'
    | 'vpcSecurityGroupIds'
    | 'domainName'
    | 'domainCertificateArn'
    | 'domainTruststoreUri'
    | 'disableExecuteApiEndpoint',
    unknown
  >
>

export interface Vpc {
  readonly SubnetIds: readonly string[]
  readonly SecurityGroupIds: readonly string[]
}

export interface Domain {
  readonly name: string
  readonly certificateArn: string
  /** Of the CAs whose client certificates are let in; undefined: no client certificate is asked for. */
  readonly truststoreUri: string | undefined
}

export interface Network {
  readonly vpc: Vpc | undefined
  readonly domain: Domain | undefined
  readonly isExecuteApiDisabled: boolean
}

interface Surroundings {
  readonly region: string
  /** Whether pages may call from a browser. */
  readonly hasPages: boolean
}

const faultsIn = (region: string): Readonly<Record<Name, (text: string) => string | undefined>> => ({
  vpcSubnetIds: subnetFault,
  vpcSecurityGroupIds: securityGroupFault,
  domainName: domainFault,
  domainCertificateArn: certificateFault(region),
  domainTruststoreUri: truststoreFault,
  disableExecuteApiEndpoint: (text) => (/^(true|false)$/.test(text) ? undefined : 'expected true or false'),
})

type Name = keyof NetworkParameters

/**
 * Reads the parameters. Throws an error that names the parameter and what was expected: for a value of another form, for one
 * of two that belong together, and for what would leave the API without an entrance or with one that nobody wanted.
 */
export const networkOf = (given: Partial<NetworkParameters>, { region, hasPages }: Surroundings): Network => {
  const faults = faultsIn(region)
  const all = (name: Name): string[] => {
    const value = given[name] ?? ''
    const entries = entriesOf(typeof value === 'boolean' ? String(value) : value)
    const fault = entries === undefined ? 'expected text' : entries.map(faults[name]).find(isFault)
    if (entries === undefined || fault !== undefined) throw new Error(`${name}: ${fault}`)
    return entries
  }
  const only = (name: Name): string | undefined => {
    const [value, ...more] = all(name)
    if (more.length > 0) throw new Error(`${name}: expected one value`)
    return value
  }
  const together = (one: Name, other: Name): void => {
    for (const [present, absent] of [
      [one, other],
      [other, one],
    ] as const) {
      if (all(present).length > 0 && all(absent).length === 0)
        throw new Error(`${absent}: expected beside ${present}`)
    }
  }
  together('vpcSubnetIds', 'vpcSecurityGroupIds')
  together('domainName', 'domainCertificateArn')
  const name = only('domainName')
  const certificateArn = only('domainCertificateArn')
  const truststoreUri = only('domainTruststoreUri')
  const wantsDisabled = only('disableExecuteApiEndpoint') === 'true'
  if (name === undefined && (wantsDisabled || truststoreUri !== undefined))
    throw new Error('domainName: expected beside domainTruststoreUri, and to disable the other entrance')
  if (truststoreUri !== undefined && hasPages)
    throw new Error(
      'domainTruststoreUri: expected no corsOrigins, since browsers send preflights without a certificate',
    )
  const [SubnetIds, SecurityGroupIds] = [all('vpcSubnetIds'), all('vpcSecurityGroupIds')]
  return {
    vpc: SubnetIds.length === 0 ? undefined : { SubnetIds, SecurityGroupIds },
    domain:
      name === undefined || certificateArn === undefined
        ? undefined
        : { name, certificateArn, truststoreUri },
    // A second entrance that asks for no certificate would make the first one's worth nothing.
    isExecuteApiDisabled: wantsDisabled || truststoreUri !== undefined,
  }
}

const isFault = (fault: string | undefined): fault is string => fault !== undefined
