import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { templateName } from '../../tools/release/names.ts'
import { packageTemplate } from '../template/package.ts'
import { type Evaluated, evaluate } from './evaluate.ts'

const [release] = inject('releases')
const TEMPLATE = JSON.parse(readFileSync(join(release, 'template.json'), 'utf8'))

const TOPICS = 'arn:aws:sns:eu-west-1:123456789012:a,arn:aws:sns:eu-west-1:123456789012:b'

/** As the framework's parameters, beside the stage. */
const STACKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'with the defaults': { issuer: 'https://tokens.example.com' },
  'with every parameter changed': {
    issuer: 'https://tokens.example.com/prod',
    validatePath: '/4f9a2c/chatThirdPartyValidate',
    validateAgentPath: '/4f9a2c/thirdPartyValidate',
    cecSourceCidrs: '198.51.100.7,203.0.113.0/24',
    corsOrigins: 'https://www.example.com,https://shop.example.com',
    alarmActions: TOPICS,
    logRetentionInDays: '365',
    logLevel: 'ERROR',
    accountConcurrency: '10',
    probe: 'true',
    dashboard: 'false',
    tracing: 'true',
  },
  'with the prober beside the dashboard': { issuer: 'https://tokens.example.com', probe: 'true' },
}

const ROUTE = 'AWS::ApiGatewayV2::Route'
const STAGE = 'AWS::ApiGatewayV2::Stage'

/** What a release is meant to have otherwise: where the packages are, and the limits of the two routes whose path is a parameter. */
const alike = (type: unknown, { Code: _, ...properties }: Record<string, unknown>): object => {
  if (type !== STAGE) return properties
  const { RouteSettings = {}, DefaultRouteSettings: __, ...others } = properties
  const named = Object.entries(RouteSettings as object).filter(([key]) => !/thirdPartyValidate$/i.test(key))
  return { ...others, RouteSettings: Object.fromEntries(named) }
}

/** Numbers as texts: CloudFormation takes either. No list of topics as an empty one. */
const comparable = ({ Resources, Outputs }: Evaluated): object => {
  const kept = (members: object) =>
    Object.entries(members).filter(([id]) => !id.startsWith('ServerlessDeploymentBucket'))
  const resources = kept(Resources).map(([id, { Type, Properties = {}, DependsOn, ...rest }]) => [
    // The framework calls a route after its path; a release's routes keep the names of the documents' paths.
    Type === ROUTE ? Properties.RouteKey : id,
    { Type, ...rest, Properties: alike(Type, Properties), ...(Type === STAGE ? {} : { DependsOn }) },
  ])
  const texts = (key: string, value: unknown) => {
    if (key === 'AlarmActions' && (value as unknown[]).length === 0) return undefined
    return typeof value === 'number' ? String(value) : value
  }
  const all = { Resources: Object.fromEntries(resources), Outputs: Object.fromEntries(kept(Outputs)) }
  return JSON.parse(JSON.stringify(all, texts))
}

describe('template.json of the release', () => {
  it.each(Object.entries(STACKS))('is %s what the framework deploys', async (_, params) => {
    const stage = 'staging'
    const values = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [templateName(name), value]),
    )
    const packaged = comparable(evaluate((await packageTemplate(stage, { params })) as never, {}))
    const released = (Stage: string) =>
      comparable(evaluate(TEMPLATE, { ...values, PackagesBucket: 'packages', Stage }))
    expect(released(stage)).toEqual(packaged)
    expect(released('other')).not.toEqual(packaged)
  })

  it('takes each package from the bucket, under a name that is in the release', () => {
    const values = { PackagesBucket: 'packages', PackagesPrefix: 'v/', Issuer: 'https://a.example' }
    const functions = Object.values(evaluate(TEMPLATE, values).Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    )
    expect(functions.length).toBeGreaterThan(20)
    for (const { Properties } of functions) {
      const { S3Bucket, S3Key } = (Properties as { Code: { S3Bucket: string; S3Key: string } }).Code
      expect(S3Bucket).toBe('packages')
      expect(readFileSync(join(release, S3Key.replace(/^v\//, ''))).length).toBeGreaterThan(1000)
    }
  })

  it('limits every route: the two whose path is a parameter by the default of the stage', () => {
    const { Resources } = evaluate(TEMPLATE, { PackagesBucket: 'packages', Issuer: 'https://a.example' })
    const { Properties } = Resources['HttpApiStage'] ?? {}
    const { RouteSettings = {}, DefaultRouteSettings } = Properties as Record<string, object>
    const routes = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    const keys = routes.map(({ Properties }) => (Properties as { RouteKey: string }).RouteKey)
    const unnamed = keys.filter((key) => !(key in RouteSettings))
    expect(unnamed.map((key) => key.split('/').at(-1)).sort()).toEqual([
      'chatThirdPartyValidate',
      'thirdPartyValidate',
    ])
    expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 })
  })
})
