/** Where functions and API stand in the network, and what a function in a VPC may do on top. */
import { isDeepStrictEqual } from 'node:util'
import { GOLDEN } from './golden.ts'
import { arnOf, isAllowedSomewhere, type Resource, roleIdOf, statementsOf, type Template } from './policy.ts'

/** The functions that call vendors. */
export const IN_VPC = [
  'applyToken',
  'chatRelay',
  'chatCalls',
  'uploadFileStream',
  'downloadFileStream',
  'appCubeToken',
  'oiapThirdPartyToken',
  'liveMessageToken',
  'auiLiveToken',
  'prewarmTokens',
  'probe',
  'doctor',
]

const INTERFACE_RIGHTS = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
].map((name) => `ec2:${name}`)

/** All that each function may do with the VPC parameters. */
export const GOLDEN_IN_VPC: Record<string, string[]> = Object.fromEntries(
  Object.entries(GOLDEN).map(([name, rights]) => [
    name,
    IN_VPC.includes(name)
      ? [
          ...rights,
          ...INTERFACE_RIGHTS.map((action) => `${action} on everything (actions without a resource)`),
        ]
      : rights,
  ]),
)

export interface ExpectedNetwork {
  readonly vpc?: { readonly SubnetIds: string[]; readonly SecurityGroupIds: string[] }
  /** The properties of the domain name. */
  readonly domain?: object
  readonly isExecuteApiDisabled?: boolean
}

/** Without parameters: no VPC, no domain, and the API at its own address. */
export const networkFaults = (
  template: Template,
  { vpc, domain, isExecuteApiDisabled }: ExpectedNetwork = {},
): string[] => [
  ...ofType(template, 'AWS::Lambda::Function').flatMap(([id, resource]) => {
    const name = id.charAt(0).toLowerCase() + id.slice(1).replace(/LambdaFunction$/, '')
    const expected = IN_VPC.includes(name) ? vpc : undefined
    return [
      ...(isDeepStrictEqual(resource.Properties['VpcConfig'], expected)
        ? []
        : [`${id}: stands in another VPC`]),
      ...(expected === undefined || deniesItsCode(template, id, resource)
        ? []
        : [`${id}: its code may use network interfaces`]),
    ]
  }),
  ...(isDeepStrictEqual(propertiesOf(template, 'AWS::ApiGatewayV2::DomainName'), domain ? [domain] : [])
    ? []
    : ['the API has another domain']),
  ...(isDeepStrictEqual(propertiesOf(template, 'AWS::ApiGatewayV2::ApiMapping'), domain ? [MAPPING] : [])
    ? []
    : ['the domain leads elsewhere']),
  ...(template.Resources['HttpApi']?.Properties['DisableExecuteApiEndpoint'] === isExecuteApiDisabled
    ? []
    : ['the API has another entrance']),
]

const MAPPING = {
  ApiId: { Ref: 'HttpApi' },
  DomainName: { Ref: 'ApiDomain' },
  Stage: { Ref: 'HttpApiStage' },
}

const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)

const propertiesOf = (template: Template, type: string) =>
  ofType(template, type).map(([, { Properties }]) => Properties)

const deniesItsCode = (template: Template, id: string, { Properties }: Resource): boolean => {
  const own = statementsOf(template, roleIdOf(template, id))
    .filter(({ effect, codeOf }) => effect === 'Deny' && codeOf === arnOf.lambda(Properties['FunctionName']))
    .map((statement) => ({ ...statement, effect: 'Allow' as const }))
  return INTERFACE_RIGHTS.every((action) => isAllowedSomewhere(own, action))
}
