import { describe, expect, it } from 'vitest'
import PackagePlugin from '../../../tools/package/plugin.ts'

const GOOD_SETTINGS = {
  STAGE: 'prod',
  SECRETS_PREFIX: 'cec-token-bridge/prod',
  ISSUER: 'https://tokens.example.com',
  DIRECTORY_TABLE: 'cec-token-bridge-prod-directory',
  TOKENS_TABLE: 'cec-token-bridge-prod-tokens',
}

/** The framework's objects as the other plugins leave them, for one function with one route. */
const serverlessWith = (change: { functionName?: string; statements?: unknown[]; throttled?: string }) => ({
  serviceDir: '/nowhere',
  processedInput: { commands: ['offline'] },
  classes: { Error },
  extendConfiguration: () => {
    throw new Error('the configuration was changed')
  },
  service: {
    custom: { routeThrottling: { [change.throttled ?? 'jwks']: { rate: 5, burst: 10 } } },
    functions: { jwks: { iamRoleStatements: change.statements ?? [] } },
    provider: {
      environment: { ...GOOD_SETTINGS },
      compiledCloudFormationTemplate: {
        Outputs: {},
        Resources: {
          HttpApiStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: {} },
          JwksLambdaFunction: {
            Type: 'AWS::Lambda::Function',
            Properties: { FunctionName: change.functionName ?? 'short' },
          },
          Route: {
            Type: 'AWS::ApiGatewayV2::Route',
            Properties: {
              RouteKey: 'GET /x',
              Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationJwks' }]] },
            },
          },
        },
      },
    },
  },
})

const finalize = (serverless: ReturnType<typeof serverlessWith>) =>
  new PackagePlugin(serverless).hooks['before:package:finalize']?.()

describe('tools/package/plugin', () => {
  it('throttles a route and makes the stage wait for it', () => {
    const serverless = serverlessWith({})
    finalize(serverless)
    expect(serverless.service.provider.compiledCloudFormationTemplate.Resources.HttpApiStage).toEqual({
      Type: 'AWS::ApiGatewayV2::Stage',
      DependsOn: ['Route'],
      Properties: { RouteSettings: { 'GET /x': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 } } },
    })
  })

  it('refuses a route without a limit', () => {
    expect(() => finalize(serverlessWith({ throttled: 'other' }))).toThrow('no entry for GET /x')
  })

  it('refuses a function that would get the shared role', () => {
    const serverless = serverlessWith({})
    Object.assign(serverless.service.functions, { extra: {} })
    expect(() => finalize(serverless)).toThrow('function extra has no iamRoleStatements')
  })

  it('says what every function would say when it starts, before anything is deployed', () => {
    const serverless = serverlessWith({})
    expect(() => new PackagePlugin(serverless).checkSettings('deploy')).not.toThrow()
    Object.assign(serverless.service.provider.environment, { ISSUER: 'http://x', CEC_SOURCE_CIDRS: 'cec' })
    expect(() => new PackagePlugin(serverless).checkSettings('package')).toThrow(
      'settings missing or not usable: ISSUER (expected an https URL); CEC_SOURCE_CIDRS (expected addresses or CIDR blocks, separated by commas)',
    )
  })

  it('refuses a set of characters for user ids that cannot be read, and takes one that can', () => {
    const checked = (USER_ID_CHARACTERS: string) => {
      const serverless = serverlessWith({})
      Object.assign(serverless.service.provider.environment, { USER_ID_CHARACTERS })
      new PackagePlugin(serverless).checkSettings('package')
    }
    for (const set of ['z-a', 'a-z-9', '\u3000'])
      expect(() => checked(set)).toThrow('USER_ID_CHARACTERS (expected characters and ranges')
    for (const set of ['', 'a-zA-Z0-9._-', '\u4e00-\u9fa5']) expect(() => checked(set)).not.toThrow()
  })

  it('packages the made-up issuer and refuses to deploy it', () => {
    const serverless = serverlessWith({})
    Object.assign(serverless.service.provider.environment, {
      ISSUER: 'https://prod.cec-token-bridge.invalid',
    })
    expect(() => new PackagePlugin(serverless).checkSettings('package')).not.toThrow()
    expect(() => new PackagePlugin(serverless).checkSettings('deploy')).toThrow(
      'belongs to nobody. Put yours into',
    )
  })

  const withOrigins = (corsOrigins?: string | string[]) => {
    const serverless = serverlessWith({})
    Object.assign(serverless.service.custom, { corsOrigins })
    new PackagePlugin(serverless).letPagesIn()
    return (serverless.service.provider as { httpApi?: { cors?: { allowedOrigins?: string[] } } }).httpApi
  }

  it.each([
    ['https://a.example', ['https://a.example']],
    [' https://a.example:8443 ,http://localhost:5173,', ['https://a.example:8443', 'http://localhost:5173']],
    [
      ['https://a.example', 'https://b-1.example'],
      ['https://a.example', 'https://b-1.example'],
    ],
  ])('lets pages in from %j', (corsOrigins, allowedOrigins) => {
    expect(withOrigins(corsOrigins)?.cors?.allowedOrigins).toEqual(allowedOrigins)
  })

  it.each([[undefined], [''], [' , '], [[]]])('makes no CORS configuration from %j', (corsOrigins) => {
    expect(withOrigins(corsOrigins)).toBeUndefined()
  })

  it.each([
    ['*'],
    ['https://*'],
    ['https://*.example'],
    ['null'],
    ['http://a.example'],
    ['https://a.example/'],
    ['https://a.example/page'],
    ['https://A.example'],
    ['a.example'],
    ['https://user@a.example'],
    ['https://a.example;https://b.example'],
  ])('refuses %s as an origin', (corsOrigins) => {
    expect(() => withOrigins(`https://good.example,${corsOrigins}`)).toThrow(
      `corsOrigins: "${corsOrigins}" is not one origin`,
    )
  })

  it('refuses a function name of 65 characters and takes one of 64', () => {
    expect(() => finalize(serverlessWith({ functionName: 'f'.repeat(65) }))).toThrow('shorten the stage name')
    expect(() => finalize(serverlessWith({ functionName: 'f'.repeat(64) }))).not.toThrow()
  })
})
