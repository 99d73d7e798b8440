/** What a template becomes by the network parameters: functions in a VPC, and a domain of the operator's own before the API. */

import { VENDORS } from '../../lib/vendors/registry.ts'
import type { Domain, Network, Vpc } from './network-parameters.ts'
import type { Output, Resource, Template } from './template.ts'

/** A right on the settings of a vendor that is called, or on the prober's own, as serverless/rights.yml writes it. */
const READS_CALLED = new RegExp(
  `/(tenants/\\*/(${VENDORS.map(({ system }) => system).join('|')})|prober)-\\?{6}`,
)

/**
 * Changes the template as the parameters say; without any it stays as it is. Into the VPC go the functions that may read a
 * tenant's settings for a vendor that is called: they are the ones that call it. So does the prober, whose address may have to be in `cecSourceCidrs`. Computed tokens need no vendor.
 */
export const placeInNetwork = (
  template: Template,
  { vpc, domain, isExecuteApiDisabled }: Network,
  rights: Readonly<Record<string, unknown>>,
): void => {
  const { Resources } = template
  for (const [name, statements] of Object.entries(rights)) {
    if (vpc === undefined || !READS_CALLED.test(JSON.stringify(statements))) continue
    const lambda = Resources[`${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`]
    const { 'Fn::GetAtt': [roleId = ''] = [] } = (lambda?.Properties['Role'] ?? {}) as {
      'Fn::GetAtt'?: string[]
    }
    const role = Resources[roleId]
    if (lambda === undefined || role === undefined) throw new Error(`function ${name} has no role of its own`)
    placeInVpc(lambda, role, vpc)
  }
  if (domain !== undefined) placeAtDomain(template, domain)
  const api = Resources['HttpApi']
  if (isExecuteApiDisabled && api !== undefined) api.Properties['DisableExecuteApiEndpoint'] = true
}

/** What Lambda does with network interfaces on the function's behalf. None of it takes a resource that is known before. */
const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/**
 * Places one function in the VPC. Its role gets what Lambda needs for that, and the function's own code is denied the same
 * (the condition that AWS documents for it). Not AWS's managed policy: that also lets a function make log groups.
 */
const placeInVpc = (lambda: Resource, role: Resource, vpc: Vpc): void => {
  lambda.Properties['VpcConfig'] = vpc
  const ofItself =
    'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:' +
    lambda.Properties['FunctionName']
  const [policy] = role.Properties['Policies'] as { PolicyDocument: { Statement: object[] } }[]
  policy?.PolicyDocument.Statement.push(
    { Effect: 'Allow', Action: INTERFACE_ACTIONS, Resource: '*' },
    {
      Effect: 'Deny',
      Action: INTERFACE_ACTIONS,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': { 'Fn::Sub': ofItself } } },
    },
  )
}

/** Gives the API its own name. The DNS record is the operator's to make: its target is among the outputs. */
const placeAtDomain = ({ Resources, Outputs }: Template, domain: Domain): void => {
  const { name, certificateArn, truststoreUri } = domain
  Resources['ApiDomain'] = {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: {
      DomainName: name,
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      ...(truststoreUri === undefined ? {} : { MutualTlsAuthentication: { TruststoreUri: truststoreUri } }),
    },
  }
  Resources['ApiDomainMapping'] = {
    Type: 'AWS::ApiGatewayV2::ApiMapping',
    Properties: {
      ApiId: { Ref: 'HttpApi' },
      DomainName: { Ref: 'ApiDomain' },
      Stage: { Ref: 'HttpApiStage' },
    },
  }
  const attribute = (attributeName: string) => ({ 'Fn::GetAtt': ['ApiDomain', attributeName] })
  const outputs: Readonly<Record<string, Output>> = {
    ApiDomainTarget: {
      Description: `Where the DNS record of ${name} leads: a CNAME, or an alias in Route 53`,
      Value: attribute('RegionalDomainName'),
    },
    ApiDomainHostedZoneId: {
      Description: 'For an alias in Route 53: the hosted zone of the target',
      Value: attribute('RegionalHostedZoneId'),
    },
  }
  Object.assign(Outputs, outputs)
  Outputs['HttpApiUrl'] = { ...Outputs['HttpApiUrl'], Value: `https://${name}` }
  Outputs['ValidateUrl'] = { ...Outputs['ValidateUrl'], Value: atDomain(Outputs['ValidateUrl']?.Value, name) }
}

/** The URL of a route below the API's own address, below that of the domain. */
const atDomain = (url: unknown, name: string): string => {
  const { 'Fn::Sub': text } = (url ?? {}) as { 'Fn::Sub'?: unknown }
  if (typeof text !== 'string' || !text.startsWith(API_ADDRESS))
    throw new Error(`output ValidateUrl: expected !Sub ${API_ADDRESS}…`)
  return text.replace(API_ADDRESS, `https://${name}`)
}

const API_ADDRESS = '${HttpApi.ApiEndpoint}'
