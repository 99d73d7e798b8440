import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import PackagePlugin from '../../../tools/package/plugin.ts'

const GOOD_SETTINGS = {
  STAGE: 'prod',
  SECRETS_PREFIX: 'cec-token-bridge/prod',
  ISSUER: 'https://tokens.example.com',
  DIRECTORY_TABLE: 'cec-token-bridge-prod-directory',
  CALLERS_TABLE: 'cec-token-bridge-prod-callers',
  TOKENS_TABLE: 'cec-token-bridge-prod-tokens',
}

/** The framework's objects as the other plugins leave them, for one function with one route. */
const serverlessWith = (change: { functionName?: string; statements?: unknown[]; throttled?: string }) => ({
  serviceDir: tmpdir(),
  processedInput: { commands: ['offline'], options: { stage: 'prod', region: 'eu-west-1' } },
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

  const withParameters = (params: object, ...param: string[]) => {
    const written: unknown[] = []
    const warned: string[] = []
    const serverless = {
      ...serverlessWith({}),
      processedInput: { commands: ['offline'], options: { stage: 'prod', region: 'eu-west-1', param } },
      configurationInput: { params },
      extendConfiguration: (path: string[], value: unknown) => written.push([...path, value]),
    }
    const log = { warning: (text: string) => warned.push(text), notice: () => undefined }
    new PackagePlugin(serverless, {}, { log }).hooks['initialize']?.()
    return { written, warned }
  }

  it('refuses mistaken parameters before the framework puts them anywhere, all in one error', () => {
    expect(() => withParameters({ prod: { corsOrigin: '' } }, 'logLevel=info', 'directory=table')).toThrow(
      'corsOrigin (params.prod) is no parameter: did you mean corsOrigins?\n' +
        'logLevel (--param) says "info": expected INFO, WARN or ERROR. Example: INFO.',
    )
    expect(() => withParameters({ prod: { corsOrigins: '' } }, 'logLevel=INFO')).not.toThrow()
  })

  it('refuses to build where nothing can be written, and leaves other commands alone', () => {
    const inFile = { ...serverlessWith({}), serviceDir: import.meta.filename }
    expect(() => new PackagePlugin(inFile)).toThrow(
      'cannot be made (ENOTDIR), and this command builds there.',
    )
    const removing = { ...inFile, processedInput: { commands: ['remove'] } }
    expect(() => new PackagePlugin(removing)).not.toThrow()
  })

  it('leaves commands alone that read no parameter', () => {
    const serverless = {
      ...serverlessWith({}),
      processedInput: { commands: ['remove'], options: { stage: 'x_y' } },
    }
    expect(() => new PackagePlugin(serverless)).not.toThrow()
  })

  it('says after a removal what is kept, and the command before the next deployment', () => {
    const said: string[] = []
    const serverless = {
      ...serverlessWith({}),
      processedInput: { commands: ['remove'], options: { stage: 'prod', region: 'eu-west-1' } },
    }
    const log = { warning: () => undefined, notice: (text: string) => said.push(text) }
    new PackagePlugin(serverless, {}, { log }).hooks['after:remove:remove']?.()
    expect(said).toEqual([
      'Kept: the directory, the callers table, the secrets signing-key, jwks and callers, and the logs. Before you deploy this stage again: ' +
        'npm run adopt -- --stage prod --region eu-west-1',
    ])
  })

  it('says once what is allowed and probably not meant', () => {
    expect(withParameters({}, 'chatReservedConcurrency=0').warned).toEqual([
      'chatReservedConcurrency (--param) says "0": it stops the route, which refuses every call.',
    ])
    expect(withParameters({}, 'chatReservedConcurrency=1').warned).toEqual([])
  })

  it('makes the text with commas of every list in a block', () => {
    const params = {
      default: { alarmActions: [] },
      prod: { cecSourceCidrs: ['203.0.113.0/24 ', '198.51.100.7,'] },
    }
    expect(withParameters(params).written).toEqual([
      ['params', 'default', 'alarmActions', ''],
      ['params', 'prod', 'cecSourceCidrs', '203.0.113.0/24,198.51.100.7'],
    ])
  })

  it.each([
    ['', []],
    ['arn:a , arn:b,', ['arn:a', 'arn:b']],
  ])('gives every alarm of %j the list of its topics', (alarmActions, topics) => {
    const serverless = serverlessWith({})
    Object.assign(serverless.service.custom, { alarmActions })
    new PackagePlugin(serverless).watch()
    expect(serverless.service.provider.compiledCloudFormationTemplate.Resources).toMatchObject({
      PrewarmFailingAlarm: { Properties: { AlarmActions: topics } },
    })
  })

  it('shows the validate URL after a deployment', () => {
    const shown: unknown[] = []
    const outputs = [
      { OutputKey: 'Issuer' },
      { OutputKey: 'ValidateUrl', OutputValue: 'https://a.example/v' },
    ]
    const withPlugins = (plugins: readonly object[]) =>
      new PackagePlugin({
        ...serverlessWith({}),
        pluginManager: { plugins },
        addServiceOutputSection: (...section) => shown.push(section),
      }).hooks['after:aws:info:gatherData']?.()
    withPlugins([{}])
    expect(shown).toEqual([])
    withPlugins([{}, { gatheredData: { outputs } }])
    expect(shown).toEqual([['ValidateUrl, for the operators of CEC', ['https://a.example/v']]])
  })

  const withOrigins = (corsOrigins?: string) => {
    const serverless = serverlessWith({})
    Object.assign(serverless.service.custom, { corsOrigins })
    new PackagePlugin(serverless).letPagesIn()
    return (serverless.service.provider as { httpApi?: { cors?: { allowedOrigins?: string[] } } }).httpApi
  }

  it.each([
    ['https://a.example', ['https://a.example']],
    [' https://a.example:8443 ,https://b.example,', ['https://a.example:8443', 'https://b.example']],
  ])('lets pages in from %j', (corsOrigins, allowedOrigins) => {
    expect(withOrigins(corsOrigins)?.cors?.allowedOrigins).toEqual(allowedOrigins)
  })

  it.each([[undefined], ['']])('makes no CORS configuration from %j', (corsOrigins) => {
    expect(withOrigins(corsOrigins)).toBeUndefined()
  })

  it('refuses a function name of 65 characters and takes one of 64', () => {
    expect(() => finalize(serverlessWith({ functionName: 'f'.repeat(65) }))).toThrow('shorten the stage name')
    expect(() => finalize(serverlessWith({ functionName: 'f'.repeat(64) }))).not.toThrow()
  })
})
