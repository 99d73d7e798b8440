import { describe, expect, it } from 'vitest'
import type { Template } from '../../../tools/package/template.ts'
import { MARKS } from '../../../tools/release/parameters.ts'
import { releaseTemplate } from '../../../tools/release/template.ts'
import { watched } from './watched.ts'

const mark = (name: string): string => MARKS[name]?.value ?? ''
const LIMIT = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }

/** As small as one can be that has every mark. */
const packaged = (limits: Readonly<Record<string, object>> = {}): Template => ({
  Resources: {
    ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    ServerlessDeploymentBucketPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: {} },
    JwksLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { Ref: 'ServerlessDeploymentBucket' }, S3Key: 'serverless/1795932137509/jwks.zip' },
        FunctionName: `cec-token-bridge-${mark('stage')}-jwks`,
        ReservedConcurrentExecutions: 50,
        Environment: {
          Variables: {
            ISSUER: mark('issuer'),
            CEC_SOURCE_CIDRS: mark('cecSourceCidrs'),
            LOG_LEVEL: mark('logLevel'),
            POLL_EXECUTIONS: '684',
          },
        },
      },
    },
    HttpApi: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { CorsConfiguration: { AllowOrigins: [mark('corsOrigins')], AllowMethods: ['GET'] } },
    },
    HttpApiStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        DefaultRouteSettings: { DetailedMetricsEnabled: false },
        RouteSettings: {
          'PUT /users': { ThrottlingRateLimit: 50 },
          [`POST ${mark('validatePath')}`]: LIMIT,
          [`POST ${mark('validateAgentPath')}`]: LIMIT,
          ...limits,
        },
      },
    },
    Group: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: Number(mark('logRetentionInDays')) },
    },
    ...watched(),
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [mark('alarmActions')] } },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { RouteKey: `POST ${mark('validatePath')}`, Other: `POST ${mark('validateAgentPath')}` },
    },
  },
  Outputs: { ServerlessDeploymentBucketName: { Value: {} }, Issuer: { Value: mark('issuer') } },
})

const OPTIONS = { version: '1.2.3', packages: { jwks: 'jwks-00.zip' } }
const propertiesOf = (id: string) => releaseTemplate(packaged(), OPTIONS).Resources[id]?.Properties

describe('tools/release/template: releaseTemplate', () => {
  it('has no bucket of its own: the packages are where a parameter says', () => {
    const { Resources, Outputs } = releaseTemplate(packaged(), OPTIONS)
    expect([...Object.keys(Resources), ...Object.keys(Outputs)].filter((id) => /Bucket/.test(id))).toEqual([])
    expect(propertiesOf('JwksLambdaFunction')?.['Code']).toEqual({
      S3Bucket: { Ref: 'PackagesBucket' },
      S3Key: { 'Fn::Sub': '${PackagesPrefix}functions/jwks-00.zip' },
    })
  })

  it('reserves executions of an account with 1,000, and none of a new one', () => {
    const { ReservedConcurrentExecutions, Environment } = propertiesOf('JwksLambdaFunction') ?? {}
    expect(ReservedConcurrentExecutions).toEqual({ 'Fn::If': ['IsSharedOut', 50, { Ref: 'AWS::NoValue' }] })
    expect(Environment).toMatchObject({
      Variables: { POLL_EXECUTIONS: { 'Fn::If': ['IsSharedOut', '684', '9'] } },
    })
  })

  it('limits the routes whose path is a parameter by the default of the stage, and names all others', () => {
    expect(propertiesOf('HttpApiStage')).toEqual({
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ...LIMIT },
      RouteSettings: { 'PUT /users': { ThrottlingRateLimit: 50 } },
    })
  })

  it('throws when these two routes have different limits, and when a package is missing', () => {
    const other = { [`POST ${mark('validateAgentPath')}`]: { ...LIMIT, ThrottlingRateLimit: 10 } }
    expect(() => releaseTemplate(packaged(other), OPTIONS)).toThrow(
      `POST ${mark('validatePath')} and POST ${mark('validateAgentPath')}: expected one limit for both`,
    )
    expect(() => releaseTemplate(packaged(), { ...OPTIONS, packages: {} })).toThrow(
      'there is no package of jwks',
    )
  })

  it('leaves CORS and the topics of alarms out where there are none', () => {
    const without = { Ref: 'AWS::NoValue' }
    expect(propertiesOf('HttpApi')?.['CorsConfiguration']).toMatchObject({
      'Fn::If': ['HasCorsOrigins', { AllowMethods: ['GET'] }, without],
    })
    expect(propertiesOf('Alarm')?.['AlarmActions']).toMatchObject({
      'Fn::If': ['HasAlarmActions', {}, without],
    })
  })

  it('gives no parameter the name of a resource', () => {
    const { Parameters, Resources } = releaseTemplate(packaged(), OPTIONS)
    expect(Object.keys(Parameters).filter((name) => name in Resources)).toEqual([])
    expect(Object.keys(Resources)).toContain('Dashboard')
  })

  it('asks for every parameter in one group of the form, and has a condition for each that it refers to', () => {
    const template = releaseTemplate(packaged(), OPTIONS)
    const { Metadata } = template as unknown as {
      Metadata: { 'AWS::CloudFormation::Interface': { ParameterGroups: { Parameters: string[] }[] } }
    }
    const asked = Metadata['AWS::CloudFormation::Interface'].ParameterGroups.flatMap(
      ({ Parameters }) => Parameters,
    )
    expect(asked.sort()).toEqual(Object.keys(template.Parameters).sort())
    expect(Object.keys(template.Conditions)).toEqual([
      ...['HasCorsOrigins', 'HasAlarmActions'],
      ...['HasProbe', 'HasStageDashboard', 'HasTracing', 'IsSharedOut'],
    ])
  })
})
