import { describe, expect, it } from 'vitest'
import { networkOf } from '../../../tools/package/network-parameters.ts'

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012'
const VPC = { vpcSubnetIds: 'subnet-0a1b2c3d,subnet-0a1b2c3e', vpcSecurityGroupIds: 'sg-0a1b2c3d' }
const DOMAIN = { domainName: 'tokens.example.com', domainCertificateArn: CERTIFICATE }
const TRUST = { domainTruststoreUri: 's3://trust.example/ca.pem' }

const read = (given: object, { region = 'eu-west-1', hasPages = false } = {}) =>
  networkOf(given, { region, hasPages })

describe('tools/package/network-parameters: networkOf', () => {
  it.each([
    {},
    { vpcSubnetIds: '', domainName: ' ', disableExecuteApiEndpoint: 'false' },
    { vpcSubnetIds: [], disableExecuteApiEndpoint: false },
  ])('changes nothing for %j', (given) => {
    expect(read(given)).toEqual({ vpc: undefined, domain: undefined, isExecuteApiDisabled: false })
  })

  it.each([
    [VPC],
    [{ vpcSubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'], vpcSecurityGroupIds: ['sg-0a1b2c3d'] }],
  ])('reads a VPC from %j', (given) => {
    expect(read(given).vpc).toEqual({
      SubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
      SecurityGroupIds: ['sg-0a1b2c3d'],
    })
  })

  it('leaves the API’s own address open beside a domain, unless told otherwise', () => {
    const domain = { name: 'tokens.example.com', certificateArn: CERTIFICATE, truststoreUri: undefined }
    expect(read(DOMAIN)).toMatchObject({ domain, isExecuteApiDisabled: false })
    expect(read({ ...DOMAIN, disableExecuteApiEndpoint: 'true' })).toMatchObject({
      domain,
      isExecuteApiDisabled: true,
    })
  })

  it('closes it with mutual TLS, which it would go round', () => {
    expect(read({ ...DOMAIN, ...TRUST })).toMatchObject({
      domain: { truststoreUri: 's3://trust.example/ca.pem' },
      isExecuteApiDisabled: true,
    })
  })

  it('refuses mutual TLS where pages may call, whose preflights have no certificate', () => {
    expect(() => read({ ...DOMAIN, ...TRUST }, { hasPages: true })).toThrow('expected no corsOrigins')
    expect(read(DOMAIN, { hasPages: true }).domain).toBeDefined()
  })

  it('refuses a certificate of another region', () => {
    expect(() => read(DOMAIN, { region: 'us-east-1' })).toThrow(
      'domainCertificateArn: expected the ARN of a certificate in us-east-1, the region of the stage',
    )
  })

  it.each([
    ['vpcSecurityGroupIds', { ...VPC, vpcSecurityGroupIds: '' }],
    ['vpcSubnetIds', { ...VPC, vpcSubnetIds: '' }],
    ['vpcSubnetIds', { ...VPC, vpcSubnetIds: 'subnet-0a1b2c3d;subnet-0a1b2c3e' }],
    ['vpcSubnetIds', { ...VPC, vpcSubnetIds: 'sg-0a1b2c3d' }],
    ['vpcSecurityGroupIds', { ...VPC, vpcSecurityGroupIds: 'default' }],
    ['domainCertificateArn', { domainName: 'tokens.example.com' }],
    ['domainName', { domainCertificateArn: CERTIFICATE }],
    ['domainName', { ...DOMAIN, domainName: 'https://tokens.example.com' }],
    ['domainName', { ...DOMAIN, domainName: '*.example.com' }],
    ['domainName', { ...DOMAIN, domainName: 'Tokens.example.com' }],
    ['domainName', { ...DOMAIN, domainName: 'localhost' }],
    ['domainName', { ...DOMAIN, domainName: 'a.example.com,b.example.com' }],
    ['domainCertificateArn', { ...DOMAIN, domainCertificateArn: 'arn:aws:iam::1:server-certificate/x' }],
    ['domainTruststoreUri', { ...DOMAIN, domainTruststoreUri: 'https://trust.example/ca.pem' }],
    ['domainName', TRUST],
    ['domainName', { disableExecuteApiEndpoint: 'true' }],
    ['disableExecuteApiEndpoint', { ...DOMAIN, disableExecuteApiEndpoint: 'yes' }],
  ])('names %s, and what was expected, for %j', (name, given) => {
    expect(() => read(given)).toThrow(new RegExp(`^${name}: expected `))
  })
})
