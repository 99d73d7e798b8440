/** The parameters that say where functions and API stand in the network. */

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

const FORMS = {
  vpcSubnetIds: [/^subnet-[0-9a-f]{8,17}$/, 'ids such as subnet-0a1b2c3d, with commas between them'],
  vpcSecurityGroupIds: [/^sg-[0-9a-f]{8,17}$/, 'ids such as sg-0a1b2c3d, with commas between them'],
  domainName: [
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    'one name in lower case such as tokens.example.com',
  ],
  domainCertificateArn: [
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
    'the ARN of a certificate of ACM',
  ],
  domainTruststoreUri: [/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^\s?#]+$/, 's3://<bucket>/<key>'],
  disableExecuteApiEndpoint: [/^(true|false)$/, 'true or false'],
} as const

type Name = keyof typeof FORMS

/**
 * Reads the parameters. Throws an error that names the parameter and what was expected: for a value of another form, for one
 * of two that belong together, and for what would leave the API without an entrance or with one that nobody wanted.
 */
export const networkOf = (given: Partial<NetworkParameters>, { region, hasPages }: Surroundings): Network => {
  const all = (name: Name): string[] => {
    const values = [given[name] ?? '']
      .flat()
      .flatMap((value) => String(value).split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '')
    const [form, expected] = FORMS[name]
    if (!values.every((value) => form.test(value))) throw new Error(`${name}: expected ${expected}`)
    return values
  }
  const only = (name: Name): string | undefined => {
    const [value, ...more] = all(name)
    if (more.length > 0) throw new Error(`${name}: expected ${FORMS[name][1]}`)
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
  if (certificateArn !== undefined && certificateArn.split(':')[3] !== region)
    throw new Error(`domainCertificateArn: expected a certificate of the stage's region, ${region}`)
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
