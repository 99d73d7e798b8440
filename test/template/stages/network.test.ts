import { beforeAll, describe, expect, it } from 'vitest'
import { allFaults, STAGE } from '../all-faults.ts'
import { GOLDEN_IN_VPC, networkFaults } from '../network.ts'
import { packageTemplate } from '../package.ts'
import type { Template } from '../policy.ts'

const SUBNETS = ['subnet-0a1b2c3d', 'subnet-0123456789abcdef0']
const GROUPS = ['sg-0a1b2c3d']
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012'

interface Statement {
  Effect: string
}

let template: Template

beforeAll(async () => {
  template = await packageTemplate(STAGE, {
    params: {
      vpcSubnetIds: SUBNETS.join(', '),
      vpcSecurityGroupIds: GROUPS.join(),
      domainName: 'tokens.example.com',
      domainCertificateArn: CERTIFICATE,
      domainTruststoreUri: 's3://trust.example/cec/ca.pem',
    },
  })
}, 120_000)

describe('serverless.yml, with a VPC and an own domain', () => {
  it('places the functions that call vendors in the VPC, and the API behind the domain alone', () => {
    const network = {
      vpc: { SubnetIds: SUBNETS, SecurityGroupIds: GROUPS },
      domain: {
        DomainName: 'tokens.example.com',
        DomainNameConfigurations: [
          { CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
        MutualTlsAuthentication: { TruststoreUri: 's3://trust.example/cec/ca.pem' },
      },
      isExecuteApiDisabled: true,
    }
    expect(allFaults(template, { golden: GOLDEN_IN_VPC, network })).toEqual([])
  })

  it('hands out the domain’s addresses, and where its DNS record leads', () => {
    const { Outputs = {} } = template
    const values = Object.fromEntries(Object.entries(Outputs).map(([name, { Value }]) => [name, Value]))
    expect(values).toMatchObject({
      HttpApiUrl: 'https://tokens.example.com',
      ValidateUrl: 'https://tokens.example.com/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate',
      ApiDomainTarget: { 'Fn::GetAtt': ['ApiDomain', 'RegionalDomainName'] },
      ApiDomainHostedZoneId: { 'Fn::GetAtt': ['ApiDomain', 'RegionalHostedZoneId'] },
    })
  })

  it('is found to be at fault where a function stands outside, or its code may use what its role may', () => {
    const expected = { vpc: { SubnetIds: SUBNETS, SecurityGroupIds: GROUPS } }
    const changed = structuredClone(template)
    const { ChatRelayLambdaFunction: lambda, ApplyTokenIamRoleLambdaExecution: role } = changed.Resources
    delete lambda?.Properties['VpcConfig']
    for (const { PolicyDocument } of role?.Properties['Policies'] ?? [])
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Effect }: Statement) => Effect !== 'Deny')
    const before = networkFaults(template, expected)
    expect(networkFaults(changed, expected).filter((fault) => !before.includes(fault))).toEqual([
      'ApplyTokenLambdaFunction: its code may use network interfaces',
      'ChatRelayLambdaFunction: stands in another VPC',
    ])
  })

  it('is found to be another network where the parameters are not expected', () => {
    expect(networkFaults(template)).toContain('the API has another domain')
    expect(networkFaults(template)).toContain('the API has another entrance')
  })
})
